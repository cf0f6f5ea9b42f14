"""The clips that callbacks show: how they sound, how they look, what is heard."""

import numpy as np

from speechkit.layers import LogMelSpectrogram


def log_mel(sampling_rate: int) -> LogMelSpectrogram:
    """Returns the features in which a waveform is drawn."""
    return LogMelSpectrogram(sampling_rate)


def waveform_of(inputs: dict, clip: int) -> np.ndarray:
    """Returns a clip of a batch without its padding, `(1, samples)`."""
    length = int(inputs["lengths"][clip])
    return np.asarray(inputs["waveforms"])[clip : clip + 1, :length]
