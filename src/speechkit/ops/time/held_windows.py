"""The windows of a stream: what is held until a window is complete."""

import dataclasses

from keras import ops

from speechkit.ops.time import lengths
from speechkit.ops.time.stream_timing import StreamTiming


@dataclasses.dataclass(frozen=True)
class HeldWindows:
    """Windows that slide over a clip which comes in pieces.

    Window `t` holds the steps from `t * stride - left` on, `size` of them; steps before
    the first are zeros.

    Attributes:
        size: Number of steps in a window.
        stride: Distance between the starts of two windows, in steps.
        left: Zeros before the clip.
        kept: The last steps that are held in any case, for what comes after the clip.
    """

    size: int
    stride: int = 1
    left: int = 0
    kept: int = 0

    @property
    def timing(self) -> StreamTiming:
        """When a window is complete, and what it depends on."""
        latency = self.size - 1 - self.left
        return StreamTiming((1, self.stride), latency, self.size)

    def start(self) -> tuple:
        """Returns the state before the first piece."""
        # The shape of a step is known with the first piece.
        return (), 0

    def advance(self, piece, state: tuple, right: int = 0):
        """Takes the next piece.

        Args:
            piece: `(batch, steps, ...)`: what follows the pieces before.
            state: The steps that are still needed, a tuple of one tensor or of none,
                and the place among them where the next window starts.
            right: Zeros after the piece, where the clip ends with it.

        Returns:
            The steps from the first to the last of the windows that are now complete,
            and the state after the piece.
        """
        held, start = state
        parts = [*(held or (zero_steps(piece, self.left),)), piece]
        if right:
            parts.append(zero_steps(piece, right))
        steps = ops.concatenate(parts, axis=1)
        end = start + self.count(steps.shape[1] - start) * self.stride
        behind = end + self.size - self.stride if end > start else start
        # The next window may start behind what has come.
        dropped = max(0, min(end, steps.shape[1] - self.kept))
        return steps[:, start:behind], ((steps[:, dropped:],), end - dropped)

    def count(self, num_steps: int) -> int:
        """Returns how many windows fit into steps of known number."""
        return lengths.frame_count(num_steps, self.size, self.stride)


def zero_steps(piece, count: int):
    """Returns `count` steps of zeros with the other axes and the type of `piece`."""
    shape = (ops.shape(piece)[0], count, *piece.shape[2:])
    return ops.zeros(shape, dtype=piece.dtype)
