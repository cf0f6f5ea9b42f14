"""Pitch: a higher or a lower voice at the same pace."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation import _duration
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import fixed_point, playback, wsola


@keras.saving.register_keras_serializable(package="speechkit")
class PitchShift(AugmentationLayer):
    """Shifts the pitch of each clip by random cents, in training only.

    The duration stays. As in `pitch` of SoX, the clip is stretched as by `Tempo` and
    played at another speed as by `Speed`. At inference the input passes through
    unchanged.

    Args:
        cents: Lowest and highest shift; 100 cents are a semitone, 1200 an octave.
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
        ValueError: If `cents` is not two ordered numbers from -2400 to 2400.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> pitch = PitchShift((-300, 300), sampling_rate=16000)
        >>> keras.ops.shape(pitch(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar = {"cents": 0.0}

    def __init__(
        self,
        cents: tuple[float, float] = (-300.0, 300.0),
        *,
        sampling_rate: int,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.cents = _check_cents(cents)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate, 1000)
        self._cut = wsola.segments(sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "cents": self.cents,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        return {"cents": self.draw_uniform(values, self.cents)}

    def transform(self, values, draws, *, mask):
        tempos = fixed_point.on_grid(ops.power(2.0, -draws["cents"] / 1200))
        count = _duration.longest_length(values, 2 ** (-self.cents[1] / 1200))
        stretched = wsola.stretched(values, tempos, count, self._cut)
        speeds = fixed_point.on_grid(1 / tempos)
        return playback.played(stretched, speeds, ops.shape(values)[1]), mask


def _check_cents(cents):
    cents = _checks.check_range("cents", cents, minimum=-2400)
    if cents[1] > 2400:
        raise ValueError(f"`cents` must be 2400 at most. Received: cents={cents}")
    return cents
