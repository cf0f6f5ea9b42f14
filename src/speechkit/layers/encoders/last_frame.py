"""The last valid frame, where a recurrence or a causal network has seen the clip."""

import keras
from keras import ops

from speechkit.ops.time import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class LastFrame(keras.layers.Layer):
    """Returns the last valid frame of each clip.

    A clip without a valid frame gives zeros. The mask ends here.

    Args:
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, features)`.

    Example:
        >>> states = keras.ops.array([[[1.0], [3.0]]])
        >>> LastFrame()(states).numpy().tolist()
        [[3.0]]
    """

    def __init__(self, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def call(self, inputs, mask=None):
        values = ops.cast(inputs, self.compute_dtype)
        return lengths.frame_at(values, lengths.mask_lengths(values, mask) - 1)

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        batch, _, features = input_shape
        return (batch, features)
