"""Mean and variance over a window of frames that slides along a clip."""

from keras import ops


def sliding_window(times, num_frames, window: int, min_window: int, center: bool):
    """Returns which frames count for a frame, as Kaldi chooses them.

    Args:
        times: Integers of any shape: the frames that statistics are wanted for.
        num_frames: Frames of the clip; broadcasts to `times`.
        window: Number of frames in the window.
        min_window: Number of frames at the start of a clip, if not `center`.
        center: Whether the frame stands in the middle of its window, which is moved at
            the ends of a clip; or else behind it.

    Returns:
        The first frame of the window, and the frame behind its last.
    """
    if center:
        start = ops.maximum(times - window // 2, 0)
        end = start + window
    else:
        start = ops.maximum(times - window, 0)
        end = ops.maximum(times + 1, min_window)
    start = ops.maximum(start - ops.maximum(end - num_frames, 0), 0)
    return start, ops.minimum(end, num_frames)


def window_moments(values, starts, ends):
    """Returns the mean and the variance of frames within windows.

    Values should lie around zero, since both come from sums over all frames.

    Args:
        values: `(batch, frames, features)`.
        starts: `(windows,)` or `(batch, windows)`: the first frame of each.
        ends: The same for the frame behind the last.

    Returns:
        Two tensors `(batch, windows, features)`; zeros where a window is empty.
    """
    counts = ops.cast(ops.maximum(ends - starts, 1), values.dtype)
    counts = ops.expand_dims(counts, axis=-1)
    mean = _window_sums(values, starts, ends) / counts
    squares = _window_sums(ops.square(values), starts, ends) / counts
    variance = squares - ops.square(mean)
    return mean, ops.maximum(variance, ops.zeros_like(variance))


def _window_sums(values, starts, ends):
    sums = ops.pad(ops.cumsum(values, axis=1), [[0, 0], [1, 0], [0, 0]])
    return _at(sums, ends) - _at(sums, starts)


def _at(values, places):
    if len(places.shape) == 1:
        return ops.take(values, places, axis=1)
    return ops.take_along_axis(values, ops.expand_dims(places, axis=2), axis=1)
