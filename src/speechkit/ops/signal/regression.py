"""The slope of features over time."""

import numpy as np


def regression_weights(window: int, order: int) -> np.ndarray:
    """Returns what frames around a frame count in its time derivative, in float64.

    The first derivative is the slope of the line that fits the frames best; the weights
    of the next are those of the first, convolved with themselves.

    Args:
        window: Number of frames before and after that the line is fitted to.
        order: Which derivative.

    Returns:
        `(2 * window * order + 1,)`, the earliest frame first.

    Example:
        >>> regression_weights(1, 2)
        array([ 0.25,  0.  , -0.5 ,  0.  ,  0.25])
    """
    offsets = np.arange(-window, window + 1)
    slope = offsets / np.square(offsets).sum()
    weights = np.ones(1)
    for _ in range(order):
        weights = np.convolve(weights, slope)
    return weights


def weigh_neighbours(frames, weights: np.ndarray):
    """Returns the weighted sum of the frames around each frame.

    Args:
        frames: `(batch, frames, features)`.
        weights: `(neighbours,)`, the earliest first.

    Returns:
        `(batch, frames - neighbours + 1, features)`.
    """
    surplus = len(weights) - 1
    parts = [
        frames[:, first : (first - surplus) or None] * float(weight)
        for first, weight in enumerate(weights)
        if weight
    ]
    return sum(parts[1:], parts[0])
