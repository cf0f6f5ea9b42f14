"""Arrays that TensorFlow takes from compiled functions as they are."""

import math

import numpy as np

# An array that begins at another address is copied.
_ALIGNMENT = 64


def empty(shape, dtype):
    """Returns an array, not yet written, that begins at a multiple of 64 bytes."""
    size = math.prod(shape) * dtype.itemsize
    row = np.empty(size + _ALIGNMENT, "uint8")
    first = -row.ctypes.data % _ALIGNMENT
    return row[first : first + size].view(dtype).reshape(shape)
