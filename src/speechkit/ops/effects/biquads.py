"""Second-order filters, as SoX has them: their responses without their recursion.

The filters are those of Bristow-Johnson's "Audio EQ Cookbook", made from analogue ones
by the bilinear transform. So the response of the digital filter at an angle is that of
the analogue one at tan(angle / 2) / tan(corner / 2): no coefficients are needed, which
at low corners float32 could not hold.
"""

import math

import numpy as np
from keras import ops

from speechkit.ops.effects import spectral_filtering

KINDS = ("low_pass", "high_pass", "band_pass", "equalizer")
# What is left of an impulse response is dropped below this: under float32's rounding.
_NEGLIGIBLE = 1e-8


def response(kind: str, angles, corner, quality, amplitude):
    """Returns the response of a filter, as real and imaginary parts, `(batch, bins)`.

    Args:
        kind: One of `KINDS`.
        angles: `(1, bins)`, 0 to π.
        corner: `(batch, 1)`: corner or centre, in radians a sample.
        quality: `(batch, 1)`: Q.
        amplitude: `(batch, 1)`, the root of the gain at the centre of an equalizer; 1
            for the others.
    """
    # With s = j·sine/cosine, all is multiplied by cosine² so that nothing is infinite.
    sine = ops.sin(angles / 2) * ops.cos(corner / 2)
    cosine = ops.cos(angles / 2) * ops.sin(corner / 2)
    middle = sine * cosine / quality
    # cosine² − sine², by a product that keeps its digits beside the corner.
    ends = (cosine - sine) * (cosine + sine)
    if kind == "equalizer":
        above, below = (ends, middle * amplitude), (ends, middle / amplitude)
        return spectral_filtering.divided(above, below)
    # The rest is real or imaginary above: real / (ends + j·middle), for one.
    share = 1 / (ops.square(ends) + ops.square(middle))
    if kind == "band_pass":
        share = share * middle
        return share * middle, share * ends
    share = share * (ops.square(cosine) if kind == "low_pass" else -ops.square(sine))
    return share * ends, -share * middle


def tail(corner: float, quality: float) -> int:
    """Returns after how many samples an impulse response is under float32's rounding.

    Args:
        corner: Corner or centre, in radians a sample.
        quality: Q; for an equalizer, Q times the root of its gain.
    """
    alpha = math.sin(corner) / (2 * quality)
    poles = np.roots([1 + alpha, -2 * math.cos(corner), 1 - alpha])
    return math.ceil(math.log(_NEGLIGIBLE) / math.log(np.abs(poles).max()))
