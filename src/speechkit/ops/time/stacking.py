"""Neighbouring frames side by side as one, for whole clips and for streams."""

import dataclasses

from keras import ops

from speechkit.ops.time import lengths
from speechkit.ops.time.held_windows import HeldWindows
from speechkit.ops.time.stream_timing import StreamTiming


@dataclasses.dataclass(frozen=True)
class Stacking:
    """How frames are stacked.

    Stack `t` holds the frames from `t * stride` to `t * stride + size - 1`, the
    earliest first; frames after the last whole stack are dropped.

    Attributes:
        size: Number of frames in a stack.
        stride: Distance between the starts of two stacks, in frames.
    """

    size: int
    stride: int

    @property
    def timing(self) -> StreamTiming:
        """When a stack is complete in a stream, and what it depends on."""
        return self._held.timing

    def stacks(self, frames):
        """Returns `(batch, stacks, size * features)` of `(batch, frames, features)`."""
        if self.size == self.stride == 1:
            return frames
        # Slices with a stride convert to TFLite where the time is unknown, too.
        surplus = self.size - 1
        return ops.concatenate(
            [
                frames[:, place : (place - surplus) or None : self.stride]
                for place in range(self.size)
            ],
            axis=2,
        )

    def mask(self, mask):
        """Returns the mask of the stacks, or `None` if there is none."""
        return lengths.frame_mask(mask, self.size, self.stride)

    def output_shape(self, input_shape):
        """Returns the shape of the stacks of frames of a shape."""
        batch, frames, features = input_shape
        if frames is not None:
            frames = lengths.frame_count(frames, self.size, self.stride)
        return (batch, frames, self.size * features)

    def start(self):
        """Returns the state before the first piece: see `next_stacks`."""
        return self._held.start()

    def next_stacks(self, piece, state):
        """Returns the stacks that a piece completes, and the state after it.

        Args:
            piece: `(batch, frames, features)`: what follows the pieces before.
            state: What `start` or the call before returned.
        """
        frames, state = self._held.advance(piece, state)
        return self.stacks(frames), state

    @property
    def _held(self):
        return HeldWindows(self.size, self.stride)
