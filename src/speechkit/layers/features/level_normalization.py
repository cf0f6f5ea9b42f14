"""Level normalisation: makes quiet and loud recordings equally loud."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.ops.time import lengths, precision, statistics


@keras.saving.register_keras_serializable(package="speechkit")
class LevelNormalization(keras.layers.Layer):
    """Scales each waveform so that its root mean square is 1.

    The mean is over the valid samples of the clip alone; padded samples become zero,
    and silence stays silent. Samples of the output may lie outside −1 to 1. Before a
    logarithm with a fixed floor, it makes the floor lie as far below the speech of
    every clip. Computed in float32 under mixed precision.

    Args:
        epsilon: Added to the mean square, so that what is quieter than its root counts
            as silence.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `epsilon` is not above 0.

    Example:
        >>> waveforms = keras.ops.array([[0.5, -0.5], [0.0, 0.0]])
        >>> LevelNormalization()(waveforms).numpy().round(3).tolist()
        [[1.0, -1.0], [0.0, 0.0]]
    """

    def __init__(self, epsilon: float = 1e-10, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.epsilon = _checks.check_number("epsilon", epsilon, above=True)
        self.input_spec = _waveforms.waveform_spec()
        self.supports_masking = True

    def call(self, inputs, mask=None):
        dtype = precision.working_dtype(self.compute_dtype)
        values = lengths.zero_padding(_waveforms.as_samples(inputs, dtype), mask)
        power = statistics.masked_power(values, mask)
        return ops.cast(values * ops.rsqrt(power + self.epsilon), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
