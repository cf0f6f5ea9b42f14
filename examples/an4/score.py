"""Scores: error rates, alignments and the worst utterances of a manifest."""

import dataclasses
import os
import pathlib
import re
from collections.abc import Sequence

from examples import saving
from examples.an4.decode import SYSTEMS, Recognizer
from speechkit import datasets, metrics, text

_NUM_WORST = 10


def score(
    recognizer: Recognizer,
    recordings: Sequence[datasets.Recording],
    manifest: pathlib.Path,
    out: pathlib.Path,
) -> dict:
    """Returns what is written to `score.json`, and writes the alignments beside it."""
    texts = recognizer.recognize(recordings)
    names = [_name(recording, manifest.parent) for recording in recordings]
    references = dict(zip(names, (r.text for r in recordings), strict=True))
    speakers = dict(zip(names, (r.speaker or "?" for r in recordings), strict=True))
    result: dict = {"manifest": manifest.name, "utterances": len(recordings)}
    for system in SYSTEMS:
        hypotheses = dict(zip(names, texts[system], strict=True))
        words = metrics.score(references, hypotheses, speakers=speakers)
        characters = metrics.score(references, hypotheses, unit="characters")
        result[system] = _numbers(words, characters)
        result[system]["real_time_factor"] = round(
            recognizer.real_time_factor(system), 4
        )
        _write_alignments(words, out / f"{system}.txt")
        text.write_trn(_transcript(hypotheses), out / f"{system}.trn")
    text.write_trn(_transcript(references), out / "reference.trn")
    best = result["language_model"]
    result = {"wer": best["wer"], "cer": best["cer"], **result, "cores": _num_cores()}
    saving.save_json(result, out / "score.json")
    return result


def _name(recording, folder):
    """Returns the path of a recording, with the start of a piece of a file."""
    path = os.path.relpath(recording.path, folder)
    start = recording.start_seconds
    return f"{path}@{start:g}" if start else path


def describe(result: dict) -> str:
    """Returns the scores as a table."""
    lines = [f"{'':16}{'WER':>8}{'95 %':>17}{'CER':>8}{'sub':>6}{'del':>6}{'ins':>6}"]
    for system in SYSTEMS:
        part = result[system]
        low, high = part["wer_interval"]
        counts = part["words"]
        lines.append(
            f"{system.replace('_', ' '):16}{part['wer']:8.2%}"
            f"{f'{low:.2%}–{high:.2%}':>17}{part['cer']:8.2%}"
            f"{counts['substitutions']:6}{counts['deletions']:6}"
            f"{counts['insertions']:6}"
        )
    return "\n".join(lines)


def _num_cores():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count()


def _transcript(texts):
    """Returns the texts by names that sclite takes."""
    return {re.sub(r"[\s()]", "_", name): value for name, value in texts.items()}


def _numbers(words, characters):
    interval = metrics.bootstrap_interval(words)
    worst = sorted(
        (u for u in words.utterances if u.alignment.counts.errors),
        key=lambda u: u.alignment.counts.errors,
        reverse=True,
    )
    return {
        "wer": round(words.error_rate, 5),
        "wer_interval": [round(interval.low, 5), round(interval.high, 5)],
        "cer": round(characters.error_rate, 5),
        "sentence_error_rate": round(words.sentence_error_rate, 5),
        "words": dataclasses.asdict(words.counts),
        "characters": dataclasses.asdict(characters.counts),
        "worst_utterances": [_describe_utterance(u) for u in worst[:_NUM_WORST]],
    }


def _describe_utterance(utterance):
    alignment = utterance.alignment
    return {
        "path": utterance.utterance_id,
        "errors": alignment.counts.errors,
        "reference": " ".join(alignment.reference),
        "hypothesis": " ".join(alignment.hypothesis),
    }


def _write_alignments(words, path):
    """Writes a table by speaker, and each alignment as sclite prints it."""
    parts = [metrics.score_to_text(words)]
    for utterance in words.utterances:
        shown = metrics.alignment_to_text(utterance.alignment)
        parts.append(f"{utterance.utterance_id}\n{shown}")
    saving.save_text("\n\n".join(parts) + "\n", path)
