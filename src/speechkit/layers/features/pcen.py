"""Per-channel energy normalisation: an automatic gain in place of the logarithm."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal.smoothing import exponential_smoothing
from speechkit.ops.time import lengths, precision


@keras.saving.register_keras_serializable(package="speechkit")
class PCEN(StreamingLayer):
    """Divides energies by their own slowly moving level, and compresses them.

    The level of a channel is M[t] = s·E[t] + (1 − s)·M[t−1], and the output
    (E / (e + M)^a + d)^r − d^r. The parameters are fixed. A mask passes through
    unchanged. Computed in float32 under mixed precision.

    Args:
        smoothing: The s of the formula, above 0 and at most 1. librosa computes it from
            a time constant of T frames as (√(1 + 4T²) − 1) / (2T²).
        gain: The a of the formula: how much of the level is taken away, from 0 to 1.
        bias: The d of the formula, above 0.
        power: The r of the formula, above 0.
        epsilon: The e of the formula, above 0: a level that counts as silence.
        initial_level: Level before the first frame; librosa's is 1. `None` means the
            energy of the first frame.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`: energies, such as `MelSpectrogram` computes.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> layer = PCEN(gain=1.0, bias=1.0, power=1.0)  # the energy over its level
        >>> layer(keras.ops.ones((1, 3, 1)))[0, :, 0].numpy().round(3).tolist()
        [1.0, 1.0, 1.0]

    References:
        Wang et al., Trainable frontend for robust and far-field keyword spotting, 2017.
        https://arxiv.org/abs/1607.05666
    """

    receptive_field = None

    def __init__(
        self,
        *,
        smoothing: float = 0.025,
        gain: float = 0.98,
        bias: float = 2.0,
        power: float = 0.5,
        epsilon: float = 1e-6,
        initial_level: float | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.smoothing = _checks.check_probability("smoothing", smoothing)
        _checks.check_number("smoothing", smoothing, above=True)
        self.gain = _checks.check_probability("gain", gain)
        self.bias = _checks.check_number("bias", bias, above=True)
        self.power = _checks.check_number("power", power, maximum=8, above=True)
        self.epsilon = _checks.check_number("epsilon", epsilon, above=True)
        if initial_level is not None:
            initial_level = _checks.check_number("initial_level", initial_level)
        self.initial_level = initial_level
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        energies = lengths.zero_padding(self._energies(inputs), mask)
        levels = self._levels(energies, self._level_before(energies))
        return self._normalize(energies, levels)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        # How many features there are is known with the first piece.
        return ()

    def step(self, inputs, state, *, last: bool = False):
        energies = self._energies(inputs)
        (level,) = state or (self._level_before(energies),)
        levels = self._levels(energies, level)
        if energies.shape[1]:
            state = (levels[:, -1:],)
        return self._normalize(energies, levels), state

    def get_config(self):
        config = {
            "smoothing": self.smoothing,
            "gain": self.gain,
            "bias": self.bias,
            "power": self.power,
            "epsilon": self.epsilon,
            "initial_level": self.initial_level,
        }
        return {**super().get_config(), **config}

    def _energies(self, inputs):
        return ops.cast(inputs, precision.working_dtype(self.compute_dtype))

    def _level_before(self, energies):
        first = energies[:, :1]
        if self.initial_level is None:
            return first
        return ops.full_like(first, self.initial_level)

    def _levels(self, energies, level):
        return exponential_smoothing(energies, level, self.smoothing)

    def _normalize(self, energies, levels):
        gains = ops.exp(-self.gain * ops.log(self.epsilon + levels))
        outputs = ops.power(energies * gains + self.bias, self.power)
        return ops.cast(outputs - self.bias**self.power, self.compute_dtype)
