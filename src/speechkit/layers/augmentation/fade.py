"""Fades: clips that swell and die away."""

import math
from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.time import lengths

_CURVES = {
    "t": lambda share: share,
    "q": lambda share: ops.sin(share * (math.pi / 2)),
    "h": lambda share: (1 - ops.cos(share * math.pi)) / 2,
    "p": lambda share: 1 - ops.square(1 - share),
}


@keras.saving.register_keras_serializable(package="speechkit")
class Fade(AugmentationLayer):
    """Fades each clip in and out over random times, in training only.

    The gain rises from 0 and falls to 0 at the last
    valid sample; a fade longer than the clip is cut short. At inference the input
    passes through unchanged.

    Args:
        in_seconds: Shortest and longest time of the fade at the beginning, in seconds.
        out_seconds: Shortest and longest time of the fade at the end, in seconds.
        sampling_rate: Samples per second of the waveforms, in hertz.
        shape: Curve of the gain by the letters of SoX: `"t"`, linear; `"q"`, a quarter
            of a sine wave; `"h"`, half a sine wave; `"p"`, an inverted parabola.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If a time is negative or `shape` unknown.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> fade = Fade((0.0, 0.1), sampling_rate=16000)
        >>> keras.ops.shape(fade(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"in_seconds": 0.0, "out_seconds": 0.0}

    def __init__(
        self,
        in_seconds: tuple[float, float] = (0.0, 0.1),
        out_seconds: tuple[float, float] = (0.0, 0.1),
        *,
        sampling_rate: int,
        shape: str = "t",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.in_seconds = _checks.check_range("in_seconds", in_seconds, 0)
        self.out_seconds = _checks.check_range("out_seconds", out_seconds, 0)
        self.shape = _checks.check_choice("shape", shape, _CURVES)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "in_seconds": self.in_seconds,
            "out_seconds": self.out_seconds,
            "shape": self.shape,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        return {
            "in_seconds": self.draw_uniform(values, self.in_seconds),
            "out_seconds": self.draw_uniform(values, self.out_seconds),
        }

    def transform(self, values, draws, *, mask):
        numbers = ops.expand_dims(
            ops.arange(ops.shape(values)[1], dtype="int32"), axis=0
        )
        ends = ops.expand_dims(lengths.mask_lengths(values, mask), axis=1)
        rising = self._gain(numbers, draws["in_seconds"])
        falling = self._gain(ends - 1 - numbers, draws["out_seconds"])
        return values * rising * falling, mask

    def _gain(self, samples, seconds):
        """Returns the gain at a distance in samples from the silent end of a fade."""
        last = ops.expand_dims(ops.round(seconds * self.sampling_rate), axis=1)
        share = ops.cast(samples, seconds.dtype) / ops.maximum(last, 1.0)
        share = ops.where(last > 0, ops.clip(share, 0.0, 1.0), ops.ones_like(share))
        return _CURVES[self.shape](share)
