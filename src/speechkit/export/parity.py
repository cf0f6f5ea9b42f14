"""Parity: whether an exported file answers as its model does."""

import dataclasses
from collections.abc import Callable, Iterable

import keras
import numpy as np
import tensorflow as tf


@dataclasses.dataclass(frozen=True)
class Parity:
    """How far an exported file is from its model.

    Attributes:
        num_clips: Number of clips that both answered.
        num_same_best: Number of clips whose largest output is the same class in both;
            for outputs with frames, in every frame.
        largest_difference: Largest absolute difference of any output; infinite if the
            shapes differ or one side has a NaN and the other has none.
    """

    num_clips: int
    num_same_best: int
    largest_difference: float


def measure_parity(
    model: keras.Model, runner: Callable, waveforms: Iterable[np.ndarray]
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
    signature = [tf.TensorSpec((1, None), tf.float32)]
    # One graph for all lengths: in eager mode a recurrence takes as long as training.
    answer = tf.function(
        lambda x: model(x, training=False), input_signature=signature, autograph=False
    )
    num_clips, num_same, largest = 0, 0, 0.0
    for waveform in waveforms:
        waveform = np.asarray(waveform, dtype="float32")
        expected = answer(waveform[None]).numpy()[0]
        output = np.asarray(runner(waveform))
        largest = max(largest, _difference(output, expected))
        num_clips += 1
        num_same += output.shape == expected.shape and bool(
            (output.argmax(axis=-1) == expected.argmax(axis=-1)).all()
        )
    return Parity(num_clips, num_same, largest)


def _difference(output, expected):
    if output.shape != expected.shape:
        return float("inf")
    same = (output == expected) | (np.isnan(output) & np.isnan(expected))
    # Zeros in place of what is the same: infinity minus infinity would be NaN.
    difference = np.abs(np.where(same, 0.0, output) - np.where(same, 0.0, expected))
    return float(np.nan_to_num(difference, nan=np.inf, posinf=np.inf).max(initial=0.0))
