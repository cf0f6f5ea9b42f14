"""Fewer frames for the upper layers of a pyramid."""

from keras import ops

from speechkit.layers._streaming import StreamingLayer
from speechkit.ops import lengths


class Joining(StreamingLayer):
    """Takes the features of `size` neighbouring frames as those of one frame.

    Frames after the last whole group are dropped.
    """

    def __init__(self, size, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.size = size
        self.supports_masking = True

    def call(self, inputs, mask=None):
        values = ops.cast(inputs, self.compute_dtype)
        if self.size == 1:
            return values
        # Slices with a stride convert to TFLite where the time is unknown, too.
        surplus = self.size - 1
        return ops.concatenate(
            [
                values[:, place : (place - surplus) or None : self.size]
                for place in range(self.size)
            ],
            axis=-1,
        )

    def compute_mask(self, inputs, previous_mask):
        return lengths.frame_mask(previous_mask, self.size, self.size)

    def compute_output_shape(self, input_shape):
        batch, frames, features = input_shape
        frames = None if frames is None else frames // self.size
        return (batch, frames, self.size * features)

    def initial_state(self, batch_size=1):
        return ()  # how many features there are is known with the first piece

    def step(self, inputs, state, last=False):
        values = ops.concatenate([*state, inputs], axis=1)
        taken = values.shape[1] // self.size * self.size
        return self(values[:, :taken]), (values[:, taken:],)
