"""Frequency warping: lends a clip another speaker's vocal tract."""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.ops import mel, precision

_NUM_FACTORS = 41


@keras.saving.register_keras_serializable(package="speechkit")
class FrequencyWarp(keras.layers.Layer):
    """Stretches the frequency axis of mel features by a random factor, in training.

    A shorter vocal tract moves all resonances of the voice up by one factor, a longer
    one down; time and pitch track stay. Feature `j` of the output is the input at the
    frequency that the factor moves to the centre of filter `j`, interpolated linearly
    between filters; from 0.3 of the sampling rate on the warp bends back, so that no
    frequency leaves the axis. Each clip draws one of 41 factors, equally spaced. At
    inference the input passes through unchanged.

    Args:
        factors: Lowest and highest factor; 1 leaves a clip as it is.
        sampling_rate: Sampling rate of the waveforms, in hertz.
        min_freq: Lower corner of the first mel filter, in hertz.
        max_freq: Upper corner of the last mel filter, in hertz. `None` means half the
            sampling rate.
        mel_scale: `"slaney"` or `"htk"`, as in the features.
        seed: Seed of the factors. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If `factors` is not two ordered numbers of 0.1 or more, or the
            frequencies are not those of mel features.

    Example:
        >>> features = keras.ops.ones((8, 98, 80))
        >>> keras.ops.shape(FrequencyWarp((0.9, 1.1))(features, training=True))
        (8, 98, 80)

    References:
        Jaitly and Hinton, Vocal Tract Length Perturbation (VTLP) improves speech
        recognition, 2013.
    """

    def __init__(
        self,
        factors: tuple[float, float] = (0.9, 1.1),
        sampling_rate: int = 16000,
        min_freq: float = 0.0,
        max_freq: float | None = None,
        mel_scale: str = "slaney",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.factors = _checks.check_range("factors", factors, minimum=0.1)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.min_freq = _checks.check_number("min_freq", min_freq)
        self.max_freq = max_freq
        self.mel_scale = _checks.check_choice("mel_scale", mel_scale, mel.SCALES)
        self._max_freq = mel.check_max_freq(max_freq, min_freq, sampling_rate)
        self.seed = seed
        self._seeds = keras.random.SeedGenerator(seed)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        factors = np.linspace(*self.factors, _NUM_FACTORS)
        self._warps = np.stack([self._warp(f, input_shape[-1]) for f in factors])
        self.built = True

    def call(self, inputs, training=False):
        if not training:
            return ops.cast(inputs, self.compute_dtype)
        dtype = precision.working_dtype(self.compute_dtype)
        shape = (ops.shape(inputs)[0],)
        draws = keras.random.uniform(shape, 0, _NUM_FACTORS, seed=self._seeds)
        index = ops.minimum(ops.cast(draws, "int32"), _NUM_FACTORS - 1)
        warps = ops.take(ops.convert_to_tensor(self._warps, dtype=dtype), index, axis=0)
        warped = ops.matmul(ops.cast(inputs, dtype), warps)
        return ops.cast(warped, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        config = {
            "factors": self.factors,
            "sampling_rate": self.sampling_rate,
            "min_freq": self.min_freq,
            "max_freq": self.max_freq,
            "mel_scale": self.mel_scale,
            "seed": self.seed,
        }
        return {**super().get_config(), **config}

    def _warp(self, factor, num_features):
        """Returns the matrix `(features, features)` that applies one factor."""
        nyquist = self.sampling_rate / 2
        low, high = mel.hertz_to_mel([self.min_freq, self._max_freq], self.mel_scale)
        centres = np.linspace(low, high, num_features + 2)[1:-1]
        hertz = mel.mel_to_hertz(centres, self.mel_scale)
        sources = mel.hertz_to_mel(_unwarp(hertz, factor, nyquist), self.mel_scale)
        places = np.interp(sources, centres, np.arange(num_features))
        distances = np.abs(np.arange(num_features)[:, None] - places)
        return np.maximum(0.0, 1.0 - distances)


def _unwarp(frequencies, factor, nyquist):
    """Returns the frequencies that the warp moves to `frequencies`.

    The warp is f·factor up to a corner at 0.6 of the axis (4.8 kHz of 8 kHz in the
    paper), and from there a straight line to the end of the axis.
    """
    corner = 0.6 * nyquist * min(factor, 1.0)
    return np.interp(
        frequencies, [0.0, corner, nyquist], [0.0, corner / factor, nyquist]
    )
