"""Stacking: several frames side by side as one, and fewer of them."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time.stacking import Stacking


@keras.saving.register_keras_serializable(package="speechkit")
class StackFrames(StreamingLayer):
    """Joins the features of neighbouring frames.

    Output frame `t` holds the input frames from `t * stride` to
    `t * stride + size - 1`, the earliest first; frames after the last whole stack are
    dropped. With a mask, a stack is valid only if the clip alone has it.

    Args:
        size: Number of frames in a stack.
        stride: Distance between the starts of two stacks, in frames. `None` means
            `size`: stacks that do not overlap.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, stacks, size * features)`.

    Raises:
        ValueError: If `size` or `stride` is not a positive integer.

    Example:
        >>> features = keras.ops.ones((8, 98, 80))
        >>> keras.ops.shape(StackFrames(size=3)(features))
        (8, 32, 240)
    """

    def __init__(self, size: int, stride: int | None = None, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.size = _checks.check_int("size", size)
        self.stride = _checks.to_plain(stride)
        stride = size if stride is None else _checks.check_int("stride", stride)
        self._stacking = Stacking(size, stride)
        self._declare(self._stacking.timing)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def call(self, inputs, mask=None):
        return self._stacking.stacks(ops.cast(inputs, self.compute_dtype))

    def compute_mask(self, inputs, previous_mask):
        return self._stacking.mask(previous_mask)

    def compute_output_shape(self, input_shape):
        return self._stacking.output_shape(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        return self._stacking.start()

    def step(self, inputs, state, *, last: bool = False):
        piece = ops.cast(inputs, self.compute_dtype)
        return self._stacking.next_stacks(piece, state)

    def get_config(self):
        return {**super().get_config(), "size": self.size, "stride": self.stride}
