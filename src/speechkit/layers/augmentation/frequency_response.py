"""Frequency response: lends a clip another microphone."""

from typing import ClassVar

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class FrequencyResponse(AugmentationLayer):
    """Adds a random smooth curve over frequency to each clip, in training only.

    Microphones and rooms multiply a spectrum, which adds the same curve to every frame
    of log features. Each clip draws one: a sum of slow cosines over the features
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

    neutral_draws: ClassVar = {"weights": 0.0}

    def __init__(
        self,
        deviation: float = 0.5,
        num_cosines: int = 5,
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.deviation = _checks.check_number("deviation", deviation)
        self.num_cosines = _checks.check_int("num_cosines", num_cosines)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def build(self, input_shape):
        # The basis of the discrete cosine transform (DCT-II), unnormalised.
        places = (np.arange(input_shape[-1]) + 0.5) / input_shape[-1]
        self._cosines = np.cos(np.pi * np.arange(self.num_cosines)[:, None] * places)
        self.built = True

    def get_config(self):
        config = {"deviation": self.deviation, "num_cosines": self.num_cosines}
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        shape = (ops.shape(values)[0], self.num_cosines)
        weights = keras.random.normal(
            shape, stddev=self.deviation, dtype=values.dtype, seed=self.seed_generator
        )
        return {"weights": weights}

    def transform(self, values, draws, *, mask):
        cosines = ops.convert_to_tensor(self._cosines, dtype=values.dtype)
        curves = ops.matmul(draws["weights"], cosines)
        return values + ops.expand_dims(curves, axis=1), mask
