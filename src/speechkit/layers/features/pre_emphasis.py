"""Pre-emphasis: lifts the high frequencies of speech before the spectrum."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.streaming_layer import StreamingLayer


@keras.saving.register_keras_serializable(package="speechkit")
class PreEmphasis(StreamingLayer):
    """Filters waveforms with y[t] = x[t] − c·x[t−1].

    The sample before the first counts as zero, so the first sample stays as it is.
    A mask passes through unchanged.

    Args:
        coefficient: The c of the formula; at least 0 and below 1.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `coefficient` is not at least 0 and below 1.

    Example:
        >>> PreEmphasis(0.5)(keras.ops.array([[1.0, 1.0, 0.0]])).numpy().tolist()
        [[1.0, 0.5, -0.5]]
    """

    receptive_field = 2

    def __init__(self, coefficient: float = 0.97, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.coefficient = _checks.check_rate("coefficient", coefficient)
        self.input_spec = _waveforms.waveform_spec()
        self.supports_masking = True

    def call(self, inputs):
        outputs, _ = self.step(inputs, self.get_initial_state(ops.shape(inputs)[0]))
        return outputs

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        return ops.zeros((batch_size, 1), dtype=self.compute_dtype)

    def step(self, inputs, state, *, last: bool = False):
        waveforms = _waveforms.as_samples(inputs, self.compute_dtype)
        previous = ops.concatenate([state, waveforms], axis=1)
        outputs = waveforms - self.coefficient * previous[:, :-1]
        return outputs, previous[:, -1:]

    def get_config(self):
        return {**super().get_config(), "coefficient": self.coefficient}
