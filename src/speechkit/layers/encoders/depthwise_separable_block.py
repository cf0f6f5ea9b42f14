"""The block of DS-CNN: a filter for each channel, then a mixture of the channels."""

import math

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders import _batch_normalization, _convolution_sizes
from speechkit.layers.encoders._activation_names import check_activation
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths
from speechkit.ops.time.time_kernel import time_kernel


@keras.saving.register_keras_serializable(package="speechkit")
class DepthwiseSeparableBlock(StreamingLayer):
    """Convolves each channel over time and frequency, then mixes the channels.

    The features of a frame are frequency bins of `channels` channels each, the channels
    of a bin beside each other, as `ConvolutionFrontEnd` leaves them. Without
    `channels`, all features are channels of a single bin: a separable convolution over
    time. Both steps are followed by batch normalisation over the valid frames and an
    activation. Masks and the ends of a clip are those of `ConvolutionBlock`.

    Args:
        filters: Number of output channels.
        kernel_size: Frames and bins that a kernel sees.
        strides: Input frames per output frame, and bins per bin.
        channels: Number of input channels. `None` means all features.
        padding: `"same"` centres the kernels in time, `"causal"` never looks ahead.
        normalization: `"batch"` or `None`.
        activation: Name of a Keras activation; `None` means linear.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, ceil(frames / strides), features)`: the strides divide the bins, too,
        and round up; the bins are multiplied by `filters`.

    Raises:
        ValueError: If an argument is out of range, or the features are no multiple of
            `channels`.

    Example:
        >>> features = keras.ops.ones((8, 98, 320))  # 10 bins of 32 channels
        >>> layer = DepthwiseSeparableBlock(48, (3, 3), strides=2, channels=32)
        >>> keras.ops.shape(layer(features))
        (8, 49, 240)

    References:
        Zhang et al., Hello Edge: Keyword Spotting on Microcontrollers, 2017.
        https://arxiv.org/abs/1711.07128
    """

    def __init__(
        self,
        filters: int,
        kernel_size: tuple[int, int] = (3, 3),
        *,
        strides: int = 1,
        channels: int | None = None,
        padding: str = "same",
        normalization: str | None = "batch",
        activation: str | None = "relu",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.filters = _checks.check_int("filters", filters)
        self.kernel_size = _convolution_sizes.check_pair("kernel_size", kernel_size)
        self.strides = _checks.check_int("strides", strides)
        if channels is not None:
            channels = _checks.check_int("channels", channels)
        self.channels = channels
        self.padding = _checks.check_choice("padding", padding, ("same", "causal"))
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("batch", None)
        )
        self.activation = check_activation(activation)
        self._kernel = time_kernel(kernel_size[0], strides, padding)
        self._declare(self._kernel.timing)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        batch, frames, features = input_shape
        bins, channels = self._bins(features), self._channels(features)
        # As if of unknown size: a kernel may be wider than the bins without padding.
        self._depthwise.build((batch, None, None, channels))
        self._pointwise.build((batch, frames, bins, channels))
        normalizations = (self._depthwise_normalization, self._pointwise_normalization)
        for layer, width in zip(normalizations, (channels, self.filters), strict=True):
            if layer is not None:
                layer.build((batch, None, bins, width))
        self.built = True

    def call(self, inputs, training=False, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        windows = self._kernel.pad(self._divide_channels(values))
        return self._outputs(windows, self._kernel.mask(mask), training)

    def compute_mask(self, inputs, previous_mask):
        return self._kernel.mask(previous_mask)

    def compute_output_shape(self, input_shape):
        batch, frames, features = input_shape
        bins = -(-self._bins(features) // self.strides)
        return (batch, self._kernel.count(frames), bins * self.filters)

    def get_initial_state(self, batch_size: int = 1):
        return self._kernel.start()

    def step(self, inputs, state, *, last: bool = False):
        if not self.built:
            self.build(inputs.shape)
        values = self._divide_channels(ops.cast(inputs, self.compute_dtype))
        windows, state = self._kernel.next_windows(values, state, last)
        return self._outputs(windows), state

    def count_multiply_adds(self, input_shape):
        """Returns the multiply–adds for one clip of a shape that is known."""
        _, frames, features = self.compute_output_shape(input_shape)
        weights = (self._depthwise.kernel, self._pointwise.kernel)
        sizes = sum(math.prod(weight.shape) for weight in weights)
        return frames * features // self.filters * sizes

    def get_config(self):
        config = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "channels": self.channels,
            "padding": self.padding,
            "normalization": self.normalization,
            "activation": self.activation,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = {"dtype": self.dtype_policy}
        has_bias = self.normalization is None
        self._depthwise = keras.layers.DepthwiseConv2D(
            self.kernel_size,
            self.strides,
            use_bias=has_bias,
            name="depthwise",
            **options,
        )
        self._pointwise = keras.layers.Dense(
            self.filters, use_bias=has_bias, name="pointwise", **options
        )
        self._depthwise_normalization = _batch_normalization.batch_normalization(
            self.normalization, name="depthwise_normalization", **options
        )
        self._pointwise_normalization = _batch_normalization.batch_normalization(
            self.normalization, name="pointwise_normalization", **options
        )
        self._activation = keras.layers.Activation(self.activation, **options)

    def _outputs(self, windows, mask=None, training=False):
        """Returns the output for frames with everything within their kernels."""
        windows = _convolution_sizes.pad_features(windows, self.kernel_size[1])
        values = self._kernel.apply(self._depthwise, windows)
        values = self._activate(self._depthwise_normalization, values, mask, training)
        values = self._pointwise(values)
        values = self._activate(self._pointwise_normalization, values, mask, training)
        batch, frames = ops.shape(values)[:2]
        return ops.reshape(values, (batch, frames, values.shape[2] * self.filters))

    def _activate(self, normalization, values, mask, training):
        values = _batch_normalization.normalize(normalization, values, mask, training)
        return lengths.zero_padding(self._activation(values), mask)

    def _divide_channels(self, values):
        features = values.shape[2]
        batch, frames = ops.shape(values)[:2]
        shape = (batch, frames, self._bins(features), self._channels(features))
        return ops.reshape(values, shape)

    def _channels(self, num_features):
        return num_features if self.channels is None else self.channels

    def _bins(self, num_features):
        if num_features % self._channels(num_features):
            raise ValueError(
                "`channels` must divide the number of features, "
                f"{num_features}. Received: channels={self.channels}"
            )
        return num_features // self._channels(num_features)
