"""Attention over time: one vector for each clip, of the frames that matter."""

import math

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops.time import lengths, precision

_QUERIES = ("middle", "last", "learned")


@keras.saving.register_keras_serializable(package="speechkit")
class MultiHeadAttentionPooling(keras.layers.Layer):
    """Returns several weighted means of the frames of each clip.

    Each head has a query q, weighs frame t with softmax_t(q·h_t / √features) over the
    valid frames, and returns Σ_t w_t·h_t. The query is a linear map of one frame of
    the clip, or a weight that is the same for all clips. A clip without a valid frame
    gives zeros. The mask ends here. Computed in float32 under mixed precision.

    Args:
        num_heads: Number of weighted means.
        query: Source of the queries: the frame in the `"middle"` of the clip, or its
            `"last"`; or `"learned"` for a weight.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, num_heads * features)`.

    Raises:
        ValueError: If `num_heads` is not a positive integer, or `query` is none of
            these.

    Example:
        >>> states = keras.ops.ones((8, 49, 256))
        >>> keras.ops.shape(MultiHeadAttentionPooling(num_heads=4)(states))
        (8, 1024)

    References:
        Rybakov et al., Streaming Keyword Spotting on Mobile Devices, 2020.
        https://arxiv.org/abs/2005.06720
    """

    def __init__(self, num_heads: int = 4, query: str = "middle", **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.num_heads = _checks.check_int("num_heads", num_heads)
        self.query = _checks.check_choice("query", query, _QUERIES)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def build(self, input_shape):
        width = input_shape[-1]
        if self.query != "learned":
            self.kernel = self.add_weight(
                shape=(width, self.num_heads * width), name="kernel"
            )
        self.bias = self.add_weight(
            shape=(self.num_heads * width,),
            initializer="glorot_uniform" if self.query == "learned" else "zeros",
            name="bias",
        )
        self.built = True

    def call(self, inputs, mask=None):
        values = ops.cast(inputs, precision.working_dtype(self.compute_dtype))
        values = lengths.zero_padding(values, mask)
        scores = ops.matmul(self._queries(values, mask), ops.swapaxes(values, 1, 2))
        weights = _softmax(scores / math.sqrt(values.shape[2]), mask)
        means = ops.matmul(weights, values)
        batch, width = ops.shape(means)[0], self.num_heads * values.shape[2]
        return ops.cast(ops.reshape(means, (batch, width)), self.compute_dtype)

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        batch, _, features = input_shape
        return (batch, self.num_heads * features)

    def count_multiply_adds(self, input_shape):
        """Returns the multiply–adds for one clip of a shape that is known."""
        _, frames, features = input_shape
        kernel = 0 if self.query == "learned" else self.num_heads * features**2
        return kernel + 2 * self.num_heads * frames * features

    def get_config(self):
        config = {"num_heads": self.num_heads, "query": self.query}
        return {**super().get_config(), **config}

    def _queries(self, values, mask):
        """Returns `(batch or 1, heads, features)`."""
        bias = ops.cast(self.bias, values.dtype)
        if self.query == "learned":
            return ops.reshape(bias, (1, self.num_heads, -1))
        places = lengths.mask_lengths(values, mask)
        places = places - 1 if self.query == "last" else places // 2
        frame = lengths.frame_at(values, places)
        queries = ops.matmul(frame, ops.cast(self.kernel, values.dtype)) + bias
        shape = (ops.shape(values)[0], self.num_heads, values.shape[2])
        return ops.reshape(queries, shape)


def _softmax(scores, mask):
    """Returns `(batch, heads, frames)`: the weights of the valid frames."""
    if mask is not None:
        # Far below every score, and yet finite for a clip that has no frame.
        scores = ops.where(ops.expand_dims(mask, axis=1), scores, -1e9)
    return ops.softmax(scores, axis=-1)
