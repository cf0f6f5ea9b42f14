"""Time shift: a clip that starts later or earlier."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation._augmentation_layer import AugmentationLayer
from speechkit.ops.effects import delays
from speechkit.ops.time import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class TimeShift(AugmentationLayer):
    """Moves waveforms along time by a random number of samples, in training.

    Each clip draws its own shift. The clip keeps its length: zeros take the places that
    become free, and what is moved beyond an end is lost. At inference the input passes
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
        >>> keras.ops.shape(TimeShift((-0.1, 0.1))(waveforms, training=True))
        (8, 16000)
    """

    _NEUTRAL: ClassVar = {"shift_seconds": 0.0}

    def __init__(
        self,
        shift_seconds: tuple[float, float] = (-0.1, 0.1),
        sampling_rate: int = 16000,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed, **kwargs)
        self.shift_seconds = _checks.check_range("shift_seconds", shift_seconds)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def get_config(self):
        config = {
            "shift_seconds": self.shift_seconds,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def _draw(self, values, mask):
        return {"shift_seconds": self._uniform(values, *self.shift_seconds)}

    def _change(self, values, draws, mask):
        samples = ops.round(draws["shift_seconds"] * self.sampling_rate)
        outputs = delays.delayed(values, ops.cast(samples, "int32"))
        return lengths.zero_padding(outputs, mask), mask
