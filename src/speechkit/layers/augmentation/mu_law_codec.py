"""The codec of telephones: eight bits on a logarithmic scale."""

import math
from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer

_MU = 255


@keras.saving.register_keras_serializable(package="speechkit")
class MuLawCodec(AugmentationLayer):
    """Sends random clips through the µ-law codec of telephones, in training only.

    Each sample is compressed by a logarithm, rounded to one of 256 values and expanded
    again (µ = 255). At inference the input passes through unchanged.

    Args:
        probability: Probability that a clip goes through the codec.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `probability` is not from 0 to 1.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(MuLawCodec()(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"wet": 0.0}

    def __init__(
        self,
        probability: float = 1.0,
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.probability = _checks.check_probability("probability", probability)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        return {**super().get_config(), "probability": self.probability}

    def draw_parameters(self, values, *, mask):
        coded = self.draw_uniform(values) < self.probability
        return {"wet": ops.cast(coded, values.dtype)}

    def transform(self, values, draws, *, mask):
        signs, sizes = ops.sign(values), ops.minimum(ops.abs(values), 1.0)
        compressed = signs * ops.log1p(_MU * sizes) / math.log1p(_MU)
        codes = ops.ceil((compressed + 1) * (_MU / 2)) - (_MU + 1) / 2
        levels = codes * (2 / (_MU + 1))
        expanded = ops.sign(levels) * ops.expm1(ops.abs(levels) * math.log1p(_MU)) / _MU
        wet = ops.expand_dims(draws["wet"], axis=1)
        return values + wet * (expanded - values), mask
