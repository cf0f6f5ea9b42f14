"""Drop-outs: stretches of a clip that are lost."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation import _masking
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import intervals


@keras.saving.register_keras_serializable(package="speechkit")
class Silence(AugmentationLayer):
    """Silences random stretches of each clip, in training only.

    Every length from no sample to `max_seconds` is
    equally probable, and so is every place within the valid samples. At inference the
    input passes through unchanged.

    Args:
        max_seconds: Longest drop-out, in seconds.
        num_stretches: Number of drop-outs a clip.
        sampling_rate: Samples per second of the waveforms, in hertz.
        max_share: Largest share of the valid samples that one drop-out takes.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If a length or a number is negative or a share not from 0 to 1.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Silence(sampling_rate=16000)(waveforms, training=True))
        (8, 16000)
    """

    def __init__(
        self,
        max_seconds: float = 0.1,
        num_stretches: int = 1,
        *,
        sampling_rate: int,
        max_share: float = 0.2,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.max_seconds = _checks.check_number("max_seconds", max_seconds)
        self.num_stretches = _checks.check_int(
            "num_stretches", num_stretches, minimum=0
        )
        self.max_share = _checks.check_probability("max_share", max_share)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "max_seconds": self.max_seconds,
            "num_stretches": self.num_stretches,
            "max_share": self.max_share,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        uniforms = self.draw_uniform(values, shape=(self.num_stretches, 2))
        longest = round(self.max_seconds * self.sampling_rate)
        starts, widths = _masking.time_intervals(
            uniforms,
            values,
            mask=mask,
            max_width=longest,
            max_share=self.max_share,
        )
        return {"start": starts, "width": widths}

    def transform(self, values, draws, *, mask):
        numbers = ops.arange(ops.shape(values)[1], dtype="int32")
        lost = intervals.inside(numbers, draws["start"], draws["width"])
        return ops.where(lost, ops.zeros_like(values), values), mask

    def weaken(self, draws, strength):
        return _masking.narrow(draws, strength, names=["width"])
