"""The clips that callbacks show: how they sound, how they look, what is heard."""

from collections.abc import Callable

import keras
import numpy as np

from speechkit.layers import LogMelSpectrogram


def log_mel(sampling_rate: int) -> LogMelSpectrogram:
    """Returns the features in which a waveform is drawn."""
    return LogMelSpectrogram(sampling_rate)


def waveform_of(inputs: dict, clip: int) -> np.ndarray:
    """Returns a clip of a batch without its padding, `(1, samples)`."""
    length = int(inputs["lengths"][clip])
    return np.asarray(inputs["waveforms"])[clip : clip + 1, :length]


def texts_of(model: keras.Model, inputs, decoder: Callable, vocabulary) -> list[str]:
    """Returns what is heard in each clip of a batch.

    Args:
        model: The model.
        inputs: What it takes.
        decoder: Turns what the model puts out into labels or a list of texts.
        vocabulary: Turns labels into texts.
    """
    # Called rather than predicted: outputs keep their mask.
    texts = decoder(model(inputs, training=False))
    if isinstance(texts, list):
        return texts
    return vocabulary.decode_batch(np.asarray(texts))
