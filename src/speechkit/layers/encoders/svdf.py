"""A layer with a memory of fixed length, factored into features and time."""

import math

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders._activation_names import check_activation
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths
from speechkit.ops.time.time_kernel import time_kernel


@keras.saving.register_keras_serializable(package="speechkit")
class SVDF(StreamingLayer):
    """Filters the last frames with filters that are products of feature and time.

    A unit sees `memory` frames: h_t = f(b + Σ_r Σ_j v_{r,j}·(w_r·x_{t−j})). Each of its
    `rank` terms projects a frame on w_r and weighs the last projections with v_r, which
    is a filter over features and frames of that rank, at the cost of a vector for each.
    It never looks ahead. Frames before a clip count as zero, and padded frames of the
    output are zero.

    Args:
        units: Number of output features.
        memory: Number of frames that a unit sees, the frame itself included.
        rank: Number of terms of a filter.
        activation: Name of a Keras activation; `None` means linear.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, units)`.

    Raises:
        ValueError: If `units`, `memory` or `rank` is not a positive integer.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> keras.ops.shape(SVDF(units=64, memory=10)(features))
        (8, 98, 64)

    References:
        Nakkiran, Alvarez, Prabhavalkar and Parada, Compressing Deep Neural Networks
        Using a Rank-Constrained Topology, 2015.
    """

    def __init__(
        self,
        units: int,
        memory: int,
        *,
        rank: int = 1,
        activation: str | None = "relu",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.units = _checks.check_int("units", units)
        self.memory = _checks.check_int("memory", memory)
        self.rank = _checks.check_int("rank", rank)
        self.activation = check_activation(activation)
        self._kernel = time_kernel(memory, padding="causal")
        self._declare(self._kernel.timing)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        self._projection.build(input_shape)
        # The first piece of a stream may be shorter than the memory.
        self._filter.build((input_shape[0], None, self.units * self.rank))
        self.bias = self.add_weight(
            shape=(self.units,), initializer="zeros", name="bias"
        )
        self.built = True

    def call(self, inputs, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        windows = self._kernel.pad(self._projection(values))
        return lengths.zero_padding(self._outputs(windows), mask)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_initial_state(self, batch_size: int = 1):
        return self._kernel.start()

    def step(self, inputs, state, *, last: bool = False):
        piece = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(piece.shape)
        projected = self._projection(piece)
        windows, state = self._kernel.next_windows(projected, state, last)
        return self._outputs(windows), state

    def get_config(self):
        config = {
            "units": self.units,
            "memory": self.memory,
            "rank": self.rank,
            "activation": self.activation,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = {"use_bias": False, "dtype": self.dtype_policy}
        self._projection = keras.layers.Dense(
            self.units * self.rank, name="projection", **options
        )
        # Keras takes all channels for inputs of a depthwise kernel: six layers that
        # begin so small pass nothing on.
        deviation = math.sqrt(2 / (self.memory * self.rank))
        self._filter = keras.layers.DepthwiseConv1D(
            self.memory,
            depthwise_initializer=keras.initializers.RandomNormal(stddev=deviation),
            name="filter",
            **options,
        )
        self._activation = keras.layers.Activation(
            self.activation, dtype=self.dtype_policy
        )

    def _outputs(self, windows):
        """Returns the output for projections with everything in the memory."""
        terms = self._kernel.apply(self._filter, windows)
        # The terms of all units of one rank stand beside each other.
        sums = sum(ops.split(terms, self.rank, axis=-1))
        return self._activation(sums + ops.cast(self.bias, self.compute_dtype))
