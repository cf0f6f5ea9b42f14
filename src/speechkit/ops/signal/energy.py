"""The energy of frames."""

from keras import ops

from speechkit.ops.signal import spectrum


def log_energies(frames, floor: float, remove_offset: bool):
    """Returns the natural logarithm of the sum of the squared samples of each frame.

    Args:
        frames: `(batch, frames, frame_length)`.
        floor: Least energy before the logarithm.
        remove_offset: Whether to take the mean of each frame away first.

    Returns:
        `(batch, frames, 1)`.
    """
    if remove_offset:
        frames = spectrum.remove_dc_offset(frames)
    energies = ops.sum(ops.square(frames), axis=2, keepdims=True)
    return ops.log(ops.maximum(energies, floor))
