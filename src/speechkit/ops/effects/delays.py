"""Clips moved along time, each by its own number of samples."""

from keras import ops

from speechkit.ops.effects import flattening


def delayed(waveforms, delays):
    """Returns clips that start later, or earlier; zeros take the free places.

    Args:
        waveforms: `(batch, samples)`.
        delays: `(batch,)` integers: how far back each clip reads. Negative ones read
            ahead.

    Example:
        >>> delayed(ops.array([[1.0, 2.0, 3.0]]), ops.array([1])).numpy().tolist()
        [[0.0, 1.0, 2.0]]
    """
    flat, index = _reading(waveforms, ops.expand_dims(delays, axis=1))
    return flattening.read(flat, index)


def delayed_between(waveforms, delays):
    """Returns clips that start later, read linearly between samples.

    Args:
        waveforms: `(batch, samples)`.
        delays: `(batch, samples)`: how far back each sample of the result reads, 0 or
            more.

    Example:
        >>> clips, delays = ops.array([[1.0, 2.0, 3.0]]), ops.full((1, 3), 0.5)
        >>> delayed_between(clips, delays).numpy().tolist()
        [[0.5, 1.5, 2.5]]
    """
    whole = ops.floor(delays)
    flat, index = _reading(waveforms, whole)
    near, far = flattening.read(flat, index), flattening.read(flat, index - 1)
    return near + (delays - whole) * (far - near)


def _reading(waveforms, delays):
    """Returns all clips in a row, silent before and after each, and where to read."""
    count = ops.shape(waveforms)[1]
    row, starts = flattening.flattened(ops.pad(waveforms, [[0, 0], [2, 1]]))
    numbers = ops.expand_dims(ops.arange(count, dtype="int32"), axis=0)
    places = ops.clip(numbers - ops.cast(delays, "int32"), -1, count)
    return row, places + (starts + 2)
