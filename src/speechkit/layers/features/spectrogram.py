"""The spectrogram: how much of each frequency a frame holds."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops import lengths, precision, spectrum, windows


@keras.saving.register_keras_serializable(package="speechkit")
class Spectrogram(keras.layers.Layer):
    """Computes the power or magnitude spectrum of overlapping frames.

    Frame `t` starts at sample `t * frame_step`; samples after the last whole frame are
    dropped, and nothing is padded at the start. Bin `k` is the frequency
    `k * sampling_rate / fft_length`. With a mask, a frame is valid only if all of its
    samples are. Computed in float32 under mixed precision.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        fft_length: Length of the FFT, in samples. `None` means the smallest power of
            two that holds a frame.
        window: `"hann"`, `"hamming"` or `"rectangular"`; periodic.
        power: Exponent of the magnitude: 2 for power, 1 for magnitude.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, 1 + fft_length // 2)`.

    Raises:
        ValueError: If a frame is longer than the FFT, or an argument is out of range.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(Spectrogram(frame_length=400, frame_step=160)(waveforms))
        (8, 98, 257)
    """

    def __init__(
        self,
        frame_length: int = 400,
        frame_step: int = 160,
        fft_length: int | None = None,
        window: str = "hann",
        power: float = 2.0,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.frame_length = _checks.check_int("frame_length", frame_length)
        self.frame_step = _checks.check_int("frame_step", frame_step)
        self.fft_length = fft_length
        self.window = _checks.check_choice("window", window, windows.NAMES)
        self.power = _checks.check_number("power", power, above=True)
        self._fft_length = _check_fft_length(fft_length, frame_length)
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def build(self, input_shape):
        self._window = windows.window(self.window, self.frame_length)
        self.built = True

    def call(self, inputs):
        return ops.cast(self._features(inputs), self.compute_dtype)

    def compute_mask(self, inputs, previous_mask):
        return lengths.frame_mask(previous_mask, self.frame_length, self.frame_step)

    def compute_output_shape(self, input_shape):
        batch, samples = input_shape
        bins = 1 + self._fft_length // 2
        if samples is None:
            return (batch, None, bins)
        frames = lengths.frame_count(samples, self.frame_length, self.frame_step)
        return (batch, frames, bins)

    def get_config(self):
        config = {
            "frame_length": self.frame_length,
            "frame_step": self.frame_step,
            "fft_length": self.fft_length,
            "window": self.window,
            "power": self.power,
        }
        return {**super().get_config(), **config}

    def _features(self, inputs):
        """Returns the features of a batch, before they are cast."""
        dtype = precision.working_dtype(self.compute_dtype)
        window = ops.convert_to_tensor(self._window, dtype=dtype)
        return spectrum.spectrogram(
            ops.cast(inputs, dtype),
            window,
            self.frame_step,
            self._fft_length,
            self.power,
        )


def _check_fft_length(fft_length, frame_length):
    """Returns the FFT length to use; raises if a frame does not fit into it."""
    if fft_length is None:
        return 1 << (frame_length - 1).bit_length()
    if _checks.check_int("fft_length", fft_length) < frame_length:
        raise ValueError(
            "`fft_length` must be at least `frame_length`. "
            f"Received: fft_length={fft_length}, frame_length={frame_length}"
        )
    return fft_length
