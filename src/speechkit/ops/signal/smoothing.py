"""Exponential smoothing over time: a level that follows a signal slowly."""

import numpy as np
from keras import ops

_BLOCK = 32
# What has faded to less than this does not change a sum in float64.
_FADED = 2.0**-60


def exponential_smoothing(values, previous, smoothing: float):
    """Returns M[t] = s·x[t] + (1 − s)·M[t−1].

    Frames are summed in blocks by a matrix, and the last sums of blocks by doubling,
    so that the number of operations does not grow with the number of frames.

    Args:
        values: `(batch, frames, features)`: the x of the formula.
        previous: `(batch, 1, features)`: M before the first frame; with no frame, it
            may have none either.
        smoothing: The s of the formula, above 0 and at most 1.

    Returns:
        `(batch, frames, features)`.

    Example:
        >>> values, previous = ops.ones((1, 3, 1)), ops.zeros((1, 1, 1))
        >>> exponential_smoothing(values, previous, 0.5)[0, :, 0].numpy().tolist()
        [0.5, 0.75, 0.875]
    """
    batch, num_frames, features = ops.shape(values)
    num_blocks = (num_frames + _BLOCK - 1) // _BLOCK
    padded = ops.pad(values, [[0, 0], [0, _BLOCK], [0, 0]])[:, : num_blocks * _BLOCK]
    blocks = ops.reshape(padded, (batch, num_blocks, _BLOCK, features))
    rest = 1.0 - smoothing
    ages = np.arange(_BLOCK)[:, None] - np.arange(_BLOCK)
    matrix = smoothing * np.where(ages >= 0, rest ** np.maximum(ages, 0), 0.0)
    sums = ops.matmul(ops.convert_to_tensor(matrix, dtype=values.dtype), blocks)
    before = ops.concatenate([previous, sums[:, :-1, -1]], axis=1)
    before = ops.expand_dims(_fading_sums(before, rest**_BLOCK), axis=2)
    faded = rest ** np.arange(1, _BLOCK + 1)[:, None]
    sums = sums + before * ops.convert_to_tensor(faded, dtype=values.dtype)
    return ops.reshape(sums, (batch, -1, features))[:, :num_frames]


def _fading_sums(values, rest):
    """Returns S[t] = x[t] + r·S[t−1]."""
    shift = 1
    while rest > _FADED and not _is_shorter(values, shift):
        earlier = ops.pad(values, [[0, 0], [shift, 0], [0, 0]])[:, :-shift]
        values = values + rest * earlier
        shift, rest = 2 * shift, rest * rest
    return values


def _is_shorter(values, shift):
    return values.shape[1] is not None and values.shape[1] <= shift
