"""What every opened sound file can do."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

Block = npt.NDArray[np.float32]
# Values in a block: what a header says of channels never decides how much memory.
BLOCK_SIZE = 2**20


class Sound(Protocol):
    """Describes an opened sound file.

    Attributes:
        encoding: Its format, for messages.
        sampling_rate: Samples per second, in hertz.
        num_channels: Number of channels.
        num_samples: Length of each channel; `None` if the file does not state it.
    """

    encoding: str
    sampling_rate: int
    num_channels: int
    num_samples: int | None

    def count_samples(self) -> int:
        """Returns the length of each channel where the file does not state it."""

    def read_blocks(self, start: int) -> Iterator[Block]:
        """Yields `(samples, channels)` blocks from sample `start` to the end."""
