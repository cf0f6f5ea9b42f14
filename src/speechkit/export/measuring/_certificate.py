"""The certificate of a file: what it is, how true it is, and what it costs."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from speechkit.export.files import _flatbuffer, _forms, _front_end, _traced_model
from speechkit.export.measuring import _constants, _multiply_adds, _runtimes, speed
from speechkit.export.measuring.parity import Parity, measure_parity

# Largest root mean square of the differences to the model, relative to its outputs. Two
# FFTs round differently, and a model that brings each feature of a clip to variance 1
# makes up to 4e-4 of that where a band is all but silent.
LIMITS = {"float32": 1e-3, "float16": 1e-2, "dynamic": 0.1, "int8": 0.25}


_KEEPING = ". `keep_refused=True` writes the file all the same, for a look at it"


def certify(
    model: keras.Model,
    runner: Any,
    clips: list[np.ndarray],
    facts: dict[str, Any],
    score: Callable[[Callable], float] | None,
    keep_refused: bool = False,
) -> dict[str, Any]:
    """Returns the certificate of a file.

    Args:
        model: The model that the file is made from.
        runner: The file, open.
        clips: What both are run on, `(samples,)` each.
        facts: How the file was made: `quantization` and others.
        score: Takes a function from a clip to its output, and returns a number.
        keep_refused: Whether to go on for a file that answers otherwise than the model.

    Raises:
        ValueError: If the file does not answer as the model does, or not at all.
    """
    measured = speed.measure_speed(runner, clips[0])
    parity = measure_parity(model, runner, waveforms=clips)
    accepted = _is_close(parity, facts["quantization"])
    if not keep_refused:
        _check_close(parity, facts["quantization"], _KEEPING)
    content, metadata = runner._opened.content, runner.metadata
    return {
        "format": 1,
        **facts,
        "quantization": {
            "requested": facts["quantization"],
            "bytes": _constants.constant_bytes(content),
        },
        "front_end": _front_end.fingerprint(
            model, runner.metadata.get("sampling_rate")
        ),
        **_vocabulary(model, metadata),
        "states": metadata.get("streaming", {}).get("states", []),
        "operators": describe_operators(content),
        "runtime_needs": _runtimes.needs(content, facts["kind"], facts["num_samples"]),
        "micro_obstacles": _runtimes.micro_obstacles(content, facts["kind"]),
        "size_bytes": len(content),
        "parameters": int(model.count_params()),
        "multiply_adds": _multiply_adds.of_file(
            model, len(clips[0]), metadata.get("streaming")
        ),
        "accepted": accepted,
        "parity": {
            "recordings": parity.num_clips,
            "same_best_class": parity.num_same_best,
            "largest_difference": parity.largest_difference,
            "relative_rms": parity.relative_rms,
        },
        "score": None if score is None else _scores(score, model, runner),
        **measured,
    }


def check_parity(
    model: keras.Model, answer: Callable, clips: list[np.ndarray], quantization: str
) -> Parity:
    """Returns how far a file is from its model; raises `ValueError` if too far."""
    parity = measure_parity(model, answer, waveforms=clips)
    _check_close(parity, quantization)
    return parity


def _is_close(parity, quantization):
    return parity.relative_rms <= LIMITS[quantization] and parity.answers_differ


def _check_close(parity, quantization, advice=""):
    if not parity.answers_differ:
        raise ValueError(
            "`recordings` must make the model give different answers, or a file that "
            f"hears nothing looks right. It gives one answer to all {parity.num_clips} "
            "clips"
        )
    if not _is_close(parity, quantization):
        raise ValueError(
            "`quantization` must be one that keeps the answers of the model. Received "
            f"{quantization!r}, which differs by {parity.relative_rms:.2%} of "
            f"their root mean square, more than {LIMITS[quantization]:.2%}; largest "
            f"difference {parity.largest_difference:.2e}{advice}"
        )


def describe_operators(content: bytes) -> dict[str, list[str]]:
    """Returns the operators of a file, by who has them."""
    names = _flatbuffer.operators(content)
    custom = _flatbuffer.custom_operators(content)
    flex = {name for name in custom if name.startswith("Flex")}
    return {
        "built_in": sorted(names - custom),
        "flex": sorted(flex),
        "custom": sorted(custom - flex),
        "not_in_micro": sorted(names - _runtimes.MICRO_OPERATORS),
    }


def _scores(score, model, runner):
    run = _traced_model.function_of(model, (1, _forms.length_of(model)))

    def answer(clip):
        return run(np.asarray(clip, "float32")[None])["output"].numpy()[0]

    return {"model": float(score(answer)), "file": float(score(runner))}


def _vocabulary(model, metadata):
    """Returns the labels and the blank, and what makes the vocabulary again."""
    vocabulary = _forms.vocabulary_of(model)
    if vocabulary is None:
        labels = metadata.get("labels", getattr(model, "labels", ()))
        texts = isinstance(labels, list | tuple) and all(
            isinstance(label, str) for label in labels
        )
        return {"labels": list(labels) if texts else [], "blank": None}
    return {
        "labels": list(vocabulary.tokens),
        "blank": vocabulary.blank_index,
        "vocabulary": keras.saving.serialize_keras_object(vocabulary),
    }
