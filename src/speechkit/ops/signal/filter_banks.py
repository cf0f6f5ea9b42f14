"""Filters on power spectra other than mel's, computed with NumPy in float64."""

import numpy as np

from speechkit.ops.signal import mel

NAMES = ("linear", "gammatone")

# Glasberg and Moore, Derivation of auditory filter shapes from notched-noise data,
# 1990: the equivalent rectangular bandwidth is 24.7·(1 + 0.00437·f) hertz.
_ERB_AT_ZERO = 24.7
_ERB_SLOPE = 0.00437
# Patterson et al., Complex sounds and auditory images, 1992.
_GAMMATONE_ORDER = 4
_GAMMATONE_WIDTH = 1.019
# A filter ends where it is 60 dB below its peak: it touches few bins.
_GAMMATONE_FLOOR = 1e-6


def filter_bank(name: str, num_filters: int, frequencies, low: float, high: float):
    """Returns filters whose centres lie between two frequencies.

    Args:
        name: `"linear"` for triangles equally spaced in hertz; `"gammatone"` for the
            power responses of gammatone filters of order 4 and 1.019 equivalent
            rectangular bandwidths (ERB), equally spaced on the ERB scale.
        num_filters: Number of filters.
        frequencies: `(bins,)`: where the filters are sampled, in hertz.
        low: Frequency one step below the first centre, in hertz.
        high: Frequency one step above the last centre, in hertz.

    Returns:
        `(bins, num_filters)` weights in float64, each with a peak of 1 at its centre.

    Raises:
        ValueError: If a filter is so narrow that no frequency falls into it.

    Example:
        >>> filter_bank("linear", 3, np.arange(5), 0, 4)[:, 1].tolist()
        [0.0, 0.0, 1.0, 0.0, 0.0]
    """
    if name == "linear":
        corners = np.linspace(low, high, num_filters + 2)
        filters = mel.triangular_filters(np.asarray(frequencies), corners)
    else:
        filters = _gammatone_filters(num_filters, np.asarray(frequencies), low, high)
    mel.check_no_filter_is_empty("num_filters", filters)
    return filters


def _gammatone_filters(num_filters, frequencies, low, high):
    # Steps on the ERB scale are steps of the logarithm of the bandwidth.
    narrowest, widest = (_ERB_AT_ZERO * (1 + _ERB_SLOPE * f) for f in (low, high))
    widths = np.geomspace(narrowest, widest, num_filters + 2)[1:-1]
    centers = (widths / _ERB_AT_ZERO - 1) / _ERB_SLOPE
    distances = (frequencies[:, None] - centers) / (_GAMMATONE_WIDTH * widths)
    filters = (1 + np.square(distances)) ** -_GAMMATONE_ORDER
    return np.where(filters < _GAMMATONE_FLOOR, 0.0, filters)
