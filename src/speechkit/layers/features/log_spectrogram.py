"""The logarithm of a spectrum with all its bins: what DeepSpeech2 hears."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.features._spectral_layer import SpectralLayer


@keras.saving.register_keras_serializable(package="speechkit")
class LogSpectrogram(SpectralLayer):
    """Computes the natural logarithm of the spectrum of overlapping frames.

    Values below `floor` count as `floor`; the floor is the same for every clip, so a
    clip does not change with its neighbours. Frames, padding and masks are those of
    `Frame`. Computed in float32 under mixed precision.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        fft_length: Length of the FFT, in samples. `None` means the smallest power of
            two that holds a frame.
        window: Name of the window: see `STFT`.
        power: Exponent of the magnitude: 2 for power, 1 for magnitude.
        floor: Least power before the logarithm.
        padding: What is put before and after a clip: see `Frame`.
        padding_mode: What it is made of: see `Frame`.
        remove_dc_offset: Whether to take the mean of each frame away first: see `STFT`.
        pre_emphasis: Coefficient of a pre-emphasis within each frame: see `STFT`.
        sample_scale: What samples are multiplied with: see `STFT`.
        transform: `"fft"` or `"matrix"`: see `STFT`.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, 1 + fft_length // 2)`.

    Raises:
        ValueError: If a frame is longer than the FFT, or an argument is out of range.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(LogSpectrogram(320, 160, fft_length=320)(waveforms))
        (8, 99, 161)
    """

    def __init__(
        self,
        frame_length: int,
        frame_step: int,
        *,
        fft_length: int | None = None,
        window: str = "hann",
        power: float = 2.0,
        floor: float = 1e-10,
        padding: str | tuple[int, int] = "valid",
        padding_mode: str = "zeros",
        remove_dc_offset: bool = False,
        pre_emphasis: float = 0.0,
        sample_scale: float = 1.0,
        transform: str = "fft",
        **kwargs,
    ):
        super().__init__(
            frame_length,
            frame_step,
            fft_length=fft_length,
            window=window,
            padding=padding,
            padding_mode=padding_mode,
            remove_dc_offset=remove_dc_offset,
            pre_emphasis=pre_emphasis,
            sample_scale=sample_scale,
            transform=transform,
            **kwargs,
        )
        self.power = _checks.check_number("power", power, maximum=8, above=True)
        self.floor = _checks.check_number("floor", floor, above=True)

    def get_config(self):
        return {**super().get_config(), "power": self.power, "floor": self.floor}

    def _feature_shape(self):
        return (1 + self._fft_length // 2,)

    def _features(self, frames, mask):
        powers = self._magnitudes(frames, self.power)
        return ops.log(ops.maximum(powers, self.floor))
