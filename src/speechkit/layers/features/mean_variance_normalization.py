"""Normalisation of features: takes away the level and the channel."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops.time import lengths, precision, statistics


@keras.saving.register_keras_serializable(package="speechkit")
class MeanVarianceNormalization(keras.layers.Layer):
    """Gives each feature of each clip mean 0 and variance 1 over time.

    Mean and variance are those of the valid frames of the clip alone; padded frames
    become zero. Computed in float32 under mixed precision.

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
        >>> features = keras.ops.array([[[1.0], [3.0]]])
        >>> MeanVarianceNormalization(False)(features).numpy().tolist()
        [[[-1.0], [1.0]]]
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

    def call(self, inputs, mask=None):
        values = ops.cast(inputs, precision.working_dtype(self.compute_dtype))
        mean, variance = statistics.masked_moments(values, mask)
        values = values - mean[:, None]
        if self.normalize_variance:
            values = values * ops.rsqrt(variance + self.epsilon)[:, None]
        values = lengths.zero_padding(values, mask)
        return ops.cast(values, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        config = {
            "normalize_variance": self.normalize_variance,
            "epsilon": self.epsilon,
        }
        return {**super().get_config(), **config}
