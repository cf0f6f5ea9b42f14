"""Bit crushing: a converter with few bits."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class BitCrush(AugmentationLayer):
    """Rounds each clip to a random number of bits, in training only.

    With `b` bits, samples become multiples of `2 ** (1 - b)` from -1 to
    `1 - 2 ** (1 - b)`. At inference the input passes through unchanged.

    Args:
        bits: Lowest and highest number of bits, integers from 2 to 24.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `bits` is not two ordered integers from 2 to 24.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(BitCrush((5, 12))(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"bits": 24.0}

    def __init__(
        self,
        bits: tuple[int, int] = (5, 12),
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.bits = _check_bits(bits)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        return {**super().get_config(), "bits": self.bits}

    def draw_parameters(self, values, *, mask):
        low, high = self.bits
        draws = ops.floor(self.draw_uniform(values, (low, high + 1)))
        return {"bits": ops.minimum(draws, float(high))}

    def transform(self, values, draws, *, mask):
        steps = ops.power(2.0, ops.expand_dims(draws["bits"], axis=1) - 1)
        rounded = ops.clip(ops.round(values * steps), -steps, steps - 1)
        return rounded / steps, mask


def _check_bits(bits):
    low, high = _checks.check_range("bits", bits, minimum=2)
    if high > 24 or not (isinstance(low, int) and isinstance(high, int)):
        raise ValueError(
            f"`bits` must be two integers from 2 to 24. Received: bits={bits}"
        )
    return (low, high)
