"""Clipping: a microphone that is overloaded."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class Clipping(AugmentationLayer):
    """Cuts the peaks of each clip off at a random level, in training only.

    The level is relative to the largest sample of the clip. At inference the input
    passes through unchanged.

    Args:
        threshold_db: Lowest and highest level, in dB relative to the peak of the clip;
            0 leaves a clip as it is.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `threshold_db` is not two ordered numbers of 0 or less.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Clipping((-20, -3))(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"threshold_db": 0.0}

    def __init__(
        self,
        threshold_db: tuple[float, float] = (-20.0, -3.0),
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.threshold_db = _check_thresholds(threshold_db)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        return {**super().get_config(), "threshold_db": self.threshold_db}

    def draw_parameters(self, values, *, mask):
        return {"threshold_db": self.draw_uniform(values, self.threshold_db)}

    def transform(self, values, draws, *, mask):
        # A clip without samples has the peak 0.
        padded = ops.pad(values, [[0, 0], [0, 1]])
        peaks = ops.max(ops.abs(padded), axis=1, keepdims=True)
        share = ops.power(10.0, ops.expand_dims(draws["threshold_db"], axis=1) / 20)
        return ops.clip(values, -peaks * share, peaks * share), mask


def _check_thresholds(threshold_db):
    low, high = _checks.check_range("threshold_db", threshold_db)
    if high > 0:
        raise ValueError(
            "`threshold_db` must be 0 dB at most, the peak of the clip. "
            f"Received: threshold_db={threshold_db}"
        )
    return (low, high)
