"""Where a kernel that slides over time looks, for whole clips and for streams."""

import dataclasses

from keras import ops

from speechkit.ops.time import lengths
from speechkit.ops.time.held_windows import HeldWindows, zero_steps
from speechkit.ops.time.stream_timing import StreamTiming


@dataclasses.dataclass(frozen=True)
class TimeKernel:
    """How a convolution over time sees the frames of a clip.

    Output frame `t` sees the frames from `t * stride - left` on, `length` of them;
    frames beyond either end of a clip are zero. `left` and `right` make `length - 1`
    together, so there is an output frame for each input frame, or every `stride`-th.

    Attributes:
        length: Number of frames from the first that is seen to the last.
        stride: Input frames per output frame.
        left: Frames that are seen before the one that an output frame stands for.
    """

    length: int
    stride: int = 1
    left: int = 0

    @property
    def right(self) -> int:
        """Frames that are seen ahead."""
        return self.length - 1 - self.left

    @property
    def timing(self) -> StreamTiming:
        """When an output frame is complete in a stream, and what it depends on."""
        return self._held.timing

    def count(self, num_frames: int | None) -> int | None:
        """Returns the number of output frames; `None` if it is not known."""
        return None if num_frames is None else -(-num_frames // self.stride)

    def mask(self, mask):
        """Returns the mask of the output frames, or `None` if there is none."""
        return None if mask is None else mask[:, :: self.stride]

    def pad(self, values):
        """Returns whole clips with the zeros before and after them.

        Args:
            values: `(batch, frames, ...)`, zero where they are padded.
        """
        others = [[0, 0]] * (len(values.shape) - 2)
        return ops.pad(values, [[0, 0], [self.left, self.right], *others])

    def start(self):
        """Returns the state before the first piece: see `next_windows`."""
        return self._held.start()

    def next_windows(self, piece, state, last: bool):
        """Returns the frames that the next output frames see, and the state after it.

        Args:
            piece: `(batch, frames, ...)`: what follows the pieces before.
            state: What `start` or the call before returned.
            last: Whether the clips end with this piece.
        """
        return self._held.advance(piece, state, self.right if last else 0)

    def apply(self, convolution, windows):
        """Returns `convolution(windows)`, or nothing where there is nothing to see.

        Args:
            convolution: A convolution over axis 1 without padding.
            windows: `(batch, frames, ...)`: what the output frames see.
        """
        batch, frames = windows.shape[:2]
        # What is exported for one clip at a time stays as it is.
        if batch == 0 or (batch != 1 and None in (batch, frames)):
            return self._apply_to_any(convolution, windows)
        if frames is None or frames >= self.length:
            return convolution(windows)
        # Keras refuses to convolve so few frames that nothing comes out.
        return convolution(zero_steps(windows, self.length))[:, :0]

    def _apply_to_any(self, convolution, windows):
        """Returns `convolution(windows)` where there may be no clip, or no frame.

        TensorFlow's kernels and their gradients fail there.
        """
        batch, frames = ops.shape(windows)[:2]
        outputs = convolution(lengths.with_one_clip(windows, self.length))
        count = lengths.at_least_none((frames - self.length) // self.stride + 1)
        return outputs[:batch, :count]

    def centres(self, windows):
        """Returns the frames that output frames stand for, of known number."""
        end = self.left + self._held.count(windows.shape[1]) * self.stride
        return windows[:, self.left : end : self.stride]

    @property
    def _held(self):
        return HeldWindows(self.length, self.stride, self.left)


def time_kernel(
    kernel_size: int, strides: int = 1, padding: str = "same", dilation: int = 1
) -> TimeKernel:
    """Returns where a kernel looks, from the arguments of the layers.

    Args:
        kernel_size: Number of frames that an output frame sees.
        strides: Input frames per output frame.
        padding: `"same"` centres the kernel, `"causal"` never looks ahead.
        dilation: Distance between two frames that are seen.

    Example:
        >>> kernel = time_kernel(5, padding="same")
        >>> kernel.left, kernel.right
        (2, 2)
    """
    reach = (kernel_size - 1) * dilation
    left = reach if padding == "causal" else reach // 2
    return TimeKernel(reach + 1, strides, left)
