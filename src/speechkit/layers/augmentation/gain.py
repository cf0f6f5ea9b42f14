"""Gain: a louder or a softer clip."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class Gain(AugmentationLayer):
    """Multiplies each clip by a random gain, in training only.

    Samples beyond full scale are clipped to [-1, 1], as by SoX. At inference the
    input passes through unchanged.

    Args:
        gain_db: Lowest and highest gain, in dB.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `gain_db` is not two ordered, finite numbers.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Gain((-20, 6))(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"gain_db": 0.0}

    def __init__(
        self,
        gain_db: tuple[float, float] = (-20.0, 6.0),
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.gain_db = _checks.check_range("gain_db", gain_db)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        return {**super().get_config(), "gain_db": self.gain_db}

    def draw_parameters(self, values, *, mask):
        return {"gain_db": self.draw_uniform(values, self.gain_db)}

    def transform(self, values, draws, *, mask):
        gains = ops.power(10.0, ops.expand_dims(draws["gain_db"], axis=1) / 20)
        return ops.clip(values * gains, -1.0, 1.0), mask
