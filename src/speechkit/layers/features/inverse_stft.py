"""The inverse of the short-time Fourier transform: from spectra to a waveform."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal import spectrum, windows
from speechkit.ops.signal.framing import framing
from speechkit.ops.signal.overlap_add import inverse_fourier_transform, overlap_add
from speechkit.ops.time import lengths, precision
from speechkit.ops.time.stream_timing import StreamTiming

# Where the squared windows sum to less, there is nothing to divide by.
_LEAST_WEIGHT = 1e-10


@keras.saving.register_keras_serializable(package="speechkit")
class InverseSTFT(StreamingLayer):
    """Computes the waveforms of which `STFT` makes given spectra.

    Frames are windowed once more, added where they overlap, and divided by the sum of
    the squared windows of the clip's own frames: of all waveforms, the one whose
    spectra come closest. What `STFT` put before and after a clip is cut off, and
    samples that no window covers are zero. Samples after the last whole frame do not
    come back. With a mask, a sample is valid if a valid frame of its clip reaches it.
    Computed in float32 under mixed precision.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        fft_length: Length of the FFT, in samples. `None` means the smallest power of
            two that holds a frame.
        window: Name of the window: see `STFT`.
        padding: What `STFT` put before and after a clip.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, 1 + fft_length // 2, 2)`: real and imaginary parts last.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If a frame is longer than the FFT, or an argument is out of range.

    Example:
        >>> spectra = keras.ops.ones((8, 98, 257, 2))
        >>> keras.ops.shape(InverseSTFT(frame_length=400, frame_step=160)(spectra))
        (8, 15920)

    References:
        Griffin and Lim, Signal estimation from modified short-time Fourier transform,
        1984.
    """

    def __init__(
        self,
        frame_length: int,
        frame_step: int,
        *,
        fft_length: int | None = None,
        window: str = "hann",
        padding: str | tuple[int, int] = "valid",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self._framing = framing(frame_length, frame_step, padding)
        self.frame_length = self._framing.length
        self.frame_step = self._framing.step
        self.fft_length = _checks.to_plain(fft_length)
        self.window = _checks.check_choice("window", window, windows.NAMES)
        self.padding = padding if isinstance(padding, str) else tuple(padding)
        self._fft_length = spectrum.check_fft_length(fft_length, self.frame_length)
        self._window = windows.window(window, self.frame_length)
        # At the end of a clip, what `STFT` put there may reach into complete samples.
        self._held_back = max(0, self._framing.right + frame_step - frame_length)
        self._declare(self._timing())
        bins = 1 + self._fft_length // 2
        self.input_spec = keras.layers.InputSpec(shape=(None, None, bins, 2))

    def call(self, inputs, mask=None):
        frames = lengths.zero_padding(self._frames(inputs), mask)
        covered = overlap_add(self._weights(frames, mask), self.frame_step)
        waveforms = _divide(overlap_add(frames, self.frame_step), covered)
        end = ops.shape(waveforms)[1] - self._framing.right
        return ops.cast(waveforms[:, self._framing.left : end], self.compute_dtype)

    def compute_mask(self, inputs, previous_mask):
        if previous_mask is None:
            return None
        steps = ops.repeat(previous_mask, self.frame_step, axis=1)
        surplus = self._num_samples(1) - self.frame_step
        if surplus <= 0:
            return steps[:, -surplus:]
        return ops.concatenate(
            [ops.repeat(previous_mask[:, :1], surplus, axis=1), steps], axis=1
        )

    def compute_output_shape(self, input_shape):
        batch, frames = input_shape[:2]
        return (batch, None if frames is None else self._num_samples(frames))

    def get_initial_state(self, batch_size: int = 1):
        dtype = precision.working_dtype(self.compute_dtype)
        # The first `held_back` zeros are no samples: they are cut off, too.
        held = ops.zeros((batch_size, self._held_back), dtype=dtype)
        return held, held[:1], self._held_back + self._framing.left

    def step(self, inputs, state, *, last: bool = False):
        *held, to_cut = state
        frames = self._frames(inputs)
        ready = frames.shape[1] * self.frame_step
        sums = [
            self._added(waveforms, overlap_add(new, self.frame_step), ready)
            for waveforms, new in zip(
                held, (frames, self._weights(frames[:1], None)), strict=True
            )
        ]
        if last:
            ready += self._held_back + self._num_samples(1) - self.frame_step
            ready += self._framing.left
        outputs = _divide(sums[0][:, :ready], sums[1][:, :ready])
        cut = min(to_cut, outputs.shape[1])
        outputs = ops.cast(outputs[:, cut:], self.compute_dtype)
        return outputs, (sums[0][:, ready:], sums[1][:, ready:], to_cut - cut)

    def get_config(self):
        config = {
            "frame_length": self.frame_length,
            "frame_step": self.frame_step,
            "fft_length": self.fft_length,
            "window": self.window,
            "padding": self.padding,
        }
        return {**super().get_config(), **config}

    def _timing(self):
        """Returns when a sample is complete, and the frames that overlap there."""
        cut = self._held_back + self._framing.left
        latency = -(-cut // self.frame_step)
        past = (self.frame_length - 1 - self._framing.left) // self.frame_step
        return StreamTiming((self.frame_step, 1), latency, past + 1 + latency)

    def _num_samples(self, num_frames):
        """Returns the samples that come of frames, known to be some or not."""
        if num_frames == 0:
            return 0
        span = (num_frames - 1) * self.frame_step + self.frame_length
        return span - self._framing.left - self._framing.right

    def _frames(self, inputs):
        """Returns the windowed frames that have the given spectra."""
        spectra = ops.cast(inputs, precision.working_dtype(self.compute_dtype))
        real, imaginary = spectra[:, :, :, 0], spectra[:, :, :, 1]
        frames = inverse_fourier_transform(real, imaginary, self._fft_length)
        window = ops.convert_to_tensor(self._window, dtype=frames.dtype)
        return frames[:, :, : self.frame_length] * window

    def _weights(self, frames, mask):
        """Returns the squared window for each frame that exists."""
        if mask is None:
            exists = ops.ones_like(frames[:1, :, :1])
        else:
            exists = ops.expand_dims(ops.cast(mask, frames.dtype), axis=2)
        return exists * ops.convert_to_tensor(self._window**2, dtype=frames.dtype)

    def _added(self, held, new, ready):
        """Returns what is held plus what is new, as far as the next frame at least."""
        width = max(held.shape[1], self._held_back + max(ready, new.shape[1]))
        after = width - self._held_back - new.shape[1]
        held = ops.pad(held, [[0, 0], [0, width - held.shape[1]]])
        return held + ops.pad(new, [[0, 0], [self._held_back, after]])


def _divide(sums, weights):
    """Returns the quotient; zero where no window has any weight."""
    covered = weights > _LEAST_WEIGHT
    quotients = sums / ops.where(covered, weights, ops.ones_like(weights))
    return ops.where(covered, quotients, ops.zeros_like(sums))
