"""How the clips of a recurrence are divided among threads.

Each thread has blocks of a few clips and goes with them through all frames, so that no
thread waits for another.
"""

import numpy as np

from speechkit.ops.runtime import threads
from speechkit.ops.runtime.matmul_numba import ROWS

# With fewer multiplications, a thread more costs more time than it saves.
_WORTH_A_THREAD = 2**21


def in_blocks(function, arguments, frames, kernel, batch, num_threads):
    """Calls a function in threads that each compute some of the clips.

    Args:
        function: Takes the arguments, and an array of the numbers of blocks of `ROWS`
            clips, which follow each other.
        arguments: Arrays for all clips.
        frames: Number of frames.
        kernel: The matrix that each frame of a clip is multiplied by.
        batch: Number of clips.
        num_threads: Threads, at most.
    """
    work = frames * kernel.size * batch
    most = min(int(num_threads), work // _WORTH_A_THREAD)
    threads.in_threads(function, arguments, np.arange(-(-batch // ROWS)), most)
