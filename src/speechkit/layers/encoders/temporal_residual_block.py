"""The block of TC-ResNet: two convolutions over time, and a way around them."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths, stream_timing


@keras.saving.register_keras_serializable(package="speechkit")
class TemporalResidualBlock(StreamingLayer):
    """Convolves features over time twice and adds the input.

    Both convolutions are normalised over the batch; the first is followed by a
    rectifier, the second by the sum and then a rectifier. Where the number of features
    or the strides differ, the input goes through a convolution of one frame with
    normalisation and rectifier first. Masks and the ends of a clip are those of
    `ConvolutionBlock`.

    Args:
        filters: Number of output features.
        kernel_size: Number of frames that each convolution sees.
        strides: Input frames per output frame, in the first convolution.
        padding: `"same"` centres the kernels, `"causal"` never looks ahead.
        normalization: `"batch"` or `None`.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, ceil(frames / strides), filters)`.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> keras.ops.shape(TemporalResidualBlock(48, strides=2)(features))
        (8, 49, 48)

    References:
        Choi et al., Temporal Convolution for Real-time Keyword Spotting on Mobile
        Devices, 2019. https://arxiv.org/abs/1904.03814
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int = 9,
        *,
        strides: int = 1,
        padding: str = "same",
        normalization: str | None = "batch",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.filters = _checks.check_int("filters", filters)
        self.kernel_size = _checks.to_plain(kernel_size)
        self.strides = _checks.to_plain(strides)
        self.padding = padding
        self.normalization = normalization
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        self._needs_shortcut = self.strides > 1 or input_shape[-1] != self.filters
        self._first.build(input_shape)
        self._second.build((*input_shape[:-1], self.filters))
        if self._needs_shortcut:
            self._shortcut = ConvolutionBlock(
                self.filters,
                1,
                strides=self.strides,
                name="shortcut",
                **self._options(),
            )
            self._shortcut.build(input_shape)
        self.built = True

    def call(self, inputs, training=False, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        output_mask = self.compute_mask(inputs, mask)
        hidden = self._first(values, training=training, mask=mask)
        outputs = self._second(hidden, training=training, mask=output_mask)
        if self._needs_shortcut:
            values = self._shortcut(values, training=training, mask=mask)
        return self._activation(outputs + values)

    def compute_mask(self, inputs, previous_mask):
        return self._first.compute_mask(inputs, previous_mask)

    def compute_output_shape(self, input_shape):
        return self._first.compute_output_shape(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        # All three begin alike: nothing has come.
        parts = (self._first, self._second, self._first)
        return (*(part.get_initial_state(batch_size) for part in parts), ())

    def step(self, inputs, state, *, last: bool = False):
        first, second, shortcut, waiting = state
        values = ops.cast(inputs, self.compute_dtype)
        if not self.built:
            self.build(values.shape)
        hidden, first = self._first.step(values, first, last=last)
        outputs, second = self._second.step(hidden, second, last=last)
        if self._needs_shortcut:
            values, shortcut = self._shortcut.step(values, shortcut, last=last)
        # The way around is shorter: its frames wait for those of the convolutions.
        values = ops.concatenate([*waiting, values], axis=1)
        num_frames = outputs.shape[1]
        outputs = self._activation(outputs + values[:, :num_frames])
        return outputs, (first, second, shortcut, (values[:, num_frames:],))

    def get_config(self):
        config = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "normalization": self.normalization,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = self._options()
        self._first = ConvolutionBlock(
            self.filters,
            self.kernel_size,
            strides=self.strides,
            name="first",
            **options,
        )
        self._second = ConvolutionBlock(
            self.filters, self.kernel_size, activation=None, name="second", **options
        )
        self._activation = keras.layers.Activation("relu", dtype=self.dtype_policy)
        # The way around sees one frame at a time, and is never the later one.
        parts = map(stream_timing.timing_of, (self._first, self._second))
        self._declare(stream_timing.in_sequence(list(parts)))

    def _options(self):
        """Returns the arguments that all convolutions share."""
        return {
            "padding": self.padding,
            "normalization": self.normalization,
            "dtype": self.dtype_policy,
        }
