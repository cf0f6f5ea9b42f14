"""Parity: whether an exported file answers as its model does."""

from collections.abc import Callable, Iterable

import keras
import numpy as np


def largest_difference(
    model: keras.Model, runner: Callable, waveforms: Iterable[np.ndarray]
) -> float:
    """Returns the largest difference between a model and its exported file.

    The file runs on all clips one after the other, so a state that leaks from one call
    into the next shows, too.

    Args:
        model: The Keras model.
        runner: Takes one clip to its output, as `TFLiteRunner` does.
        waveforms: Clips `(samples,)`, of any lengths.

    Returns:
        Largest absolute difference of any output; infinite if the shapes differ.
    """
    largest = 0.0
    for waveform in waveforms:
        waveform = np.asarray(waveform, dtype="float32")
        expected = keras.ops.convert_to_numpy(model(waveform[None], training=False))[0]
        output = runner(waveform)
        if output.shape != expected.shape:
            return float("inf")
        difference = np.abs(output - expected)
        # A NaN on one side only must not pass for agreement.
        same = np.isnan(output) & np.isnan(expected)
        difference = np.where(same, 0.0, np.nan_to_num(difference, nan=np.inf))
        largest = max(largest, float(difference.max(initial=0.0)))
    return largest
