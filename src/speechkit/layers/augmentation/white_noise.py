"""White noise at a random signal-to-noise ratio."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation import _noise_level
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import noise


@keras.saving.register_keras_serializable(package="speechkit")
class WhiteNoise(AugmentationLayer):
    """Adds white Gaussian noise to each clip at a random ratio, in training only.

    The signal-to-noise ratio is the power of the valid samples over the power of the
    noise; silence stays silent. At inference the input passes through unchanged.

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
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.snr_db = _checks.check_range("snr_db", snr_db)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        return {**super().get_config(), "snr_db": self.snr_db}

    def draw_parameters(self, values, *, mask):
        ratios = self.draw_uniform(values, self.snr_db)
        batch, count = ops.shape(values)
        standard = noise.normal(batch, count, values.dtype, self.seed_generator)
        return {"snr_db": ratios, "noise": standard}

    def transform(self, values, draws, *, mask):
        scale = ops.sqrt(_noise_level.noise_power(values, draws, mask))
        return values + scale * draws["noise"], mask

    def weaken(self, draws, strength):
        return _noise_level.attenuate(draws, strength)
