"""The log-mel spectrogram: what most speech models hear."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.features.mel_spectrogram import MelSpectrogram


@keras.saving.register_keras_serializable(package="speechkit")
class LogMelSpectrogram(MelSpectrogram):
    """Computes the natural logarithm of the mel energies of overlapping frames.

    Values below `floor` count as `floor`; the floor is the same for every clip, so a
    clip does not change with its neighbours. Frames, edges and masks are those of
    `Spectrogram`.

    Args:
        *args: Arguments of `MelSpectrogram`, in its order.
        floor: Least energy before the logarithm.
        **kwargs: Arguments of `MelSpectrogram` and `keras.layers.Layer`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, num_mel_bins)`.

    Raises:
        ValueError: If `floor` is not above 0, or `MelSpectrogram` raises.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(LogMelSpectrogram(num_mel_bins=40)(waveforms))
        (8, 98, 40)
    """

    def __init__(self, *args, floor: float = 1e-10, **kwargs):
        super().__init__(*args, **kwargs)
        self.floor = _checks.check_number("floor", floor, above=True)

    def get_config(self):
        return {**super().get_config(), "floor": self.floor}

    def _features(self, inputs):
        return ops.log(ops.maximum(super()._features(inputs), self.floor))
