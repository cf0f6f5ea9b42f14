"""Window functions, computed once with NumPy in float64."""

import numpy as np

from speechkit import _checks

# Coefficients a0, a1 of a0 − a1·cos(2πn/N); Harris, "On the use of windows for
# harmonic analysis with the discrete Fourier transform", 1978.
_COSINE_SUMS = {"hann": (0.5, 0.5), "hamming": (0.54, 0.46), "rectangular": (1.0, 0.0)}

NAMES = tuple(_COSINE_SUMS)


def window(name: str, length: int) -> np.ndarray:
    """Returns a periodic window of `length` samples, in float64.

    Periodic means that the window continues itself: its next sample would equal its
    first, as spectral analysis wants it.

    Args:
        name: `"hann"`, `"hamming"` or `"rectangular"`.
        length: Number of samples.

    Returns:
        `(length,)`.

    Raises:
        ValueError: If `name` is not one of the three.

    Example:
        >>> window("hann", 4)
        array([0. , 0.5, 1. , 0.5])
    """
    constant, cosine = _COSINE_SUMS[_checks.check_choice("window", name, NAMES)]
    phase = 2 * np.pi * np.arange(length) / length
    return constant - cosine * np.cos(phase)
