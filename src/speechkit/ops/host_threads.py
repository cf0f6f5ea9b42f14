"""Work that compiled functions of the host do in several threads."""

import functools
import os
import threading
import typing
from concurrent import futures

import numpy as np

# Arrays that begin at a multiple of so many bytes are not copied by TensorFlow, and no
# vector of theirs lies in two lines of the cache.
_ALIGNMENT = 64


class _Threads(typing.NamedTuple):
    """The threads of a process.

    Attributes:
        workers: Those that compute.
        allocator: One that allocates. Memory returns to the thread that took it, and
            TensorFlow calls from one thread or another: each would keep its own.
        lock: Held by the call that computes.
    """

    workers: futures.Executor
    allocator: futures.Executor
    lock: threading.Lock


def in_threads(function, arguments, items, most):
    """Calls a function with parts of the items, each part in a thread.

    Of several such calls one runs at a time: they would only take turns on the same
    cores and in their caches.

    Args:
        function: Takes the arguments and the items that it computes.
        arguments: Arrays for all items.
        items: Integers. Without any the function is not called.
        most: Threads, at most; below 1 is 1.
    """
    threads = _threads(os.getpid())
    parts = np.array_split(items, max(1, min(int(most), len(items))))
    with threads.lock:
        others = [
            threads.workers.submit(function, *arguments, part) for part in parts[1:]
        ]
        if len(items):
            function(*arguments, parts[0])
        for other in others:
            other.result()


def aligned_empty(shape, dtype):
    """Returns an array that TensorFlow takes as it is."""
    return _threads(os.getpid()).allocator.submit(_empty, shape, dtype).result()


def _empty(shape, dtype):
    size = int(np.prod(shape)) * dtype.itemsize
    row = np.empty(size + _ALIGNMENT, "uint8")
    first = -row.ctypes.data % _ALIGNMENT
    return row[first : first + size].view(dtype).reshape(shape)


@functools.lru_cache(maxsize=1)
def _threads(_):
    """Returns those of a process: after a fork, the threads of its parent are gone."""
    return _Threads(
        futures.ThreadPoolExecutor(os.cpu_count(), "speechkit"),
        futures.ThreadPoolExecutor(1, "speechkit-memory"),
        threading.Lock(),
    )
