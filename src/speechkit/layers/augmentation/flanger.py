"""Flanging: a clip over itself, a moving moment later."""

import math
from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import delays

_BLOCK = 256


@keras.saving.register_keras_serializable(package="speechkit")
class Flanger(AugmentationLayer):
    """Adds to each clip a copy whose random delay swings, in training only.

    `flanger` of SoX without regeneration, sample by sample: the delay swings as a sine
    from `delay_ms` to `delay_ms + depth_ms`, shortest at the beginning, and is read
    between samples linearly. At inference the input passes through unchanged.

    Args:
        delay_ms: Lowest and highest base delay, in milliseconds.
        depth_ms: Lowest and highest swing of the delay, in milliseconds.
        sampling_rate: Samples per second of the waveforms, in hertz.
        width_percent: Lowest and highest share of the delayed signal that is added, in
            percent.
        speed_hz: Lowest and highest number of swings per second.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If a range is not two ordered numbers of 0 or more, or a speed is
            not 0.1 or more.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Flanger(sampling_rate=16000)(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"width_percent": 0.0}

    def __init__(
        self,
        delay_ms: tuple[float, float] = (0.0, 4.0),
        depth_ms: tuple[float, float] = (1.0, 4.0),
        *,
        sampling_rate: int,
        width_percent: tuple[float, float] = (40.0, 90.0),
        speed_hz: tuple[float, float] = (0.2, 2.0),
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.delay_ms = _checks.check_range("delay_ms", delay_ms, 0)
        self.depth_ms = _checks.check_range("depth_ms", depth_ms, 0)
        self.width_percent = _checks.check_range("width_percent", width_percent, 0)
        self.speed_hz = _checks.check_range("speed_hz", speed_hz, 0.1)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "delay_ms": self.delay_ms,
            "depth_ms": self.depth_ms,
            "width_percent": self.width_percent,
            "speed_hz": self.speed_hz,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        names = ("delay_ms", "depth_ms", "width_percent", "speed_hz")
        return {name: self.draw_uniform(values, getattr(self, name)) for name in names}

    def transform(self, values, draws, *, mask):
        draws = {name: ops.expand_dims(draw, axis=1) for name, draw in draws.items()}
        late = delays.delayed_between(values, self._delays(values, draws))
        width = draws["width_percent"] / 100
        # Both together are as loud as the clip alone.
        return (values + width * late) / (1 + width), mask

    def _delays(self, values, draws):
        """Returns the delay of each sample, in samples, from SoX's table of a sine."""
        rate = self.sampling_rate
        period = ops.cast(rate / draws["speed_hz"], "int32")
        lowest = ops.round(draws["delay_ms"] * rate / 1000)
        highest = ops.round((draws["delay_ms"] + draws["depth_ms"]) * rate / 1000)
        quarter = ops.cast(0.75 * ops.cast(period, values.dtype) + 0.5, "int32")
        swing = _swing(ops.shape(values), period, quarter, values.dtype)
        return lowest + (swing + 1) / 2 * (highest - lowest)


def _swing(shape, period, first, dtype):
    """Returns `(batch, samples)`: sines of given periods from given first samples.

    A sine for each sample would take most of the time. The sine of the start of a block
    plus the place within it takes two products.
    """
    batch, count = shape
    num_blocks = -(-count // _BLOCK)
    starts = ops.expand_dims(ops.arange(num_blocks, dtype="int32") * _BLOCK, axis=0)
    within = ops.expand_dims(ops.arange(_BLOCK, dtype="int32"), axis=0)
    unit = 2 * math.pi / ops.cast(period, dtype)
    starts = ops.expand_dims(ops.cast((starts + first) % period, dtype) * unit, axis=2)
    within = ops.expand_dims(ops.cast(within, dtype) * unit, axis=1)
    sines = ops.sin(starts) * ops.cos(within) + ops.cos(starts) * ops.sin(within)
    return ops.reshape(sines, (batch, num_blocks * _BLOCK))[:, :count]
