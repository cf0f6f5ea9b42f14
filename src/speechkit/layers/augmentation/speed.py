"""Speed: plays a clip faster or slower, as a tape does."""

from typing import ClassVar

import keras

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation import _duration
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import fixed_point, playback


@keras.saving.register_keras_serializable(package="speechkit")
class Speed(AugmentationLayer):
    """Plays each clip at a random speed, in training only.

    Duration and pitch change. Sample `t` of the output is the input at time
    `t * factor`, low-pass filtered before so that nothing aliases. Speeds are rounded
    to multiples of 1 / 65536. In training the output has room for the slowest clip,
    `ceil(samples / factors[0])` samples, and a mask that says where each clip ends. At
    inference the input passes through unchanged.

    The low-pass falls over the last 12 % of the frequencies that the result can hold;
    a clip at factor 1 stays exactly what it is.

    Args:
        factors: Lowest and highest speed; 1 leaves a clip as it is, 2 halves it.
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
        >>> keras.ops.shape(Speed((0.8, 1.2))(waveforms, training=True))
        (8, 20000)
    """

    neutral_draws: ClassVar = {"factor": 1.0}

    def __init__(
        self,
        factors: tuple[float, float] = (0.9, 1.1),
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.factors = _checks.check_range("factors", factors, minimum=0.1)
        self.input_spec = _waveforms.waveform_spec()

    def compute_output_shape(self, input_shape):
        # Longer in training than at inference, so the time axis is declared unknown.
        return (input_shape[0], None)

    def get_config(self):
        return {**super().get_config(), "factors": self.factors}

    def draw_parameters(self, values, *, mask):
        return {"factor": fixed_point.on_grid(self.draw_uniform(values, self.factors))}

    def transform(self, values, draws, *, mask):
        factors = fixed_point.on_grid(draws["factor"])
        count = _duration.longest_length(values, self.factors[0])
        outputs = playback.played(values, factors, count)
        return outputs, _duration.mask_at_speeds(
            outputs, factors, values=values, mask=mask
        )
