"""Band-pass: a telephone."""

from typing import ClassVar

import keras

from speechkit import _checks
from speechkit.layers.augmentation import _biquad_filter


@keras.saving.register_keras_serializable(package="speechkit")
class BandPass(_biquad_filter.BiquadFilter):
    """Keeps a random band of the frequencies of each clip, in training only.

    `bandpass` of SoX, a second-order filter of the "Audio EQ Cookbook", sample by
    sample but for the rounding of float32; the Fourier transform computes it for the
    whole clip at once. Frequencies are drawn uniformly in octaves. At inference the
    input passes through unchanged.

    Args:
        frequency: Lowest and highest centre of the band, in hertz.
        width: Lowest and highest width of the band, in hertz, between −3 dB and −3 dB.
        sampling_rate: Samples per second of the waveforms, in hertz.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If a range is not two ordered numbers above 0, or a frequency not
            below half the sampling rate.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(BandPass(sampling_rate=16000)(waveforms, training=True))
        (8, 16000)

    References:
        Bristow-Johnson, Cookbook formulae for audio equalizer biquad filter
        coefficients.
    """

    _KIND = "band_pass"
    _RANGES: ClassVar = ("frequency", "width")

    def __init__(
        self,
        frequency: tuple[float, float] = (1000.0, 3000.0),
        width: tuple[float, float] = (1000.0, 3000.0),
        *,
        sampling_rate: int,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(frequency, sampling_rate, seed=seed, **kwargs)
        self.width = _checks.check_range("width", width, 0, above=True)

    def _quality(self, draws):
        return draws["frequency"] / draws["width"], 1.0
