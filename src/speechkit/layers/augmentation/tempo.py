"""Tempo: speech at another pace and the same pitch."""

from typing import ClassVar

import keras

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation import _duration
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import fixed_point, wsola


@keras.saving.register_keras_serializable(package="speechkit")
class Tempo(AugmentationLayer):
    """Plays each clip at a random tempo, in training only.

    The pitch stays. As in `tempo` of SoX, sample by sample, segments of 82 ms overlap,
    each taken from where it fits the one before best (WSOLA). Tempos are rounded to
    multiples of 1 / 65536. In training the output has room for the slowest clip,
    `ceil(samples / factors[0])` samples, and a mask that says where each clip ends. At
    inference the input passes through unchanged.

    Args:
        factors: Lowest and highest tempo; 1 leaves a clip as it is, 2 halves it.
        sampling_rate: Samples per second of the waveforms, in hertz.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`; in training `(batch, ceil(samples / factors[0]))`.

    Raises:
        ValueError: If `factors` is not two ordered numbers of 0.1 or more.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> tempo = Tempo((0.8, 1.2), sampling_rate=16000)
        >>> keras.ops.shape(tempo(waveforms, training=True))
        (8, 20000)
    """

    neutral_draws: ClassVar = {"factor": 1.0}

    def __init__(
        self,
        factors: tuple[float, float] = (0.8, 1.25),
        *,
        sampling_rate: int,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.factors = _checks.check_range("factors", factors, minimum=0.1)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate, 1000)
        self._cut = wsola.segments(sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def compute_output_shape(self, input_shape):
        # Longer in training than at inference, so the time axis is declared unknown.
        return (input_shape[0], None)

    def get_config(self):
        config = {
            "factors": self.factors,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        return {"factor": fixed_point.on_grid(self.draw_uniform(values, self.factors))}

    def transform(self, values, draws, *, mask):
        factors = fixed_point.on_grid(draws["factor"])
        count = _duration.longest_length(values, self.factors[0])
        outputs = wsola.stretched(values, factors, count, self._cut)
        return outputs, _duration.mask_at_speeds(
            outputs, factors, values=values, mask=mask
        )
