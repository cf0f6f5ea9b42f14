"""Warps of the time axis that move one frame and stretch what lies on its two sides."""

from keras import ops

from speechkit.ops.effects import flattening


def drawn_warps(uniforms, num_frames, most):
    """Returns which frame of each clip is moved, and by how many frames.

    Args:
        uniforms: `(batch, 2)`, uniform from 0 to 1.
        num_frames: `(batch,)` valid frames, floating point.
        most: Largest move, in frames; smaller in a clip that is too short for it.

    Returns:
        Two int32 tensors `(batch,)`.
    """
    # The frame and where it goes lie between the first and the last frame.
    most = ops.clip(ops.floor((num_frames - 3) / 2), 0.0, float(most))
    room = ops.maximum(num_frames - 2 * most - 2, ops.ones_like(num_frames))
    frame = most + 1 + ops.minimum(ops.floor(uniforms[:, 0] * room), room - 1)
    move = ops.floor(uniforms[:, 1] * (2 * most + 1)) - most
    return ops.cast(frame, "int32"), ops.cast(ops.minimum(move, most), "int32")


def warp(values, frames, moves, num_frames):
    """Returns `values` read along a broken line in time, between frames linearly.

    Args:
        values: `(batch, frames, features)`.
        frames: `(batch,)` frames that are moved.
        moves: `(batch,)`: by how many frames.
        num_frames: `(batch,)` valid frames.
    """
    last = ops.expand_dims(ops.cast(num_frames, values.dtype) - 1, axis=1)
    corner = ops.expand_dims(ops.cast(frames, values.dtype), axis=1)
    moved = corner + ops.expand_dims(ops.cast(moves, values.dtype), axis=1)
    count = ops.shape(values)[1]
    times = ops.expand_dims(ops.cast(ops.arange(count), values.dtype), axis=0)
    one = ops.ones_like(corner)
    before = times * (corner / ops.maximum(moved, one))
    rest = (last - corner) / ops.maximum(last - moved, one)
    sources = ops.where(times <= moved, before, last - (last - times) * rest)
    # A clip that is not warped is read at its own frames, whatever rounding does.
    sources = ops.where(ops.logical_or(moved == corner, times > last), times, sources)
    return _between(values, ops.clip(sources, 0.0, ops.cast(count - 1, values.dtype)))


def _between(values, times):
    """Returns `values` at `times`, `(batch, frames)`, between frames linearly."""
    last = ops.shape(values)[1] - 1
    left = ops.floor(times)
    share = ops.expand_dims(times - left, axis=2)
    left = ops.cast(left, "int32")
    right = ops.minimum(left + 1, last)
    # One frame after the other, so that whole frames are fetched.
    frames, starts = flattening.flattened(values)
    first = flattening.read(frames, left + starts)
    return first + share * (flattening.read(frames, right + starts) - first)
