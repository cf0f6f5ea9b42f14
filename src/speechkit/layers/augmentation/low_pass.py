"""Low-pass: a sound through a wall, or a narrow line."""

import keras

from speechkit import _checks
from speechkit.layers.augmentation import _biquad_filter


@keras.saving.register_keras_serializable(package="speechkit")
class LowPass(_biquad_filter.BiquadFilter):
    """Removes high frequencies, from a random corner, of each clip, in training only.

    `lowpass` of SoX, a second-order filter of the "Audio EQ Cookbook", sample by
    sample but for the rounding of float32; the Fourier transform computes it for the
    whole clip at once. Frequencies are drawn uniformly in octaves. At inference the
    input passes through unchanged.

    Args:
        frequency: Lowest and highest corner, in hertz.
        q: Lowest and highest quality: 0.7071 falls smoothly, more rings at the corner.
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
        >>> keras.ops.shape(LowPass(sampling_rate=16000)(waveforms, training=True))
        (8, 16000)

    References:
        Bristow-Johnson, Cookbook formulae for audio equalizer biquad filter
        coefficients.
    """

    _KIND = "low_pass"

    def __init__(
        self,
        frequency: tuple[float, float] = (1000.0, 4000.0),
        q: tuple[float, float] = (0.7071, 0.7071),
        *,
        sampling_rate: int,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(frequency, sampling_rate, seed=seed, **kwargs)
        self.q = _checks.check_range("q", q, 0, above=True)
