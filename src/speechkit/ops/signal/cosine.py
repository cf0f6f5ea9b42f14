"""The cosine transform of log-mel energies, computed with NumPy in float64."""

import numpy as np


def cosine_matrix(num_mel_bins: int, num_coefficients: int) -> np.ndarray:
    """Returns the first columns of the orthonormal cosine transform (DCT-II).

    Args:
        num_mel_bins: Number of values that are transformed.
        num_coefficients: Number of coefficients, from coefficient 0 on.

    Returns:
        `(num_mel_bins, num_coefficients)`.

    Example:
        >>> cosine_matrix(4, 2).round(3).tolist()
        [[0.5, 0.653], [0.5, 0.271], [0.5, -0.271], [0.5, -0.653]]
    """
    places = np.arange(num_mel_bins)[:, None] + 0.5
    angles = np.pi / num_mel_bins * places * np.arange(num_coefficients)
    matrix = np.sqrt(2 / num_mel_bins) * np.cos(angles)
    matrix[:, 0] = np.sqrt(1 / num_mel_bins)
    return matrix


def lifter_weights(lifter: float, num_coefficients: int) -> np.ndarray:
    """Returns 1 + L/2·sin(πk/L) for each coefficient k (HTK, Kaldi).

    Args:
        lifter: The L of the formula; 0 for weights of 1.
        num_coefficients: Number of coefficients, from coefficient 0 on.

    Returns:
        `(num_coefficients,)`.
    """
    if lifter == 0:
        return np.ones(num_coefficients)
    return 1 + lifter / 2 * np.sin(np.pi * np.arange(num_coefficients) / lifter)
