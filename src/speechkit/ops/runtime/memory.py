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

# An array takes no memory that is so many times as large, and of all memory no more is
# kept than so many times what arrays took at once.
_MOST_WASTED = 1.25

# So many bytes at most are kept for arrays to come.
_MOST_KEPT = 2**28


class _Store:
    """Rows of bytes that no array uses.

    Attributes:
        unused: The rows; the last was in use last.
    """

    def __init__(self):
        self.unused: list[np.ndarray] = []
        self._lock = threading.Lock()
        self._size = 0  # of all rows, in use or not
        self._most_used = 0

    def take(self, size):
        """Returns a row of so many bytes, or a few more."""
        with self._lock:
            fits = [
                (row.size, -place)
                for place, row in enumerate(self.unused)
                if size <= row.size <= _MOST_WASTED * size
            ]
            row = self.unused.pop(-min(fits)[1]) if fits else self._new_row(size)
            unused = sum(row.size for row in self.unused)
            self._most_used = max(self._most_used, self._size - unused)
            most = _MOST_WASTED * self._most_used
            while self.unused and (self._size > most or unused > _MOST_KEPT):
                dropped = self.unused.pop(0).size
                self._size -= dropped
                unused -= dropped
        return row

    def give_back(self, row):
        # Nothing here may wait: this may be called while another call holds the lock.
        self.unused.append(row)

    def _new_row(self, size):
        # Sizes of few kinds, so that an array of nearly this size will find it, too.
        unit = 1 << max(0, size.bit_length() - 4)
        size = -(-size // unit) * unit
        self._size += size
        # Pages of their own: no other memory keeps them from going back to the system.
        return np.frombuffer(mmap.mmap(-1, size), "uint8")


class _Lease:
    """Memory that is lent to the arrays that are made of this, and their views."""

    def __init__(self, store, size, shape, dtype):
        self._store, self._row = store, store.take(size)
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": dtype.str,
            "data": (self._row.ctypes.data, False),
        }

    def __del__(self):
        self._store.give_back(self._row)


_store = _Store()


def empty(shape, dtype):
    """Returns an array, not yet written, that TensorFlow takes as it is."""
    size = math.prod(shape) * dtype.itemsize
    if size >= _LEAST_KEPT:
        return np.asarray(_Lease(_store, size, shape, dtype))
    row = np.empty(size + _ALIGNMENT, "uint8")
    first = -row.ctypes.data % _ALIGNMENT
    return row[first : first + size].view(dtype).reshape(shape)
