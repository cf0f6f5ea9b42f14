"""Memory for what functions of the host give to TensorFlow, used again and again.

Memory that is new, or was given back to the system, is cleared page by page when it is
first written, which may take as long as to compute what is written. And what one thread
has given back another does not find, so that memory would grow with the threads from
which TensorFlow calls.
"""

import math
import mmap
import threading

import numpy as np

# Arrays that begin at a multiple of so many bytes are not copied by TensorFlow, and no
# vector of theirs lies in two lines of the cache.
_ALIGNMENT = 64

# Fewer bytes are not worth keeping.
_LEAST_KEPT = 2**16

# An array does not take memory that is so many times as large as itself.
_MOST_WASTED = 4

# So many bytes at most are kept for arrays to come.
_MOST_KEPT = 2**28

_lock = threading.Lock()
_unused: list[np.ndarray] = []


class _Lease:
    """Memory that is lent to the arrays that are made of this, and their views."""

    def __init__(self, row, shape, dtype):
        self._row = row
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": dtype.str,
            "data": (row.ctypes.data, False),
        }

    def __del__(self):
        # Nothing here may wait: this may be called while another call holds the lock.
        _unused.append(self._row)


def empty(shape, dtype):
    """Returns an array, not yet written, that TensorFlow takes as it is."""
    size = math.prod(shape) * dtype.itemsize
    if size >= _LEAST_KEPT:
        return np.asarray(_Lease(_row_of(size), shape, dtype))
    row = np.empty(size + _ALIGNMENT, "uint8")
    first = -row.ctypes.data % _ALIGNMENT
    return row[first : first + size].view(dtype).reshape(shape)


def _row_of(size):
    """Returns bytes, so many at least: the fewest that are unused, or new ones."""
    with _lock:
        fits = [
            (row.size, place)
            for place, row in enumerate(_unused)
            if size <= row.size <= _MOST_WASTED * size
        ]
        if fits:
            return _unused.pop(min(fits)[1])
        if _unused:  # which would otherwise be more than were ever used at once
            _unused.pop(0)
        while sum(row.size for row in _unused) > _MOST_KEPT:
            _unused.pop(0)
    # Pages of their own: no other memory keeps them from going back to the system.
    return np.frombuffer(mmap.mmap(-1, size), "uint8")
