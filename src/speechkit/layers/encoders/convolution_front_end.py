"""Convolutions over time and frequency, before the layers that see time alone."""

import math
from collections.abc import Sequence

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.encoders import _batch_normalization, _convolution_sizes
from speechkit.layers.encoders._activation_names import check_activation
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths, stream_timing
from speechkit.ops.time.time_kernel import time_kernel


@keras.saving.register_keras_serializable(package="speechkit")
class ConvolutionFrontEnd(StreamingLayer):
    """Convolves features over time and frequency, several times.

    A convolution over frequency meets the same pattern at whatever height a voice puts
    it. Each convolution is followed by batch normalisation over the valid frames of the
    batch and a rectifier. As in `ConvolutionBlock`, frames beyond either end of a clip
    count as zero and padded frames of the output are zero.

    Args:
        filters: Number of filters of each convolution.
        kernel_sizes: Frames and features that a kernel sees, one pair for each.
        strides: Input frames and features per output frame and feature, one pair for
            each.
        normalization: `"batch"` or `None`.
        activation: Name of a Keras activation; `None` means linear.
        padding: `"same"` centres the kernels in time, `"causal"` never looks ahead.
        feature_padding: `"same"` puts zeros beside the features, `"valid"` keeps the
            kernels within them.
        dilations: Distance between two frames that a kernel sees, one for each. `None`
            means 1.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`: each stride divides the frames and the features and
        rounds up; the features of the last convolution are multiplied by its filters.

    Raises:
        ValueError: If an argument is out of range, there are not as many kernels and
            strides as filters, or a kernel is wider than its features.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> strides = ((2, 2), (1, 2))
        >>> layer = ConvolutionFrontEnd((16, 32), ((5, 5), (3, 3)), strides=strides)
        >>> keras.ops.shape(layer(features))
        (8, 49, 320)

    References:
        Amodei et al., Deep Speech 2: End-to-End Speech Recognition in English and
        Mandarin, 2015, section 3.4. https://arxiv.org/abs/1512.02595
    """

    def __init__(
        self,
        filters: Sequence[int] = (24, 32, 48, 64),
        kernel_sizes: Sequence[tuple[int, int]] = ((5, 5), (3, 3), (3, 3), (3, 3)),
        *,
        strides: Sequence[tuple[int, int]] = ((1, 2), (2, 2), (1, 2), (2, 1)),
        normalization: str | None = "batch",
        activation: str | None = "relu",
        padding: str = "same",
        feature_padding: str = "same",
        dilations: Sequence[int] | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.filters = _convolution_sizes.check_sizes("filters", filters)
        count = len(self.filters)
        self.kernel_sizes = _convolution_sizes.check_pairs(
            "kernel_sizes", kernel_sizes, count
        )
        self.strides = _convolution_sizes.check_pairs("strides", strides, count)
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("batch", None)
        )
        self.activation = check_activation(activation)
        self.padding = _checks.check_choice("padding", padding, ("same", "causal"))
        self.feature_padding = _checks.check_choice(
            "feature_padding", feature_padding, ("same", "valid")
        )
        self._dilations = _convolution_sizes.check_dilations(dilations, self.strides)
        self.dilations = None if dilations is None else self._dilations
        self._kernels = [
            time_kernel(size[0], stride[0], padding, dilation)
            for size, stride, dilation in zip(
                self.kernel_sizes, self.strides, self._dilations, strict=True
            )
        ]
        self._declare(
            stream_timing.in_sequence([kernel.timing for kernel in self._kernels])
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        counts = self._feature_counts(input_shape[2])
        # Dilated convolutions lose the number of features where the time is unknown.
        self._num_features = counts[-1] * self.filters[-1]
        channels = 1
        for index, convolution in enumerate(self._convolutions):
            convolution.build((input_shape[0], None, None, channels))
            channels = self.filters[index]
            if self._normalizations[index] is not None:
                self._normalizations[index].build((None, None, counts[index], channels))
        self.built = True

    def call(self, inputs, training=False, mask=None):
        # `values[..., None]` does not convert to TFLite where the time is unknown.
        values = ops.expand_dims(ops.cast(inputs, self.compute_dtype), axis=-1)
        values = lengths.zero_padding(values, mask)
        for index, kernel in enumerate(self._kernels):
            mask = kernel.mask(mask)
            values = self._convolve(index, kernel.pad(values), mask, training)
        return self._join_channels(values)

    def compute_mask(self, inputs, previous_mask):
        for kernel in self._kernels:
            previous_mask = kernel.mask(previous_mask)
        return previous_mask

    def compute_output_shape(self, input_shape):
        batch, frames, features = input_shape
        for kernel in self._kernels:
            frames = kernel.count(frames)
        features = self._feature_counts(features)[-1]
        return (batch, frames, features * self.filters[-1])

    def get_initial_state(self, batch_size: int = 1):
        return tuple(kernel.start() for kernel in self._kernels)

    def step(self, inputs, state, *, last: bool = False):
        if not self.built:
            self.build(inputs.shape)
        values = ops.expand_dims(ops.cast(inputs, self.compute_dtype), axis=-1)
        states = []
        for index, kernel in enumerate(self._kernels):
            windows, after = kernel.next_windows(values, state[index], last)
            values = self._convolve(index, windows)
            states.append(after)
        return self._join_channels(values), tuple(states)

    def count_multiply_adds(self, input_shape):
        """Returns the multiply–adds for one clip of a shape that is known."""
        _, frames, features = input_shape
        counts = self._feature_counts(features)
        total = 0
        for index, kernel in enumerate(self._kernels):
            frames = kernel.count(frames)
            weights = self._convolutions[index].kernel.shape
            total += frames * counts[index] * math.prod(weights)
        return total

    def get_config(self):
        config = {
            "filters": self.filters,
            "kernel_sizes": self.kernel_sizes,
            "strides": self.strides,
            "normalization": self.normalization,
            "activation": self.activation,
            "padding": self.padding,
            "feature_padding": self.feature_padding,
            "dilations": self.dilations,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = {"dtype": self.dtype_policy}
        numbered = enumerate(
            zip(self.filters, self.kernel_sizes, self.strides, strict=True)
        )
        self._convolutions = [
            keras.layers.Conv2D(
                *sizes,
                dilation_rate=(self._dilations[index], 1),
                use_bias=self.normalization is None,
                name=f"convolution_{index}",
                **options,
            )
            for index, sizes in numbered
        ]
        self._normalizations = [
            _batch_normalization.batch_normalization(
                self.normalization, name=f"normalization_{index}", **options
            )
            for index in range(len(self.filters))
        ]
        self._activation = keras.layers.Activation(self.activation, **options)

    def _convolve(self, index, windows, mask=None, training=False):
        """Returns the output of one convolution for everything within its kernels."""
        if self.feature_padding == "same":
            size = self.kernel_sizes[index][1]
            windows = _convolution_sizes.pad_features(windows, size)
        values = self._kernels[index].apply(self._convolutions[index], windows)
        values = _batch_normalization.normalize(
            self._normalizations[index], values, mask, training
        )
        return lengths.zero_padding(self._activation(values), mask)

    def _join_channels(self, values):
        batch, frames = ops.shape(values)[:2]
        return ops.reshape(values, (batch, frames, self._num_features))

    def _feature_counts(self, num_features):
        """Returns how many features there are after each convolution."""
        return _convolution_sizes.feature_counts(
            num_features, self.kernel_sizes, self.strides, self.feature_padding
        )
