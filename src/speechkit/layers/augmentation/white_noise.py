"""White noise at a random signal-to-noise ratio."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation import _noise
from speechkit.layers.augmentation._augmentation_layer import AugmentationLayer
from speechkit.ops.effects import noise
from speechkit.ops.time import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class WhiteNoise(AugmentationLayer):
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
        >>> keras.ops.shape(WhiteNoise((10, 30))(waveforms, training=True))
        (8, 16000)
    """

    def __init__(
        self,
        snr_db: tuple[float, float] = (10.0, 40.0),
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed, **kwargs)
        self.snr_db = _checks.check_range("snr_db", snr_db)
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def get_config(self):
        return {**super().get_config(), "snr_db": self.snr_db}

    def _draw(self, values, mask):
        ratios = self._uniform(values, *self.snr_db)
        batch, count = ops.shape(values)
        standard = noise.normal(batch, count, values.dtype, self._seeds)
        return {"snr_db": ratios, "noise": standard}

    def _change(self, values, draws, mask):
        scale = ops.sqrt(_noise.power(values, draws, mask))
        noisy = values + scale * draws["noise"]
        return lengths.zero_padding(noisy, mask), mask

    def _weakened(self, draws, strength):
        return _noise.quieter(draws, strength)
