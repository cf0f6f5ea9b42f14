"""From spectra of frames back to a waveform."""

from keras import ops


def inverse_fourier_transform(real, imaginary, fft_length: int):
    """Returns the real signals whose spectra are given.

    The imaginary parts of frequency 0 and of half the sampling rate count as zero.

    Args:
        real: `(batch, frames, bins)` with `bins = 1 + fft_length // 2`.
        imaginary: `(batch, frames, bins)`.
        fft_length: Length of the transform, in samples.

    Returns:
        `(batch, frames, fft_length)`.

    References:
        Bracewell, The fast Hartley transform, 1984.
    """
    # TensorFlow Lite has the forward transform alone. The Hartley transform, which
    # that one gives, is its own inverse.
    half = (fft_length + 1) // 2
    turning = ops.pad(imaginary[:, :, 1:half], [[0, 0], [0, 0], [1, fft_length // 2]])
    turning = turning[:, :, : 1 + fft_length // 2]
    hartley = _continued(real - turning, real + turning, half)
    real, imaginary = ops.rfft(hartley, fft_length)
    return _continued(real - imaginary, real + imaginary, half) / fft_length


def _continued(first, second, half):
    """Returns the first bins, then, from the second on, those of negative frequency."""
    return ops.concatenate([first, ops.flip(second[:, :, 1:half], axis=2)], axis=2)


def overlap_add(frames, frame_step: int):
    """Returns the sum of frames, each shifted by `frame_step` against the one before.

    Args:
        frames: `(batch, frames, frame_length)`.
        frame_step: Distance between the starts of two frames, in samples.

    Returns:
        `(batch, (frames - 1) * frame_step + frame_length)`; no sample if there is no
        frame.

    Example:
        >>> overlap_add(ops.ones((1, 3, 4)), 2).numpy().tolist()
        [[1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0]]
    """
    batch, num_frames, length = ops.shape(frames)
    blocks = (length + frame_step - 1) // frame_step  # ONNX rounds others up
    missing = blocks * frame_step - length
    # Rows of blocks; written one after the other and read with rows that are one
    # block shorter, block `b` of each frame comes to stand `b` steps further right.
    rows = ops.pad(frames, [[0, 0], [0, blocks], [0, missing]])
    rows = ops.reshape(rows, (batch, num_frames + blocks, blocks, frame_step))
    rows = ops.reshape(ops.transpose(rows, (0, 2, 1, 3)), (batch, -1, frame_step))
    rows = ops.reshape(
        rows[:, :-blocks], (batch, blocks, num_frames + blocks - 1, frame_step)
    )
    samples = ops.reshape(ops.sum(rows, axis=1), (batch, -1))
    return samples[:, : sample_count(num_frames, length, frame_step)]


def sample_count(num_frames, frame_length: int, frame_step: int):
    """Returns how many samples frames span; `num_frames` may be a tensor."""
    is_known = isinstance(num_frames, int)
    some = min(num_frames, 1) if is_known else ops.minimum(num_frames, 1)
    return some * ((num_frames - 1) * frame_step + frame_length)
