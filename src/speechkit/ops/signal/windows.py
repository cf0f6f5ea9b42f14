"""Window functions, computed once with NumPy in float64."""

import numpy as np

from speechkit import _checks

# Coefficients of a0 − a1·cos(2πn/N) + a2·cos(4πn/N); Harris, "On the use of windows for
# harmonic analysis with the discrete Fourier transform", 1978.
_COSINE_SUMS = {
    "hann": (0.5, 0.5, 0.0),
    "hamming": (0.54, 0.46, 0.0),
    "blackman": (0.42, 0.5, 0.08),
    "rectangular": (1.0, 0.0, 0.0),
}
# Those whose last sample equals their first, and the cosine sum they come from.
_SYMMETRIC = {
    "hann_symmetric": "hann",
    "hamming_symmetric": "hamming",
    "povey": "hann",
}
# Kaldi's window goes to zero at its ends, and is otherwise as wide as Hamming's.
_POVEY_EXPONENT = 0.85

NAMES = (*_COSINE_SUMS, *_SYMMETRIC, "hann_half")


def window(name: str, length: int) -> np.ndarray:
    """Returns a window of `length` samples, in float64.

    The four with a plain name are periodic: the window continues itself, and its next
    sample would equal its first, as spectral analysis wants it.

    Args:
        name: `"hann"`, `"hamming"`, `"blackman"` or `"rectangular"`; the symmetric
            `"hann_symmetric"`, `"hamming_symmetric"` (HTK's) and `"povey"` (Kaldi's,
            a Hann window to the power of 0.85); or `"hann_half"`, sampled between the
            points of the periodic window (that of the micro front end).
        length: Number of samples.

    Returns:
        `(length,)`.

    Raises:
        ValueError: If `name` is none of these.

    Example:
        >>> window("hann", 4)
        array([0. , 0.5, 1. , 0.5])
    """
    _checks.check_choice("window", name, NAMES)
    if name in _SYMMETRIC:
        # A window of one sample has no two ends to be equal.
        values = _cosine_sum(_SYMMETRIC[name], np.arange(length) / max(1, length - 1))
        return values**_POVEY_EXPONENT if name == "povey" else values
    if name == "hann_half":
        return _cosine_sum("hann", (np.arange(length) + 0.5) / length)
    return _cosine_sum(name, np.arange(length) / length)


def _cosine_sum(name, turns):
    constant, first, second = _COSINE_SUMS[name]
    phase = 2 * np.pi * turns
    return constant - first * np.cos(phase) + second * np.cos(2 * phase)
