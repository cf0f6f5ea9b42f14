"""Arrays that TensorFlow takes from compiled functions as they are.

The system clears new memory page by page when it is first written. In the training of a
recurrent layer that took up to a tenth of the time, so memory is used again.
"""

import math
import threading

import numpy as np

# An array that begins at another address is copied.
_ALIGNMENT = 64

# Smaller arrays are quickly cleared; of larger ones, so many bytes are kept unused.
_LEAST_KEPT, _MOST_KEPT = 2**16, 2**28

# Rows of bytes that no array uses; the last was in use last. Only the lock's owner
# takes one away, but anyone may append one at any time: an array may die anywhere.
_unused: list[np.ndarray] = []
_lock = threading.Lock()


class _Lease:
    """A row of bytes that is lent to an array and its views."""

    def __init__(self, size, shape, dtype):
        self._row = _row_of(size)
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": dtype.str,
            "data": (self._row[_first(self._row) :].ctypes.data, False),
        }

    def __del__(self):
        _unused.append(self._row)


def empty(shape, dtype):
    """Returns an array, not yet written, that begins at a multiple of 64 bytes."""
    size = math.prod(shape) * dtype.itemsize
    if size >= _LEAST_KEPT:
        return np.asarray(_Lease(size, shape, dtype))
    row = np.empty(size + _ALIGNMENT, "uint8")
    return row[_first(row) :][:size].view(dtype).reshape(shape)


def _first(row):
    """Returns the place of the first byte whose address is a multiple of 64."""
    return -row.ctypes.data % _ALIGNMENT


def _row_of(size):
    """Returns a row of this many bytes or up to an eighth more."""
    # Few different sizes, so that an array of nearly this size finds the row again.
    unit = 1 << (size.bit_length() - 4)
    size = -(-size // unit) * unit + _ALIGNMENT
    with _lock:
        for place in reversed(range(len(_unused))):
            if _unused[place].size == size:
                return _unused.pop(place)
        while sum(row.size for row in _unused) > _MOST_KEPT:
            del _unused[0]
    return np.empty(size, "uint8")
