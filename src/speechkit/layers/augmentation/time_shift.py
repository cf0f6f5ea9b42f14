"""Time shift: a clip that starts later or earlier."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import delays


@keras.saving.register_keras_serializable(package="speechkit")
class TimeShift(AugmentationLayer):
    """Moves each clip by a random time, in training only.

    The clip keeps its length: zeros fill the places that become free, and samples that
    are moved beyond an end are lost. At inference the input passes
    through unchanged.

    Args:
        shift_seconds: Lowest and highest shift, in seconds; positive ones start later.
        sampling_rate: Samples per second of the waveforms, in hertz.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `shift_seconds` is not two ordered, finite numbers.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> shift = TimeShift((-0.1, 0.1), sampling_rate=16000)
        >>> keras.ops.shape(shift(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"shift_seconds": 0.0}

    def __init__(
        self,
        shift_seconds: tuple[float, float] = (-0.1, 0.1),
        *,
        sampling_rate: int,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.shift_seconds = _checks.check_range("shift_seconds", shift_seconds)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "shift_seconds": self.shift_seconds,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        return {"shift_seconds": self.draw_uniform(values, self.shift_seconds)}

    def transform(self, values, draws, *, mask):
        samples = ops.round(draws["shift_seconds"] * self.sampling_rate)
        return delays.delayed(values, ops.cast(samples, "int32")), mask
