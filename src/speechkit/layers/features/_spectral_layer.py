"""The base of the layers that compute features from the spectrum of frames."""

from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.signal import spectrum, windows
from speechkit.ops.signal.framing import framing
from speechkit.ops.time import precision


class SpectralLayer(StreamingLayer):
    """Cuts waveforms into frames and transforms each of them.

    A subclass writes out the arguments, with its defaults, and passes each by name;
    `STFT` documents them. It defines `_features` and `_feature_shape`.
    """

    def __init__(
        self,
        frame_length: int,
        frame_step: int,
        *,
        fft_length: int | None,
        window: str,
        padding: str | tuple[int, int],
        padding_mode: str,
        remove_dc_offset: bool,
        pre_emphasis: float,
        sample_scale: float,
        transform: str,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self._framing = framing(frame_length, frame_step, padding, padding_mode)
        self._declare(self._framing.timing)
        self.frame_length = self._framing.length
        self.frame_step = self._framing.step
        self.fft_length = _checks.to_plain(fft_length)
        self.window = _checks.check_choice("window", window, windows.NAMES)
        self.padding = padding if isinstance(padding, str) else tuple(padding)
        self.padding_mode = padding_mode
        self.remove_dc_offset = _checks.check_bool("remove_dc_offset", remove_dc_offset)
        self.pre_emphasis = _checks.check_rate("pre_emphasis", pre_emphasis)
        self.sample_scale = _checks.check_number(
            "sample_scale", sample_scale, above=True
        )
        self.transform = _checks.check_choice(
            "transform", transform, spectrum.TRANSFORMS
        )
        self._fft_length = spectrum.check_fft_length(fft_length, self.frame_length)
        # All steps before the logarithm are linear, so the scale waits for the window.
        self._window = sample_scale * windows.window(window, self.frame_length)
        if transform == "matrix":
            self._matrix = spectrum.transform_matrix(
                self._window, self._fft_length, remove_dc_offset, pre_emphasis
            )
        self.input_spec = _waveforms.waveform_spec()

    def call(self, inputs, mask=None):
        frames = self._framing.frames(self._samples(inputs), mask)
        features = self._features(frames, self._framing.mask(mask))
        return ops.cast(features, self.compute_dtype)

    def compute_mask(self, inputs, previous_mask):
        return self._framing.mask(previous_mask)

    def compute_output_shape(self, input_shape):
        batch, samples = input_shape
        frames = None if samples is None else self._framing.count(samples)
        return (batch, frames, *self._feature_shape())

    def get_initial_state(self, batch_size: int = 1):
        return self._framing.start()

    def step(self, inputs, state, *, last: bool = False):
        piece = self._samples(inputs)
        frames, state = self._framing.next_frames(piece, state, last)
        return ops.cast(self._features(frames, None), self.compute_dtype), state

    def get_config(self):
        config = {
            "frame_length": self.frame_length,
            "frame_step": self.frame_step,
            "fft_length": self.fft_length,
            "window": self.window,
            "padding": self.padding,
            "padding_mode": self.padding_mode,
            "remove_dc_offset": self.remove_dc_offset,
            "pre_emphasis": self.pre_emphasis,
            "sample_scale": self.sample_scale,
            "transform": self.transform,
        }
        return {**super().get_config(), **config}

    def _feature_shape(self):
        """Returns the shape of the features of one frame."""
        raise NotImplementedError

    def _features(self, frames, mask):
        """Returns the features of frames in working precision.

        Args:
            frames: `(batch, frames, frame_length)`.
            mask: `(batch, frames)`, or `None` if all are valid.
        """
        raise NotImplementedError

    def _samples(self, inputs):
        return _waveforms.as_samples(
            inputs, precision.working_dtype(self.compute_dtype)
        )

    def _spectrum(self, frames):
        """Returns the real and the imaginary part of the spectrum of frames."""
        if self.transform == "matrix":
            matrix = ops.convert_to_tensor(self._matrix, dtype=frames.dtype)
            spectra = ops.matmul(frames, matrix)
            bins = 1 + self._fft_length // 2
            return spectra[:, :, :bins], spectra[:, :, bins:]
        if self.remove_dc_offset:
            frames = spectrum.remove_dc_offset(frames)
        if self.pre_emphasis:
            frames = spectrum.pre_emphasize(frames, self.pre_emphasis)
        window = ops.convert_to_tensor(self._window, dtype=frames.dtype)
        return spectrum.fourier_transform(frames, window, self._fft_length)

    def _magnitudes(self, frames, power):
        """Returns `(batch, frames, 1 + fft_length // 2)`: magnitudes to a power."""
        real, imaginary = self._spectrum(frames)
        return spectrum.magnitude(real, imaginary, power)
