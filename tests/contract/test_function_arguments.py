"""Tests that each plain argument of each function is right, or refused by its name."""

import inspect
import typing

import matplotlib.figure
import numpy as np
import pytest

from contract.argument_cases import TAKEN, can_take, values_for
from contract.test_arguments import fault_of
from speechkit import (
    audio,
    callbacks,
    config,
    datasets,
    decoders,
    export,
    layers,
    losses,
    metrics,
    plots,
    text,
)

SAMPLES = np.linspace(-0.5, 0.5, 16000, dtype="float32")
LOGITS = np.random.default_rng(seed=0).normal(size=(2, 10, 5)).astype("float32")
LABELS = np.array([[1, 2], [3, -1]])
SCORE = metrics.score(["turn on", "off"], ["turn", "off"], speakers=["anna", "ben"])
# Arrays, and what Keras itself defines.
SKIPPED = {
    "name",
    "dtype",
    "waveform",
    "frames",
    "frequencies",
    "levels",
    "probabilities",
    "references",
    "hypotheses",
}
FRAMES = np.linspace(-60, 0, 30, dtype="float32").reshape(10, 3)


def good_arguments(folder):
    """Returns functions and what they take; of these, plain arguments are tried."""
    path = folder / "recordings" / "on" / "clip.wav"
    path.parent.mkdir(parents=True)
    texts = folder / "texts"
    texts.write_text("")
    audio.write(path, SAMPLES, sampling_rate=8000)
    recordings = [
        datasets.Recording(path, "on", speaker) for speaker in ("anna", "ben", "eve")
    ]
    (spans,) = decoders.ctc_align(LABELS[:1], LOGITS[:1], frame_step_seconds=0.01)
    return {
        audio.read: {"path": path},
        audio.resample: {"waveform": SAMPLES, "from_rate": 8000, "to_rate": 4000},
        audio.write: {
            "path": folder / "new.wav",
            "waveform": SAMPLES,
            "sampling_rate": 8000,
        },
        callbacks.AlignmentPictures: {
            "batch": (LOGITS, LABELS),
            "folder": folder,
            "sampling_rate": 8000,
            "frame_step_seconds": 0.01,
            "vocabulary": [*"-abcd"],
        },
        callbacks.DecodingReport: {
            "batches": [],
            "decoder": decoders.CTCGreedyDecoder([*"-abcd"]),
        },
        callbacks.TrainingCheckpoint: {"path": folder / "run.npz"},
        callbacks.WeightAveraging: {},
        config.set_kernels: {"kernels": config.kernels()},
        datasets.check_recordings: {"recordings": recordings},
        datasets.read_folder: {"path": folder / "recordings"},
        datasets.split_by_speaker: {"recordings": recordings},
        datasets.padded_batches: {
            "recordings": recordings,
            "encode": len,
            "sampling_rate": 8000,
            "batch_size": 2,
        },
        decoders.ctc_align: {
            "labels": LABELS,
            "logits": LOGITS,
            "frame_step_seconds": 0.01,
        },
        layers.MFCC.from_preset: {"preset": "kaldi", "sampling_rate": 16000},
        layers.LogMelSpectrogram.from_preset: {
            "preset": "kaldi",
            "sampling_rate": 16000,
        },
        losses.ctc_loss: {"labels": LABELS, "logits": LOGITS},
        metrics.align: {"reference": "turn on", "hypothesis": "on"},
        metrics.alignment_to_text: {"alignment": metrics.align("turn on", "on")},
        metrics.bootstrap_interval: {"score": SCORE, "num_samples": 10},
        metrics.by_length: {"score": SCORE},
        metrics.confusion_counts: {
            "references": [0, 1],
            "hypotheses": [1, 1],
            "num_classes": 2,
        },
        metrics.count_errors: {"references": ["turn on"], "hypotheses": ["on"]},
        metrics.detection_curve: {
            "scores": [0.1, 0.9],
            "is_keyword": [False, True],
        },
        metrics.matched_pairs_test: {"first": SCORE, "second": SCORE},
        metrics.score: {"references": ["turn on"], "hypotheses": ["on"]},
        plots.alignment: {
            "spans": spans.labels,
            "probabilities": np.full((10, 5), 0.2),
            "levels": FRAMES,
            "frame_step_seconds": 0.01,
            "frame_step": 80,
            "sampling_rate": 8000,
        },
        plots.spectrogram: {"frames": FRAMES, "frame_step": 80, "sampling_rate": 8000},
        plots.spectrum: {"waveform": SAMPLES, "sampling_rate": 8000},
        plots.waveform: {"waveform": SAMPLES, "sampling_rate": 8000},
        text.for_scoring: {"language": "en"},
        text.read_ctm: {"path": texts},
        text.read_stm: {"path": texts},
        text.read_trn: {"path": texts},
        text.to_pinyin: {"text": "开关"},
        text.WordVocabulary.from_texts: {"texts": ["on off"]},
    }


def test_each_plain_argument_is_right_or_refused_by_its_name(tmp_path):
    faults = {}
    for function, good in good_arguments(tmp_path).items():
        signed = function.__init__ if inspect.isclass(function) else function
        hints = typing.get_type_hints(signed, localns={"matplotlib": matplotlib})
        for name in inspect.signature(function).parameters.keys() - SKIPPED:
            for shown, value in values_for(hints.get(name)).items():
                accepted = can_take(hints.get(name), value)
                if accepted is None or (name, shown) in TAKEN:
                    continue
                fault = fault_of(function, {**good, name: value}, name, accepted)
                if fault:
                    faults[f"{function.__qualname__}({name}={shown})"] = fault
    assert faults == {}


@pytest.mark.parametrize("runner", [export.TFLiteRunner, export.StreamingRunner])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, None, 2**62])
def test_a_number_of_threads_is_refused_before_a_file_is_opened(runner, value):
    with pytest.raises(ValueError, match="`num_threads` must be an integer of 1"):
        runner("absent.tflite", value)
