"""The logarithm of a spectrum with all its bins: what DeepSpeech2 hears."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.features.spectrogram import Spectrogram


@keras.saving.register_keras_serializable(package="speechkit")
class LogSpectrogram(Spectrogram):
    """Computes the natural logarithm of the power spectrum of overlapping frames.

    Values below `floor` count as `floor`; the floor is the same for every clip, so a
    clip does not change with its neighbours. Frames, padding and masks are those of
    `Frame`. Computed in float32 under mixed precision.

    Args:
        *args: Arguments of `Spectrogram`, in its order.
        floor: Least power before the logarithm.
        **kwargs: Arguments of `Spectrogram`, `STFT` and `keras.layers.Layer`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, 1 + fft_length // 2)`.

    Raises:
        ValueError: If `floor` is not above 0, or `Spectrogram` raises.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(LogSpectrogram(320, 160, fft_length=320)(waveforms))
        (8, 99, 161)
    """

    def __init__(self, *args, floor: float = 1e-10, **kwargs):
        super().__init__(*args, **kwargs)
        self.floor = _checks.check_number("floor", floor, above=True)

    def get_config(self):
        return {**super().get_config(), "floor": self.floor}

    def _features(self, frames, mask):
        return ops.log(ops.maximum(super()._features(frames, mask), self.floor))
