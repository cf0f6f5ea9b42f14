"""White noise at a drawn signal-to-noise ratio."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops import lengths, precision, statistics


@keras.saving.register_keras_serializable(package="speechkit")
class GaussianNoise(keras.layers.Layer):
    """Adds white Gaussian noise to waveforms, in training.

    Each clip draws its own signal-to-noise ratio, the power of its valid samples over
    the power of the noise; silence stays silent. Padded samples become zero. At
    inference the input passes through unchanged.

    Args:
        snr_db: Lowest and highest signal-to-noise ratio, in dB.
        seed: Seed of the noise. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `snr_db` is not two ordered, finite numbers.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))
        >>> keras.ops.shape(GaussianNoise((10, 30))(waveforms, training=True))
        (8, 16000)
    """

    def __init__(
        self,
        snr_db: tuple[float, float] = (10.0, 40.0),
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.snr_db = _checks.check_range("snr_db", snr_db)
        self.seed = seed
        self._seeds = keras.random.SeedGenerator(seed)
        self.input_spec = keras.layers.InputSpec(ndim=2)
        self.supports_masking = True

    def call(self, inputs, training=False, mask=None):
        if not training:
            return ops.cast(inputs, self.compute_dtype)
        dtype = precision.working_dtype(self.compute_dtype)
        values = lengths.zero_padding(ops.cast(inputs, dtype), mask)
        draws = keras.random.uniform(
            (ops.shape(values)[0], 1), *self.snr_db, dtype=dtype, seed=self._seeds
        )
        power = statistics.masked_power(values, mask)
        scale = ops.sqrt(power * ops.power(10.0, -draws / 10.0))
        noise = keras.random.normal(ops.shape(values), dtype=dtype, seed=self._seeds)
        noisy = lengths.zero_padding(values + scale * noise, mask)
        return ops.cast(noisy, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "snr_db": self.snr_db, "seed": self.seed}
