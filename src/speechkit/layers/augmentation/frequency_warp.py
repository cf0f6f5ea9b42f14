"""Frequency warping: lends a clip another speaker's vocal tract."""

from typing import ClassVar

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.signal import mel

_NUM_FACTORS = 41
# Filters on each side of a place that is interpolated. A straight line between two
# would blur: a model would learn from features smoother than it ever meets.
_REACH = 3


@keras.saving.register_keras_serializable(package="speechkit")
class FrequencyWarp(AugmentationLayer):
    """Stretches the mel features of each clip by a random factor, in training only.

    A shorter vocal tract moves all resonances of the voice up by one factor, a longer
    one down; time and pitch track stay. Feature `j` of the output is the input at the
    frequency that the factor moves to the centre of filter `j`, interpolated between
    filters by the polynomial through the three on each side, or as many as there are;
    from 0.3 of the sampling rate on the warp bends back, so that no frequency leaves
    the axis. Each clip draws one of 41 factors, equally spaced. At inference the input
    passes through unchanged.

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
        >>> warp = FrequencyWarp((0.9, 1.1), sampling_rate=16000)
        >>> keras.ops.shape(warp(features, training=True))
        (8, 98, 80)

    References:
        Jaitly and Hinton, Vocal Tract Length Perturbation (VTLP) improves speech
        recognition, 2013.
    """

    neutral_draws: ClassVar = {"factor": 1.0}

    def __init__(
        self,
        factors: tuple[float, float] = (0.9, 1.1),
        *,
        sampling_rate: int,
        min_freq: float = 0.0,
        max_freq: float | None = None,
        mel_scale: str = "slaney",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.factors = _checks.check_range("factors", factors, minimum=0.1)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.min_freq = _checks.check_number("min_freq", min_freq)
        self.max_freq = _checks.to_plain(max_freq)
        self.mel_scale = _checks.check_choice("mel_scale", mel_scale, mel.SCALES)
        self._max_freq = mel.check_max_freq(max_freq, min_freq, sampling_rate)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def build(self, input_shape):
        factors = np.linspace(*self.factors, _NUM_FACTORS)
        self._warps = np.stack([self._warp(f, input_shape[-1]) for f in factors])
        self.built = True

    def get_config(self):
        config = {
            "factors": self.factors,
            "sampling_rate": self.sampling_rate,
            "min_freq": self.min_freq,
            "max_freq": self.max_freq,
            "mel_scale": self.mel_scale,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        places = self.draw_index(values, _NUM_FACTORS)
        return {"factor": self._factor(ops.cast(places, values.dtype))}

    def transform(self, values, draws, *, mask):
        low, high = self.factors
        share = (draws["factor"] - low) / max(high - low, 1e-6)
        index = ops.cast(ops.round(share * (_NUM_FACTORS - 1)), "int32")
        index = ops.clip(index, 0, _NUM_FACTORS - 1)
        warps = ops.convert_to_tensor(self._warps, dtype=values.dtype)
        return ops.matmul(values, ops.take(warps, index, axis=0)), mask

    def _factor(self, places):
        """Returns the factors at places from 0 up in the table of warps."""
        low, high = self.factors
        return low + places * ((high - low) / (_NUM_FACTORS - 1))

    def _warp(self, factor, num_features):
        """Returns the matrix `(features, features)` that applies one factor."""
        nyquist = self.sampling_rate / 2
        low, high = mel.hertz_to_mel([self.min_freq, self._max_freq], self.mel_scale)
        centres = np.linspace(low, high, num_features + 2)[1:-1]
        hertz = mel.mel_to_hertz(centres, self.mel_scale)
        sources = mel.hertz_to_mel(_unwarp(hertz, factor, nyquist), self.mel_scale)
        places = np.interp(sources, centres, np.arange(num_features))
        return _interpolation(places, num_features)


def _unwarp(frequencies, factor, nyquist):
    """Returns the frequencies that the warp moves to `frequencies`.

    The warp is f·factor up to a corner at 0.6 of the axis (4.8 kHz of 8 kHz in the
    paper), and from there a straight line to the end of the axis.
    """
    corner = 0.6 * nyquist * min(factor, 1.0)
    return np.interp(
        frequencies, [0.0, corner, nyquist], [0.0, corner / factor, nyquist]
    )


def _interpolation(places, num_features):
    """Returns `(features, places)`: the weight of each feature at each place.

    Between the first two features, and the last two, there is a straight line.
    """
    left = np.clip(np.floor(places), 0, max(num_features - 2, 0)).astype(int)
    # Features on each side: as many on one as on the other, none of a single feature.
    reach = np.minimum(_REACH, np.minimum(left + 1, num_features - 1 - left))
    weights = np.zeros((num_features, len(places)))
    for half in np.unique(reach):
        (chosen,) = np.nonzero(reach == half)
        taps = np.arange(1 - half, 1 + half) if half else np.zeros(1, int)
        distances = (places - left)[chosen]
        for tap in taps:
            others = taps[taps != tap]
            factors = (distances[:, None] - others) / (tap - others)
            weights[left[chosen] + tap, chosen] = factors.prod(axis=1)
    return weights
