"""Convolutions over time and frequency, before the layers that see time alone."""

from collections.abc import Sequence

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class ConvolutionFrontEnd(keras.layers.Layer):
    """Convolves features over time and frequency, several times.

    A convolution over frequency meets the same pattern at whatever height a voice puts
    it. Each convolution is followed by batch normalisation over the valid frames of the
    batch and a rectifier. As in `ConvolutionBlock`, frames beyond either end of a clip
    count as zero and padded frames of the output are zero; the kernels are centred.

    Args:
        filters: Number of filters of each convolution.
        kernel_sizes: Frames and features that a kernel sees, one pair for each.
        strides: Input frames and features per output frame and feature, one pair for
            each.
        normalization: `"batch"` or `None`.
        activation: Name of a Keras activation; `None` means linear.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`: each stride divides the frames and the features and
        rounds up; the features of the last convolution are multiplied by its filters.

    Raises:
        ValueError: If an argument is out of range or there are not as many kernels and
            strides as filters.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> layer = ConvolutionFrontEnd((16, 32), ((5, 5), (3, 3)), ((2, 2), (1, 2)))
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
        strides: Sequence[tuple[int, int]] = ((1, 2), (2, 2), (1, 2), (2, 1)),
        normalization: str | None = "batch",
        activation: str | None = "relu",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.filters = tuple(_checks.check_int("filters", count) for count in filters)
        self.kernel_sizes = _check_pairs("kernel_sizes", kernel_sizes, len(filters))
        self.strides = _check_pairs("strides", strides, len(filters))
        self.normalization = _checks.check_choice(
            "normalization", normalization, ("batch", None)
        )
        self.activation = activation
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True
        self._make_layers()

    def build(self, input_shape):
        shape = (*input_shape, 1)
        for index, convolution in enumerate(self._convolutions):
            convolution.build(shape)
            features = _divide(shape[2], self.strides[index][1])
            shape = (shape[0], None, features, self.filters[index])
            if self._normalizations:
                self._normalizations[index].build(shape)
        self._num_features = shape[2] * shape[3]
        self.built = True

    def call(self, inputs, training=False, mask=None):
        # `values[..., None]` does not convert to TFLite where the time is unknown.
        values = ops.expand_dims(ops.cast(inputs, self.compute_dtype), axis=-1)
        values = lengths.zero_padding(values, mask)
        for index in range(len(self.filters)):
            mask = None if mask is None else mask[:, :: self.strides[index][0]]
            values = self._convolve(index, values, mask, training)
        shape = ops.shape(values)
        return ops.reshape(values, (shape[0], shape[1], self._num_features))

    def compute_mask(self, inputs, previous_mask):
        if previous_mask is None:
            return None
        for stride, _ in self.strides:
            previous_mask = previous_mask[:, ::stride]
        return previous_mask

    def compute_output_shape(self, input_shape):
        batch, frames, features = input_shape
        for stride in self.strides:
            frames = None if frames is None else _divide(frames, stride[0])
            features = _divide(features, stride[1])
        return (batch, frames, features * self.filters[-1])

    def get_config(self):
        config = {
            "filters": self.filters,
            "kernel_sizes": self.kernel_sizes,
            "strides": self.strides,
            "normalization": self.normalization,
            "activation": self.activation,
        }
        return {**super().get_config(), **config}

    def _make_layers(self):
        options = {"dtype": self.dtype_policy}
        has_bias = self.normalization is None
        numbered = enumerate(
            zip(self.filters, self.kernel_sizes, self.strides, strict=True)
        )
        self._convolutions = [
            keras.layers.Conv2D(
                *sizes, use_bias=has_bias, name=f"convolution_{index}", **options
            )
            for index, sizes in numbered
        ]
        self._normalizations = [
            keras.layers.BatchNormalization(
                momentum=0.9, name=f"normalization_{index}", **options
            )
            for index in range(0 if has_bias else len(self.filters))
        ]
        self._activation = keras.layers.Activation(self.activation, **options)

    def _convolve(self, index, values, mask, training):
        edges = [((size - 1) // 2, size // 2) for size in self.kernel_sizes[index]]
        values = self._convolutions[index](ops.pad(values, [(0, 0), *edges, (0, 0)]))
        values = lengths.zero_padding(values, mask)
        if self._normalizations:
            values = self._normalizations[index](
                values, training=training, mask=_repeat_over_features(mask, values)
            )
        return lengths.zero_padding(self._activation(values), mask)


def _check_pairs(name, pairs, count):
    """Returns `pairs` as a tuple of pairs; raises unless there are `count` of them."""
    pairs = tuple(tuple(pair) for pair in pairs)
    if len(pairs) != count or any(len(pair) != 2 for pair in pairs):
        raise ValueError(
            f"`{name}` must be one pair (frames, features) for each of the {count} "
            f"convolutions. Received: {name}={pairs}"
        )
    for pair in pairs:
        for number in pair:
            _checks.check_int(name, number)
    return pairs


def _repeat_over_features(mask, values):
    """Returns `(batch, frames, features)`, as batch normalisation wants its mask."""
    if mask is None:
        return None
    everywhere = ops.ones_like(values[:, :, :, 0], dtype="bool")
    return ops.logical_and(everywhere, mask[:, :, None])


def _divide(size, stride):
    return -(-size // stride)
