"""`speechkit score`: error rates of recognised texts."""

import argparse
import dataclasses
import sys
from pathlib import Path

from speechkit import metrics, text
from speechkit.cli import _score_report
from speechkit.cli._texts import Texts, find_speakers, read_segments, read_texts

_DESCRIPTION = """\
Scores recognised texts against references and prints the table of a paper.

Files are told apart by their suffix: .trn (NIST transcripts; references may hold
alternatives), .stm with .ctm (words with times), .csv, .tsv, .jsonl or .json (tables
with columns), and anything else as plain text with one utterance in each line.
"""


def add_parser(commands) -> None:
    """Adds the arguments of `speechkit score`."""
    parser = commands.add_parser(
        "score",
        help="error rates of recognised texts",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("reference", type=Path, help="the true texts")
    add("hypothesis", type=Path, help="the recognised texts")
    add("--format", choices=("text", "json", "html"), default="text")
    add("--unit", choices=("words", "characters", "mixed"), default="words")
    add("--costs", choices=("levenshtein", "sclite"), default="levenshtein")
    add("--normalize", choices=("en", "zh"), help="write alike what sounds alike")
    add("--lower-case", action="store_true", help="as sclite; in names, too")
    add("--text-column", default="text", metavar="NAME", help="of a reference table")
    add("--hypothesis-column", metavar="NAME", help="of the other; --text-column")
    add("--name-column", default="path", metavar="NAME", help="of the utterances")
    add("--speaker-pattern", metavar="REGEX", help="with a group (?P<speaker>…)")
    add("--compare", type=Path, metavar="HYPOTHESIS", help="another system's texts")
    add("--confusions", type=int, default=10, metavar="N", help="most frequent errors")
    add("--alignments", action="store_true", help="show every utterance with errors")
    add("--confidence", type=float, default=0.95, help="of the interval")
    add("--samples", type=int, default=1000, help="drawn for the interval")


def run(arguments: argparse.Namespace) -> None:
    """Prints the report.

    Raises:
        ValueError: If a file cannot be used, or there is nothing to score.
    """
    score = _score(arguments, arguments.hypothesis)
    _check_not_empty(arguments.reference, score)
    comparison = None
    if arguments.compare is not None:
        other = _score(arguments, arguments.compare)
        comparison = metrics.matched_pairs_test(score, other)
    report = _score_report.make_report(
        score,
        unit=arguments.unit,
        confidence=arguments.confidence,
        num_samples=arguments.samples,
        comparison=comparison,
    )
    write = {
        "text": _score_report.to_text,
        "json": _score_report.to_json,
        "html": _score_report.to_html,
    }[arguments.format]
    color = sys.stdout.isatty()
    print(write(report, arguments.confusions, arguments.alignments, color))


def _check_not_empty(path, score):
    if not (score.counts.reference_length or score.counts.errors):
        raise ValueError(
            f"`{path}` must hold at least one word, or there is nothing to score. "
            f"Received: {len(score.utterances)} utterances without words"
        )


def _score(arguments, hypothesis_path):
    reference_path = arguments.reference
    reference, hypothesis = _read(arguments, hypothesis_path)
    if arguments.lower_case:
        reference = _lower(reference_path, reference)
        hypothesis = _lower(hypothesis_path, hypothesis)
    if arguments.normalize is not None:
        reference = _normalize(reference_path, reference, arguments.normalize)
        plain = dataclasses.replace(hypothesis, notation=False)
        hypothesis = _normalize(hypothesis_path, plain, arguments.normalize)
    speakers = reference.speakers or hypothesis.speakers
    if arguments.speaker_pattern is not None:
        speakers = find_speakers(reference.texts, arguments.speaker_pattern)
    known = speakers.keys() == reference.texts.keys()
    _check_names(reference_path, reference, hypothesis_path, hypothesis)
    return metrics.score(
        _references(reference_path, reference),
        _hypotheses(hypothesis),
        speakers=speakers if known else None,
        unit=arguments.unit,
        costs=arguments.costs,
    )


def _read(arguments, hypothesis):
    if arguments.reference.suffix.lower() == ".stm":
        return read_segments(arguments.reference, hypothesis)
    column = arguments.hypothesis_column or arguments.text_column
    return (
        read_texts(arguments.reference, arguments.text_column, arguments.name_column),
        read_texts(hypothesis, column, arguments.name_column),
    )


def _lower(path, texts):
    names = {name.lower(): value for name, value in texts.speakers.items()}
    lowered = {name.lower(): value.lower() for name, value in texts.texts.items()}
    if len(lowered) < len(texts.texts):
        raise ValueError(
            f"`{path}` must have names that differ by more than case. "
            f"Received: {len(texts.texts)} names, {len(lowered)} in lower case"
        )
    several = frozenset(name.lower() for name in texts.alternatives)
    return Texts(lowered, names, texts.notation, several)


def _normalize(path, texts, language):
    """Returns texts in which nothing is notation any more."""
    for name, value in texts.texts.items():
        if not (texts.notation or name in texts.alternatives):
            continue
        arcs = text.parse_reference(value).arcs
        if [arc.word for arc in arcs] != value.split():
            raise ValueError(
                f"`{path}`, utterance {name}, must be without alternatives and "
                f"optional words for `--normalize`. Received: {value[:60]!r}"
            )
    plain = dataclasses.replace(texts, notation=False)
    return plain.map(text.for_scoring(language))


def _references(path, texts):
    if not texts.notation:
        return texts.texts
    references = {}
    for name, value in texts.texts.items():
        try:
            references[name] = text.parse_reference(value)
        except ValueError as error:
            raise ValueError(f"`{path}`, utterance {name}: {error}") from None
    return references


def _hypotheses(texts):
    return {
        name: text.parse_reference(value) if name in texts.alternatives else value
        for name, value in texts.texts.items()
    }


def _check_names(reference_path, reference, hypothesis_path, hypothesis):
    """Names the files where `metrics.score` could only name the utterances."""
    missing = [name for name in reference.texts if name not in hypothesis.texts]
    unknown = [name for name in hypothesis.texts if name not in reference.texts]
    if missing or unknown:
        first = (missing or unknown)[0]
        raise ValueError(
            f"`{hypothesis_path}` must have the utterances of `{reference_path}`. "
            f"Received: {len(missing)} missing, {len(unknown)} unknown; "
            f"the first is {first!r}"
        )
