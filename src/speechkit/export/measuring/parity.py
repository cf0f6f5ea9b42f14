"""Parity: whether an exported file answers as its model does."""

import dataclasses
from collections.abc import Callable, Iterable

import keras
import numpy as np
import tensorflow as tf

from speechkit.export.files import _forms, _traced_model


@dataclasses.dataclass(frozen=True)
class Parity:
    """How far an exported file is from its model.

    Attributes:
        num_clips: Number of clips that both answered.
        num_same_best: Number of clips whose largest output is the same class in both;
            for outputs with frames, in every frame.
        largest_difference: Largest absolute difference of any output; infinite if the
            shapes differ or one side has a NaN and the other has none.
        relative_rms: Root mean square of all differences, over that of the outputs of
            the model.
        answers_differ: Whether the model answers two of the clips differently, as it
            must for a comparison to show that the file hears anything. True also where
            all clips are the same one, or its beginning.
    """

    num_clips: int
    num_same_best: int
    largest_difference: float
    relative_rms: float = 0.0
    answers_differ: bool = True


def measure_parity(
    model: keras.Model, runner: Callable, *, waveforms: Iterable[np.ndarray]
) -> Parity:
    """Compares a model and its exported file, clip by clip.

    The file runs on all clips one after the other, so a state that leaks from one call
    into the next shows, too.

    Args:
        model: The Keras model.
        runner: Takes one clip to its output, as `TFLiteRunner` does.
        waveforms: Clips `(samples,)`, of any lengths.

    Returns:
        The counts and the largest difference.
    """
    answer = _traced_model.function_of(model, (1, _forms.length_of(model)))
    pairs: list[tuple[np.ndarray, np.ndarray]] = []  # clips and answers of the model
    num_same, largest = 0, 0.0
    squares = np.zeros(2)  # of the differences and of what they differ from
    for waveform in waveforms:
        waveform = np.asarray(waveform, dtype="float32")
        expected = _answer(answer, waveform)
        output = np.asarray(runner(waveform))
        largest = max(largest, _difference(output, expected))
        pairs.append((waveform, expected))
        num_same += output.shape == expected.shape and bool(
            (output.argmax(axis=-1) == expected.argmax(axis=-1)).all()
        )
        squares += _squares(output, expected)
    relative_rms = float(np.sqrt(squares[0] / squares[1])) if squares[0] else 0.0
    return Parity(len(pairs), num_same, largest, relative_rms, _answers_differ(pairs))


def _answer(answer, waveform):
    """Returns the output of the model for a clip; raises if it takes none so short."""
    try:
        return answer(waveform[None])["output"].numpy()[0]
    except tf.errors.InvalidArgumentError as error:
        raise ValueError(
            "`num_samples` and `recordings` must be of lengths that the model takes. "
            f"It fails on a clip of {len(waveform)} samples"
        ) from error


def _answers_differ(pairs):
    """Returns whether two clips have two answers, or there is one clip alone."""
    others = [pair for pair in pairs if not _is_same(pair[0], pairs[0][0])]
    return not others or not all(_is_same(pair[1], pairs[0][1]) for pair in others)


def _is_same(values, other):
    """Returns whether two clips, or answers, are the same as far as both go."""
    both = min(len(values), len(other))
    return np.array_equal(values[:both], other[:both], equal_nan=True)


def _squares(output, expected):
    """Returns the sums of squares of the differences and of what is expected."""
    finite = np.isfinite(expected)
    if output.shape != expected.shape or not np.isfinite(output[finite]).all():
        return np.array([np.inf, 1.0])
    values = expected[finite].astype("float64")
    return np.array([((output[finite] - values) ** 2).sum(), (values**2).sum() + 1e-30])


def _difference(output, expected):
    if output.shape != expected.shape:
        return float("inf")
    same = (output == expected) | (np.isnan(output) & np.isnan(expected))
    # Zeros in place of what is the same: infinity minus infinity would be NaN.
    difference = np.abs(np.where(same, 0.0, output) - np.where(same, 0.0, expected))
    return float(np.nan_to_num(difference, nan=np.inf, posinf=np.inf).max(initial=0.0))
