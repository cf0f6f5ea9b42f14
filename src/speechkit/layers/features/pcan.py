"""Per-channel amplitude normalisation: the gain control of the micro front end."""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal.smoothing import exponential_smoothing
from speechkit.ops.time import lengths, precision

# A root of energies below this has no gradient; the least that counts is 1.
_LEAST_ENERGY = 1e-6


@keras.saving.register_keras_serializable(package="speechkit")
class PCAN(StreamingLayer):
    """Takes the noise away from energies, controls their gain, and takes the logarithm.

    This is what the front end of TensorFlow Lite Micro does to the energies of
    `MelSpectrogram` with the preset `"micro"`, in floating point.
    With the magnitude A = √E, the noise of a channel is
    N[t] = s·A[t] + (1 − s)·N[t−1], from 0 on; what remains of the magnitude,
    B = max(A − N, m·A), becomes v = B·(N + offset)^−strength, and c = v²/4 below 2 and
    v − 1 above. The output is 64·ln(fft_length·c), or 0 if that is negative. A mask
    passes through unchanged. Computed in float32 under mixed precision.

    Args:
        even_smoothing: The s of the formula for the first, third, … channel.
        odd_smoothing: The s of the formula for the others.
        min_signal_remaining: The m of the formula, from 0 to 1.
        strength: How much of the noise level is taken away, from 0 to 1.
        offset: Noise level below which the gain hardly grows, above 0.
        fft_length: Length of the FFT that the energies come from, in samples.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`: energies of samples on the 16-bit scale.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> energies = keras.ops.full((8, 49, 40), 1e6)
        >>> keras.ops.shape(PCAN()(energies))
        (8, 49, 40)

    References:
        The micro front end of TensorFlow.
        https://github.com/tensorflow/tensorflow/tree/master/tensorflow/lite/experimental/microfrontend
    """

    receptive_field = None

    def __init__(
        self,
        *,
        even_smoothing: float = 0.025,
        odd_smoothing: float = 0.06,
        min_signal_remaining: float = 0.05,
        strength: float = 0.95,
        offset: float = 80.0,
        fft_length: int = 512,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.even_smoothing = _checks.check_probability(
            "even_smoothing", even_smoothing
        )
        self.odd_smoothing = _checks.check_probability("odd_smoothing", odd_smoothing)
        self.min_signal_remaining = _checks.check_probability(
            "min_signal_remaining", min_signal_remaining
        )
        self.strength = _checks.check_probability("strength", strength)
        self.offset = _checks.check_number("offset", offset, above=True)
        self.fft_length = _checks.check_int("fft_length", fft_length)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        magnitudes = lengths.zero_padding(self._magnitudes(inputs), mask)
        noise = self._noise(magnitudes, ops.zeros_like(magnitudes[:, :1]))
        return self._normalize(magnitudes, noise)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_initial_state(self, batch_size: int = 1):
        # How many features there are is known with the first piece.
        return ()

    def step(self, inputs, state, *, last: bool = False):
        magnitudes = self._magnitudes(inputs)
        (before,) = state or (ops.zeros_like(magnitudes[:, :1]),)
        noise = self._noise(magnitudes, before)
        if magnitudes.shape[1]:
            state = (noise[:, -1:],)
        return self._normalize(magnitudes, noise), state

    def get_config(self):
        config = {
            "even_smoothing": self.even_smoothing,
            "odd_smoothing": self.odd_smoothing,
            "min_signal_remaining": self.min_signal_remaining,
            "strength": self.strength,
            "offset": self.offset,
            "fft_length": self.fft_length,
        }
        return {**super().get_config(), **config}

    def _magnitudes(self, inputs):
        energies = ops.cast(inputs, precision.working_dtype(self.compute_dtype))
        return ops.sqrt(ops.maximum(energies, _LEAST_ENERGY))

    def _noise(self, magnitudes, before):
        even = exponential_smoothing(magnitudes, before, self.even_smoothing)
        odd = exponential_smoothing(magnitudes, before, self.odd_smoothing)
        return ops.where(np.arange(magnitudes.shape[2]) % 2 == 0, even, odd)

    def _normalize(self, magnitudes, noise):
        remaining = self.min_signal_remaining * magnitudes
        signal = ops.maximum(magnitudes - noise, remaining)
        values = signal * ops.exp(-self.strength * ops.log(noise + self.offset))
        values = ops.where(values < 2, ops.square(values) / 4, values - 1)
        outputs = 64 * ops.log(ops.maximum(self.fft_length * values, 1.0))
        return ops.cast(outputs, self.compute_dtype)
