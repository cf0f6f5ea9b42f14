"""Normalisation of features by the statistics of a corpus."""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths as lengths_ops
from speechkit.ops.time import masks, precision
from speechkit.ops.time.moments import Moments, merged_moments, moments_of


@keras.saving.register_keras_serializable(package="speechkit")
class GlobalMeanVarianceNormalization(StreamingLayer):
    """Gives each feature mean 0 and variance 1 over a corpus.

    `adapt` computes mean and variance once, before training; they are saved with the
    layer and never trained. Before `adapt` they are 0 and 1. Padded frames become zero.
    Computed in float32 under mixed precision.

    Args:
        normalize_variance: Whether to divide by the standard deviation, too.
        epsilon: Added to the variance, against division by zero.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If `epsilon` is not above 0.

    Example:
        >>> layer = GlobalMeanVarianceNormalization(normalize_variance=False)
        >>> layer.adapt(keras.ops.array([[[1.0], [5.0], [9.0]]]), lengths=[2])
        >>> layer(keras.ops.array([[[4.0]]])).numpy().tolist()
        [[[1.0]]]
    """

    def __init__(
        self, normalize_variance: bool = True, epsilon: float = 1e-5, **kwargs
    ):
        super().__init__(autocast=False, **kwargs)
        self.normalize_variance = _checks.check_bool(
            "normalize_variance", normalize_variance
        )
        self.epsilon = _checks.check_number("epsilon", epsilon, above=True)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        def add(name, initializer, shape=(input_shape[-1],), dtype=None):
            return self.add_weight(
                name=name,
                shape=shape,
                initializer=initializer,
                dtype=dtype,
                trainable=False,
            )

        self.mean = add("mean", "zeros")
        self.variance = add("variance", "ones")
        self.count = add("count", "zeros", (), precision.WIDE_INT)
        self.built = True

    def call(self, inputs, mask=None):
        dtype = precision.working_dtype(self.compute_dtype)
        values = ops.cast(inputs, dtype) - ops.cast(self.mean, dtype)
        if self.normalize_variance:
            values = values * ops.rsqrt(ops.cast(self.variance, dtype) + self.epsilon)
        values = lengths_ops.zero_padding(values, mask)
        return ops.cast(values, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def adapt(self, data, lengths=None):
        """Sets mean and variance to those of the valid frames of a corpus.

        Sums are computed in float64. What was learned before is forgotten; see
        `merge_state` for a corpus in several parts.

        Args:
            data: `(clips, frames, features)`, or an iterable of such batches, such as a
                `tf.data.Dataset`. A batch may be a pair of features and lengths, or
                carry a mask.
            lengths: `(clips,)`: frames of each clip, if `data` is one array. `None`
                means that all are valid, or that the mask says so.

        Raises:
            ValueError: If a batch has another shape, or no frame is valid.
        """
        batches = [(data, lengths)] if hasattr(data, "shape") else data
        moments = merged_moments([_batch_moments(batch) for batch in batches])
        if not moments.count:
            raise ValueError(f"`data` must hold a valid frame. Received: data={data!r}")
        self._set_moments(moments)

    def merge_state(self, layers):
        """Takes in what other layers of this class have learned from other clips.

        Args:
            layers: The other layers, adapted each to a part of the corpus.
        """
        parts = [layer._moments() for layer in (self, *layers)]
        self._set_moments(merged_moments(parts))

    def get_config(self):
        config = {
            "normalize_variance": self.normalize_variance,
            "epsilon": self.epsilon,
        }
        return {**super().get_config(), **config}

    def _moments(self):
        weights = (self.count, self.mean, self.variance)
        count, mean, variance = (ops.convert_to_numpy(weight) for weight in weights)
        return Moments(int(count), mean.astype("float64"), variance.astype("float64"))

    def _set_moments(self, moments):
        if not self.built:
            self.build((None, None, len(moments.mean)))
        self.count.assign(moments.count)
        self.mean.assign(moments.mean)
        self.variance.assign(moments.variance)


def _batch_moments(batch):
    """Returns the moments of features, or of a pair of features and lengths."""
    features, lengths = batch if isinstance(batch, tuple | list) else (batch, None)
    if len(features.shape) != 3:
        raise ValueError(
            "`data` must have the shape (clips, frames, features). "
            f"Received: shape={tuple(features.shape)}"
        )
    mask = masks.get_mask(features)
    values = ops.convert_to_numpy(features)
    if lengths is not None:
        mask = np.arange(values.shape[1]) < np.reshape(
            ops.convert_to_numpy(lengths), (-1, 1)
        )
    if mask is None:
        return moments_of(values.reshape(-1, values.shape[2]))
    return moments_of(values[ops.convert_to_numpy(mask)])
