"""The short-time spectrum of a waveform."""

from keras import ops


def spectrogram(waveforms, window, frame_step: int, fft_length: int, power: float):
    """Returns the magnitudes of the short-time Fourier transform, to a power.

    Frame `t` holds the samples from `t * frame_step` on, times the window, with zeros
    after them up to `fft_length`.

    Args:
        waveforms: `(batch, samples)`.
        window: `(frame_length,)`.
        frame_step: Distance between the starts of two frames, in samples.
        fft_length: Length of the FFT, in samples; at least `frame_length`.
        power: Exponent of the magnitude: 1 for magnitude, 2 for power.

    Returns:
        `(batch, frames, 1 + fft_length // 2)`.
    """
    frames = ops.extract_sequences(waveforms, window.shape[0], frame_step)
    # TensorFlow's FFT pads short frames, but not where there is no frame at all.
    missing = fft_length - window.shape[0]
    frames = ops.pad(frames * window, [[0, 0], [0, 0], [0, missing]])
    real, imaginary = ops.rfft(frames, fft_length)
    squares = ops.square(real) + ops.square(imaginary)
    if power == 2.0:
        return squares
    # The gradient of a root is infinite at zero: digital silence must not make NaN.
    silent = squares == 0
    magnitudes = ops.power(
        ops.where(silent, ops.ones_like(squares), squares), power / 2
    )
    return ops.where(silent, ops.zeros_like(squares), magnitudes)
