"""Pooling over time: from frames to one vector for each clip."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops.time import precision, statistics


@keras.saving.register_keras_serializable(package="speechkit")
class StatisticsPooling(keras.layers.Layer):
    """Returns the mean and the standard deviation of each feature over time.

    Only valid frames count; a clip without any gives zeros for the means. The mask ends
    here. Computed in float32 under mixed precision.

    Args:
        deviations: Whether the standard deviations follow the means.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, 2 * features)`: all means, then all standard deviations; or
        `(batch, features)` without `deviations`.

    Example:
        >>> features = keras.ops.array([[[1.0], [3.0]]])
        >>> StatisticsPooling()(features).numpy().round(3).tolist()
        [[2.0, 1.0]]

    References:
        Snyder et al., Deep Neural Network Embeddings for Text-Independent Speaker
        Verification, 2017.
    """

    def __init__(self, deviations: bool = True, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.deviations = _checks.check_bool("deviations", deviations)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def call(self, inputs, mask=None):
        values = ops.cast(inputs, precision.working_dtype(self.compute_dtype))
        mean, variance = statistics.masked_moments(values, mask)
        if not self.deviations:
            return ops.cast(mean, self.compute_dtype)
        # The gradient of a root is infinite at zero: a constant feature must not be.
        deviation = ops.sqrt(variance + 1e-7)
        pooled = ops.concatenate([mean, deviation], axis=-1)
        return ops.cast(pooled, self.compute_dtype)

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        batch, _, features = input_shape
        return (batch, 2 * features if self.deviations else features)

    def get_config(self):
        return {**super().get_config(), "deviations": self.deviations}
