"""Work that compiled functions of the host do in several threads."""

import functools
import os
import threading
from concurrent import futures

import numpy as np


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
    pool, lock = _pool_and_lock(os.getpid())
    parts = np.array_split(items, max(1, min(int(most), len(items))))
    with lock:
        others = [pool.submit(function, *arguments, part) for part in parts[1:]]
        if len(items):
            function(*arguments, parts[0])
        for other in others:
            other.result()


@functools.lru_cache(maxsize=1)
def _pool_and_lock(_):
    """Returns those of a process: after a fork, the threads of its parent are gone."""
    return futures.ThreadPoolExecutor(os.cpu_count(), "speechkit"), threading.Lock()
