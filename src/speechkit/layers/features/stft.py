"""The short-time Fourier transform: what frequencies a frame holds, and their phase."""

import keras
from keras import ops

from speechkit.layers.features._spectral_layer import SpectralLayer


@keras.saving.register_keras_serializable(package="speechkit")
class STFT(SpectralLayer):
    """Computes the Fourier transform of overlapping windowed frames.

    Bin `k` is the frequency `k * sampling_rate / fft_length`; phases are relative to
    the start of the frame. Frames, padding and masks are those of `Frame`. Computed in
    float32 under mixed precision.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        fft_length: Length of the FFT, in samples. `None` means the smallest power of
            two that holds a frame.
        window: `"hann"`, `"hamming"`, `"blackman"` or `"rectangular"`, periodic;
            `"hann_symmetric"`, `"hamming_symmetric"`, `"povey"` (Kaldi's) or
            `"hann_half"` (the micro front end's).
        padding: What is put before and after a clip: see `Frame`.
        padding_mode: What it is made of: see `Frame`.
        remove_dc_offset: Whether to take the mean of each frame away before the
            window (Kaldi).
        pre_emphasis: Coefficient of a pre-emphasis within each frame, before the
            window (HTK, Kaldi); 0 for none. `PreEmphasis` filters the whole clip.
        sample_scale: What samples are multiplied with: 32768 for models of features
            on the 16-bit scale.
        transform: `"fft"`, or `"matrix"` for a product with the Fourier matrix:
            larger and slower, but it runs where there is no FFT (microcontrollers).
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, frames, 1 + fft_length // 2, 2)`: real and imaginary parts last.

    Raises:
        ValueError: If a frame is longer than the FFT, or an argument is out of range.

    Example:
        >>> waveforms = keras.ops.ones((8, 16000))  # 1 s at 16 kHz
        >>> keras.ops.shape(STFT(frame_length=400, frame_step=160)(waveforms))
        (8, 98, 257, 2)
    """

    def __init__(
        self,
        frame_length: int,
        frame_step: int,
        *,
        fft_length: int | None = None,
        window: str = "hann",
        padding: str | tuple[int, int] = "valid",
        padding_mode: str = "zeros",
        remove_dc_offset: bool = False,
        pre_emphasis: float = 0.0,
        sample_scale: float = 1.0,
        transform: str = "fft",
        **kwargs,
    ):
        super().__init__(
            frame_length,
            frame_step,
            fft_length=fft_length,
            window=window,
            padding=padding,
            padding_mode=padding_mode,
            remove_dc_offset=remove_dc_offset,
            pre_emphasis=pre_emphasis,
            sample_scale=sample_scale,
            transform=transform,
            **kwargs,
        )

    def _feature_shape(self):
        return (1 + self._fft_length // 2, 2)

    def _features(self, frames, mask):
        return ops.stack(self._spectrum(frames), axis=3)
