"""How the clips of a recurrence are divided among threads of the host.

Each thread has blocks of a few clips and goes with them through all frames, so that no
thread waits for another.
"""

import numpy as np

from speechkit.ops.runtime import threads
from speechkit.ops.runtime.matmul_numba import FEW_ROWS, MANY_ROWS

# With fewer multiplications, a thread more costs more time than it saves.
_WORTH_A_THREAD = 2**21


def in_blocks(function, arguments, frames, kernel, batch, num_threads):
    """Calls a function in threads that each compute some of the clips.

    Args:
        function: Takes the arguments, the number of clips in a block, and an array of
            the numbers of blocks, which follow each other.
        arguments: Arrays for all clips.
        frames: Number of frames.
        kernel: What each frame of a clip is multiplied by.
        batch: Number of clips.
        num_threads: Threads, at most.
    """
    work = frames * kernel.size * batch
    most = max(1, min(int(num_threads), work // _WORTH_A_THREAD))
    num_rows = min((MANY_ROWS, FEW_ROWS), key=lambda rows: _slowest(batch, rows, most))
    blocks = np.arange(-(-batch // num_rows))
    threads.in_threads(function, (*arguments, num_rows), blocks, most)


def _slowest(batch, num_rows, num_threads):
    """Returns how many rows the thread computes that has the most of them."""
    return -(-batch // (num_rows * num_threads)) * num_rows
