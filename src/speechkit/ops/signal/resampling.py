"""From one sampling rate to another, by a filter that is the same at every place."""

import dataclasses
import math

import numpy as np

from speechkit.ops.signal import framing
from speechkit.ops.time.stream_timing import StreamTiming

# The filter of `scipy.signal.resample_poly`: zero crossings on each side of its middle,
# and the shape of its Kaiser window.
_ZERO_CROSSINGS = 10
_KAISER_BETA = 5.0
# Samples in a block at least: short blocks would share few of the samples they need.
_SHORTEST_BLOCK = 32


@dataclasses.dataclass(frozen=True)
class Resampling:
    """How `up` samples are made of every `down` samples.

    Attributes:
        up: Samples of the result in a block.
        down: Samples that it takes the place of.
        framing: Where the samples lie that a block is made of.
        filters: `(framing.length, up)`: how.
    """

    up: int
    down: int
    framing: framing.Framing
    filters: np.ndarray

    @property
    def timing(self) -> StreamTiming:
        """When a block is complete in a stream, and what a sample depends on."""
        return self.framing.timing._replace(output_ratio=(self.up, self.down))

    def count(self, num_samples):
        """Returns the length of the result; `num_samples` may be a tensor."""
        # Block by block, so that nothing outgrows 32 bits.
        rest = num_samples % self.down
        return num_samples // self.down * self.up - -rest * self.up // self.down

    def sources(self, places):
        """Returns the last sample that is no later than each sample of the result."""
        return places // self.up * self.down + places % self.up * self.down // self.up


def resampling(from_rate: int, to_rate: int) -> Resampling:
    """Returns how to change the sampling rate.

    Args:
        from_rate: Sampling rate before, in hertz.
        to_rate: Sampling rate after, in hertz.
    """
    factor = math.gcd(from_rate, to_rate)
    up, down = to_rate // factor, from_rate // factor
    repeats = -(-_SHORTEST_BLOCK // up)
    taps = _low_pass(up, down)
    half = len(taps) // 2
    left = half // up
    length = left + ((repeats * up - 1) * down + half) // up + 1
    # Both lie on the grid of the common multiple of the rates, as the taps do.
    sources = up * (np.arange(length)[:, None] - left)
    places = down * np.arange(repeats * up)[None]
    taps_used = half + places - sources
    reached = (taps_used >= 0) & (taps_used < len(taps))
    filters = np.where(reached, taps[np.clip(taps_used, 0, len(taps) - 1)], 0.0)
    where = framing.Framing(length, repeats * down, left, length - left - 1)
    return Resampling(repeats * up, repeats * down, where, filters)


def _low_pass(up, down):
    """Returns the taps on the grid of the common multiple of the rates, in float64."""
    if up == down:
        return np.ones(1)
    cutoff = 1 / max(up, down)
    half = _ZERO_CROSSINGS * max(up, down)
    taps = np.sinc(cutoff * np.arange(-half, half + 1))
    taps *= np.kaiser(2 * half + 1, _KAISER_BETA)
    return up * taps / taps.sum()
