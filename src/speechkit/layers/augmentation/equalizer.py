"""Equaliser: a band of frequencies that is stressed, or dimmed."""

from typing import ClassVar

import keras

from speechkit import _checks
from speechkit.layers.augmentation import _biquad_filter


@keras.saving.register_keras_serializable(package="speechkit")
class Equalizer(_biquad_filter.BiquadFilter):
    """Amplifies or dims a random band of frequencies of each clip, in training only.

    `equalizer` of SoX, a second-order filter of the "Audio EQ Cookbook", sample by
    sample but for the rounding of float32; the Fourier transform computes it for the
    whole clip at once. Frequencies are drawn uniformly in octaves. At inference the
    input passes through unchanged.

    Args:
        frequency: Lowest and highest centre of the band, in hertz.
        q: Lowest and highest quality: the centre over the width of the band.
        sampling_rate: Samples per second of the waveforms, in hertz.
        gain_db: Lowest and highest gain at the centre, in dB.
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
        >>> keras.ops.shape(Equalizer(sampling_rate=16000)(waveforms, training=True))
        (8, 16000)

    References:
        Bristow-Johnson, Cookbook formulae for audio equalizer biquad filter
        coefficients.
    """

    _KIND = "equalizer"
    _RANGES: ClassVar = ("frequency", "q", "gain_db")

    def __init__(
        self,
        frequency: tuple[float, float] = (100.0, 5000.0),
        q: tuple[float, float] = (0.5, 2.0),
        *,
        sampling_rate: int,
        gain_db: tuple[float, float] = (-12.0, 12.0),
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(frequency, sampling_rate, seed=seed, **kwargs)
        self.q = _checks.check_range("q", q, 0, above=True)
        self.gain_db = _checks.check_range("gain_db", gain_db)

    def _quality(self, draws):
        return draws["q"], 10 ** (draws["gain_db"] / 40)
