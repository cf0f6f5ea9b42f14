"""The spectrum of frames, by the fast Fourier transform or by a matrix."""

import numpy as np
from keras import ops

from speechkit import _checks

TRANSFORMS = ("fft", "matrix")


def remove_dc_offset(frames):
    """Returns `frames` with the mean of each frame taken away.

    Args:
        frames: `(batch, frames, frame_length)`.
    """
    return frames - ops.mean(frames, axis=2, keepdims=True)


def pre_emphasize(frames, coefficient: float):
    """Returns x[n] − c·x[n−1] within each frame, as HTK and Kaldi compute it.

    The sample before the first of a frame counts as equal to the first.

    Args:
        frames: `(batch, frames, frame_length)`.
        coefficient: The c of the formula.
    """
    previous = ops.concatenate([frames[:, :, :1], frames[:, :, :-1]], axis=2)
    return frames - coefficient * previous


def fourier_transform(frames, window, fft_length: int):
    """Returns the real and the imaginary part of the transform of windowed frames.

    Args:
        frames: `(batch, frames, frame_length)`.
        window: `(frame_length,)`.
        fft_length: Length of the FFT, in samples; at least `frame_length`. Zeros
            follow a frame that is shorter.

    Returns:
        Two tensors `(batch, frames, 1 + fft_length // 2)`.
    """
    # TensorFlow's FFT pads short frames, but not where there is no frame at all.
    missing = fft_length - frames.shape[2]
    return ops.rfft(
        ops.pad(frames * window, [[0, 0], [0, 0], [0, missing]]), fft_length
    )


def transform_matrix(
    window: np.ndarray,
    fft_length: int,
    remove_offset: bool = False,
    pre_emphasis: float = 0.0,
) -> np.ndarray:
    """Returns the matrix that takes a frame to its spectrum, in float64.

    It does what `remove_dc_offset`, `pre_emphasize` and `fourier_transform` do, one
    after the other, at once.

    Args:
        window: `(frame_length,)`.
        fft_length: Length of the transform, in samples; at least `frame_length`.
        remove_offset: Whether to take the mean of the frame away first.
        pre_emphasis: Coefficient of the pre-emphasis after that.

    Returns:
        `(frame_length, 2 * bins)` with `bins = 1 + fft_length // 2`: the real parts,
        then the imaginary parts.
    """
    length = len(window)
    turns = np.outer(np.arange(length), np.arange(1 + fft_length // 2)) % fft_length
    angles = -2 * np.pi * turns / fft_length
    matrix = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
    matrix = window[:, None] * matrix
    # The steps before the window, last first, each with its matrix transposed.
    later = np.concatenate([matrix[1:], np.zeros_like(matrix[:1])])
    emphasized = matrix - pre_emphasis * later
    emphasized[0] -= pre_emphasis * matrix[0]
    if remove_offset:
        emphasized -= emphasized.mean(axis=0)
    return emphasized


def magnitude(real, imaginary, power: float):
    """Returns the magnitude of complex numbers, to a power.

    Its gradient is finite at zero: digital silence must not make NaN.

    Args:
        real: Real parts, of any shape.
        imaginary: Imaginary parts, of the same shape.
        power: Exponent of the magnitude: 1 for magnitude, 2 for power.
    """
    squares = ops.square(real) + ops.square(imaginary)
    if power == 2.0:
        return squares
    silent = squares == 0
    magnitudes = ops.power(
        ops.where(silent, ops.ones_like(squares), squares), power / 2
    )
    return ops.where(silent, ops.zeros_like(squares), magnitudes)


def check_fft_length(fft_length: int | None, frame_length: int) -> int:
    """Returns `fft_length`, or for `None` the next power of two.

    Raises:
        ValueError: If a frame does not fit into it.
    """
    if fft_length is None:
        return 1 << (frame_length - 1).bit_length()
    fft_length = _checks.check_int("fft_length", fft_length)
    if fft_length < frame_length:
        raise ValueError(
            "`fft_length` must be at least `frame_length`. "
            f"Received: fft_length={fft_length}, frame_length={frame_length}"
        )
    return fft_length
