"""The base of the filters: numbers drawn for each clip, and one formula for all."""

import functools
import itertools
import math
from typing import ClassVar

import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import biquads, spectral_filtering


class BiquadFilter(AugmentationLayer):
    """Filters each clip at a random frequency as SoX would, in training only.

    A subclass names the kind of its filter in `_KIND` and the arguments that are ranges
    in `_RANGES`, and overrides `_quality` if its quality is not `q`.
    """

    neutral_draws: ClassVar = {"wet": 0.0}
    _KIND: ClassVar[str]
    _RANGES: ClassVar[tuple[str, ...]] = ("frequency", "q")

    def __init__(self, frequency, sampling_rate, **kwargs):
        super().__init__(**kwargs)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.frequency = _check_frequency(frequency, sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {name: getattr(self, name) for name in self._RANGES}
        config["sampling_rate"] = self.sampling_rate
        return {**super().get_config(), **config}

    def _quality(self, draws):
        """Returns Q and the square root of the gain at the centre."""
        return draws["q"], 1.0

    def draw_parameters(self, values, *, mask):
        low, high = np.log(self.frequency)
        # Ears and filters count octaves: the logarithm is uniform.
        draws = {"frequency": ops.exp(self.draw_uniform(values, (low, high)))}
        for name in self._RANGES[1:]:
            draws[name] = self.draw_uniform(values, getattr(self, name))
        return {**draws, "wet": ops.ones_like(draws["frequency"])}

    def transform(self, values, draws, *, mask):
        columns = {name: ops.expand_dims(draw, axis=1) for name, draw in draws.items()}
        corner = columns["frequency"] * (2 * math.pi / self.sampling_rate)
        quality, amplitude = self._quality(columns)

        def response(angles):
            return biquads.response(self._KIND, angles, corner, quality, amplitude)

        filtered = spectral_filtering.filtered(values, response, self._tail)
        return values + columns["wet"] * (filtered - values), mask

    @functools.cached_property
    def _tail(self):
        """The length of the longest impulse response that can be drawn."""
        corners = [getattr(self, name) for name in self._RANGES]
        tails = []
        for extremes in itertools.product(*corners):
            draws = {
                name: np.float64(value)
                for name, value in zip(self._RANGES, extremes, strict=True)
            }
            quality, amplitude = self._quality(draws)
            angle = 2 * math.pi * draws["frequency"] / self.sampling_rate
            tails.append(biquads.tail(angle, quality * amplitude))
        return max(tails)


def _check_frequency(frequency, sampling_rate):
    low, high = _checks.check_range("frequency", frequency, minimum=1)
    if high >= sampling_rate / 2:
        raise ValueError(
            "`frequency` must be below half the sampling rate. "
            f"Received: frequency={frequency}, sampling_rate={sampling_rate}"
        )
    return (low, high)
