"""Echos: a clip that comes back from afar."""

from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import delays
from speechkit.ops.time import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class Echos(AugmentationLayer):
    """Adds random echos to each clip, in training only.

    As `echos` of SoX, each echo comes from the one before: echo `j`, from 1, is the
    clip after its delay at `j * decay` of its amplitude. Each clip draws the delays and
    the decays of all its echos. In training, a clip becomes longer by the sum of its
    delays, as in SoX; the batch has room for the longest, and a mask says where each
    clip ends. Samples beyond full scale are clipped to [-1, 1]. At inference the input
    passes through unchanged.

    Args:
        delay_ms: Lowest and highest delay of an echo, in milliseconds.
        decay: Lowest and highest amplitude of an echo.
        sampling_rate: Samples per second of the waveforms, in hertz.
        num_echos: Number of echos.
        gain_in: Factor of the clip itself.
        gain_out: Factor of the sum of the clip and its echos.
        keep_length: Whether to cut clips to their length instead of letting the echos
            die away.
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`; in training, longer by `num_echos` times the longest delay.

    Raises:
        ValueError: If a range is not two ordered numbers of 0 or more, or a gain is
            negative.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> echos = Echos((10, 100), sampling_rate=16000)
        >>> keras.ops.shape(echos(waveforms, training=True))
        (8, 17600)
    """

    neutral_draws: ClassVar = {"wet": 0.0}

    def __init__(
        self,
        delay_ms: tuple[float, float] = (20.0, 200.0),
        decay: tuple[float, float] = (0.1, 0.5),
        *,
        sampling_rate: int,
        num_echos: int = 1,
        gain_in: float = 0.8,
        gain_out: float = 0.9,
        keep_length: bool = False,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.delay_ms = _checks.check_range("delay_ms", delay_ms, 0)
        self.decay = _checks.check_range("decay", decay, 0)
        self.num_echos = _checks.check_int("num_echos", num_echos)
        self.gain_in = _checks.check_number("gain_in", gain_in)
        self.gain_out = _checks.check_number("gain_out", gain_out)
        self.keep_length = _checks.check_bool("keep_length", keep_length)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def compute_output_shape(self, input_shape):
        # Longer in training than at inference: then the time axis is declared unknown.
        return tuple(input_shape) if self.keep_length else (input_shape[0], None)

    def get_config(self):
        config = {
            "delay_ms": self.delay_ms,
            "decay": self.decay,
            "num_echos": self.num_echos,
            "gain_in": self.gain_in,
            "gain_out": self.gain_out,
            "keep_length": self.keep_length,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        shape = (self.num_echos,)
        decays = self.draw_uniform(values, self.decay, shape=shape)
        return {
            "delay_ms": self.draw_uniform(values, self.delay_ms, shape=shape),
            "decay": decays,
            "wet": ops.ones_like(decays[:, 0]),
        }

    def transform(self, values, draws, *, mask):
        samples = draws["delay_ms"] * (self.sampling_rate / 1000)
        samples = ops.cast(samples, "int32")
        if not self.keep_length:
            values, mask = self._lengthened(values, mask, samples)
        echos = self.gain_in * values
        for number in range(self.num_echos):
            decay = (number + 1) * draws["decay"][:, number : number + 1]
            echos = echos + decay * delays.delayed(values, samples[:, number])
        echos = ops.clip(self.gain_out * echos, -1.0, 1.0)
        wet = ops.expand_dims(draws["wet"], axis=1)
        return values + wet * (echos - values), mask

    def _lengthened(self, values, mask, samples):
        """Returns the clips with room for their echos, and where each now ends."""
        ends = lengths.mask_lengths(values, mask) + ops.sum(samples, axis=1)
        longest = self.num_echos * int(self.delay_ms[1] * self.sampling_rate / 1000)
        values = ops.pad(values, [[0, 0], [0, longest]])
        return values, lengths.length_mask(values, ends)
