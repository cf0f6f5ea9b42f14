"""Random levels: clips that are soft or loud."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.time import statistics


@keras.saving.register_keras_serializable(package="speechkit")
class RandomLevel(AugmentationLayer):
    """Brings each clip to a random level, in training only.

    A clip is multiplied so that its largest sample, or its root mean square, has the
    level; 0 dB is full scale. Silence stays silent. Samples beyond
    full scale are clipped to [-1, 1], as by `norm` of SoX. At inference the input
    passes through unchanged; `LevelNormalization` acts there, too.

    Args:
        level_db: Lowest and highest level, in dB of full scale.
        measure: What has the level: `"peak"` or `"rms"`.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `level_db` is not two ordered, finite numbers, or `measure` is
            unknown.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(RandomLevel((-20, 0))(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"wet": 0.0}

    def __init__(
        self,
        level_db: tuple[float, float] = (-20.0, 0.0),
        measure: str = "peak",
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.level_db = _checks.check_range("level_db", level_db)
        self.measure = _checks.check_choice("measure", measure, ("peak", "rms"))
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "level_db": self.level_db,
            "measure": self.measure,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        levels = self.draw_uniform(values, self.level_db)
        return {"level_db": levels, "wet": ops.ones_like(levels)}

    def transform(self, values, draws, *, mask):
        level = ops.power(10.0, ops.expand_dims(draws["level_db"], axis=1) / 20)
        measured = self._measured(values, mask)
        silent = measured == 0
        measured = ops.where(silent, ops.ones_like(measured), measured)
        gains = ops.where(silent, ops.ones_like(measured), level / measured)
        # On the way to its level, a clip is moved along the decibels.
        gains = ops.power(gains, ops.expand_dims(draws["wet"], axis=1))
        return ops.clip(values * gains, -1.0, 1.0), mask

    def _measured(self, values, mask):
        """Returns `(batch, 1)`: the level of each clip before."""
        if self.measure == "rms":
            return ops.sqrt(statistics.masked_power(values, mask))
        # A clip without samples is as silent as one of zeros.
        return ops.max(
            ops.abs(ops.pad(values, [[0, 0], [0, 1]])), axis=1, keepdims=True
        )
