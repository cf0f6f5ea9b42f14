"""Random intervals, and what lies in them."""

from keras import ops


def drawn_intervals(uniforms, size, widest):
    """Returns starts and widths of intervals on axes of their own length.

    Each width 0, 1, …, `widest` is equally probable, and so is each place where an
    interval of that width fits.

    Args:
        uniforms: `(batch, intervals, 2)`, uniform from 0 to 1.
        size: `(batch, 1)`: lengths of the axes.
        widest: `(batch, 1)`: the largest widths, `size` at most.

    Returns:
        Two int32 tensors `(batch, intervals)`.
    """
    # A uniform number is below 1, so each floor is at most its bound; the minimum
    # guards against a product that rounds up.
    width = ops.minimum(ops.floor(uniforms[:, :, 0] * (widest + 1)), widest)
    room = size - width
    start = ops.minimum(ops.floor(uniforms[:, :, 1] * (room + 1)), room)
    return ops.cast(start, "int32"), ops.cast(width, "int32")


def inside(positions, starts, widths):
    """Returns `(batch, positions)`: whether a position lies in one of the intervals.

    Args:
        positions: `(positions,)` integers.
        starts: `(batch, intervals)` integers.
        widths: `(batch, intervals)` integers.

    Example:
        >>> hidden = inside(ops.arange(5), ops.array([[1, 4]]), ops.array([[2, 0]]))
        >>> hidden.numpy().tolist()
        [[False, True, True, False, False]]
    """
    places = ops.expand_dims(ops.expand_dims(positions, axis=0), axis=2)
    starts = ops.expand_dims(ops.cast(starts, positions.dtype), axis=1)
    ends = starts + ops.expand_dims(ops.cast(widths, positions.dtype), axis=1)
    return ops.any(ops.logical_and(places >= starts, places < ends), axis=2)
