"""Speed: plays a clip faster or slower, as a tape does."""

import math

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops import interpolation, lengths, precision


@keras.saving.register_keras_serializable(package="speechkit")
class Speed(keras.layers.Layer):
    """Plays waveforms at a random speed, in training: duration and pitch change.

    Sample `t` of the output is the input at time `t * factor`, by cubic interpolation.
    Each clip draws its own factor. In training the output has room for the slowest
    clip, `ceil(samples / factors[0])` samples, and a mask that says where each clip
    ends. At inference the input passes through unchanged.

    Interpolation is not band-limited: at a factor above 1, frequencies over
    `sampling_rate / (2 * factor)` fold back.

    Args:
        factors: Lowest and highest speed; 1 leaves a clip as it is, 2 halves it.
        seed: Seed of the factors. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`; in training `(batch, ceil(samples / factors[0]))`.

    Raises:
        ValueError: If `factors` is not two ordered numbers of 0.1 or more.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))
        >>> keras.ops.shape(Speed((0.8, 1.2))(waveforms, training=True))
        (8, 20000)
    """

    def __init__(
        self,
        factors: tuple[float, float] = (0.9, 1.1),
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.factors = _checks.check_range("factors", factors, minimum=0.1)
        self.seed = seed
        self._seeds = keras.random.SeedGenerator(seed)
        self.input_spec = keras.layers.InputSpec(ndim=2)
        self.supports_masking = True

    def call(self, inputs, training=False, mask=None):
        if not training:
            return ops.cast(inputs, self.compute_dtype)
        dtype = precision.working_dtype(self.compute_dtype)
        values = lengths.zero_padding(ops.cast(inputs, dtype), mask)
        factors = keras.random.uniform(
            (ops.shape(values)[0], 1), *self.factors, seed=self._seeds
        )
        times = _output_times(values, self.factors[0]) * factors
        outputs = interpolation.cubic(values, ops.cast(times, dtype))
        ends = ops.cast(lengths.mask_lengths(values, mask), "float32")[:, None]
        new_mask = times < ends
        outputs = ops.cast(lengths.zero_padding(outputs, new_mask), self.compute_dtype)
        outputs._keras_mask = new_mask
        return outputs

    def compute_output_shape(self, input_shape):
        # Longer in training than at inference, so the time axis is declared unknown.
        return (input_shape[0], None)

    def get_config(self):
        return {**super().get_config(), "factors": self.factors, "seed": self.seed}


def _output_times(values, slowest):
    """Returns `(1, samples)`: 0, 1, … up to the end of the slowest clip."""
    samples = ops.shape(values)[1]
    if isinstance(samples, int):
        count = math.ceil(samples / slowest)
    elif samples is None:  # a symbolic call: only the rank matters
        count = 1
    else:
        count = ops.cast(ops.ceil(ops.cast(samples, "float32") / slowest), "int32")
    return ops.cast(ops.arange(count), "float32")[None]
