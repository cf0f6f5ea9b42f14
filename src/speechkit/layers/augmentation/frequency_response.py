"""Frequency response: lends a clip another microphone."""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.ops import precision


@keras.saving.register_keras_serializable(package="speechkit")
class FrequencyResponse(keras.layers.Layer):
    """Adds a random smooth curve over frequency to log features, in training.

    Microphones and rooms multiply a spectrum, which adds to its logarithm the same
    curve in every frame. Each clip draws one: a sum of slow cosines over the features
    with normally distributed weights; the first is constant, a gain. At inference the
    input passes through unchanged.

    Args:
        deviation: Standard deviation of each weight, in the unit of the features.
        num_cosines: Number of cosines; the last has `num_cosines - 1` half waves.
        seed: Seed of the curves. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If `deviation` is negative or `num_cosines` not 1 or more.

    Example:
        >>> features = keras.ops.ones((8, 98, 80))
        >>> keras.ops.shape(FrequencyResponse(0.5)(features, training=True))
        (8, 98, 80)
    """

    def __init__(
        self,
        deviation: float = 0.5,
        num_cosines: int = 5,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.deviation = _checks.check_number("deviation", deviation)
        self.num_cosines = _checks.check_int("num_cosines", num_cosines)
        self.seed = seed
        self._seeds = keras.random.SeedGenerator(seed)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        # The basis of the discrete cosine transform (DCT-II), unnormalised.
        places = (np.arange(input_shape[-1]) + 0.5) / input_shape[-1]
        self._cosines = np.cos(np.pi * np.arange(self.num_cosines)[:, None] * places)
        self.built = True

    def call(self, inputs, training=False):
        if not training:
            return ops.cast(inputs, self.compute_dtype)
        dtype = precision.working_dtype(self.compute_dtype)
        shape = (ops.shape(inputs)[0], self.num_cosines)
        weights = keras.random.normal(
            shape, stddev=self.deviation, dtype=dtype, seed=self._seeds
        )
        curves = ops.matmul(weights, ops.convert_to_tensor(self._cosines, dtype=dtype))
        outputs = ops.cast(inputs, dtype) + ops.expand_dims(curves, axis=1)
        return ops.cast(outputs, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        config = {
            "deviation": self.deviation,
            "num_cosines": self.num_cosines,
            "seed": self.seed,
        }
        return {**super().get_config(), **config}
