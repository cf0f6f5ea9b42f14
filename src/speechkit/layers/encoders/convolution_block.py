"""A convolution over time with its normalisation, activation and dropout."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders import _batch_normalization
from speechkit.layers.encoders._activation_names import check_activation
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths
from speechkit.ops.time.time_kernel import time_kernel


@keras.saving.register_keras_serializable(package="speechkit")
class ConvolutionBlock(StreamingLayer):
    """Convolves features over time, then normalises, activates and drops.

    Frame `t` of the output is centred on frame `t * strides` of the input, or, with
    causal padding, looks at that frame and those before it. Frames beyond either end of
    a clip count as zero, whether the batch ends there or padding begins, so a clip
    alone gives what it gives in any batch. Batch normalisation takes its statistics
    over the valid frames of the batch. Padded frames of the output are zero.

    Args:
        filters: Number of output features.
        kernel_size: Number of input frames that one output frame sees.
        strides: Input frames per output frame.
        padding: `"same"` centres the kernel, `"causal"` never looks ahead.
        residual: Whether to add the input to the output; it goes through a linear
            projection if the number of features or the strides differ.
        normalization: `"batch"` or `None`.
        activation: Name of a Keras activation; `None` means linear.
        dropout: Share of the output features that are dropped in training.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to drop features and to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, ceil(frames / strides), filters)`.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> keras.ops.shape(ConvolutionBlock(64, kernel_size=9, strides=2)(features))
        (8, 49, 64)
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int = 9,
        *,
        strides: int = 1,
        padding: str = "same",
        residual: bool = False,
        normalization: str | None = "batch",
        activation: str | None = "relu",
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.filters = _checks.check_int("filters", filters)
        self.kernel_size = _checks.check_int("kernel_size", kernel_size)
        self.strides = _checks.check_int("strides", strides)
        self.padding = _checks.check_choice("padding", padding, ("same", "causal"))
        self.residual = _checks.check_bool("residual", residual)
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("batch", None)
        )
        self.activation = check_activation(activation)
        self.dropout = _checks.check_rate("dropout", dropout)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        # Explicit, because the padding of `Conv1D` depends on the length of the batch.
        self._kernel = time_kernel(kernel_size, strides, padding)
        self._declare(self._kernel.timing)
        self._make_layers()

    def build(self, input_shape):
        # The first piece of a stream may be shorter than the kernel.
        self._convolution.build((input_shape[0], None, input_shape[-1]))
        output_shape = (input_shape[0], None, self.filters)
        if self._normalization is not None:
            self._normalization.build(output_shape)
        self._needs_projection = self.residual and (
            self.strides > 1 or input_shape[-1] != self.filters
        )
        if self._needs_projection:
            self._projection = keras.layers.Dense(
                self.filters, use_bias=False, dtype=self.dtype_policy, name="projection"
            )
            self._projection.build(input_shape)
        self.built = True

    def call(self, inputs, training=False, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        centres = values[:, :: self.strides]
        mask = self._kernel.mask(mask)
        return self._outputs(self._kernel.pad(values), centres, mask, training)

    def compute_mask(self, inputs, previous_mask):
        return self._kernel.mask(previous_mask)

    def compute_output_shape(self, input_shape):
        batch, frames, _ = input_shape
        return (batch, self._kernel.count(frames), self.filters)

    def get_initial_state(self, batch_size: int = 1):
        return self._kernel.start()

    def step(self, inputs, state, *, last: bool = False):
        piece = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(piece.shape)
        windows, state = self._kernel.next_windows(piece, state, last)
        return self._outputs(windows, self._kernel.centres(windows)), state

    def get_config(self):
        config = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "residual": self.residual,
            "normalization": self.normalization,
            "activation": self.activation,
            "dropout": self.dropout,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        self._convolution = keras.layers.Conv1D(
            self.filters,
            self.kernel_size,
            self.strides,
            use_bias=self.normalization is None,
            dtype=self.dtype_policy,
            name="convolution",
        )
        self._normalization = _batch_normalization.batch_normalization(
            self.normalization, dtype=self.dtype_policy, name="normalization"
        )
        self._activation = keras.layers.Activation(
            self.activation, dtype=self.dtype_policy
        )
        self._dropout = keras.layers.Dropout(self.dropout, dtype=self.dtype_policy)

    def _outputs(self, windows, centres, mask=None, training=False):
        """Returns the output for frames with everything within their kernels."""
        outputs = self._kernel.apply(self._convolution, windows)
        outputs = _batch_normalization.normalize(
            self._normalization, outputs, mask, training
        )
        if self.residual:
            if self._needs_projection:
                centres = self._projection(centres)
            outputs = outputs + centres
        outputs = self._dropout(self._activation(outputs), training=training)
        return lengths.zero_padding(outputs, mask)
