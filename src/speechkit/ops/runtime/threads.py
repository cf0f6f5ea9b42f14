"""Compiled functions that run in several threads."""

import functools
import os
import threading
from concurrent import futures

import numpy as np


def in_threads(function, arguments, items, most):
    """Divides items among threads and waits for all of them.

    Only one such call runs at a time. Two at once would share the same cores and caches
    and gain nothing.

    Args:
        function: Takes the arguments and an array of some of the items.
        arguments: Arguments that all threads share.
        items: Integers. If there are none, the function is not called.
        most: Threads, at most; less than 1 counts as 1.
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
    """Returns those of a process; a fork does not inherit the threads of its parent."""
    return futures.ThreadPoolExecutor(os.cpu_count(), "speechkit"), threading.Lock()
