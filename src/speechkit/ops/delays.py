"""Clips moved along time, each by its own number of samples."""

from keras import ops

from speechkit.ops import flattening


def delayed(waveforms, delays):
    """Returns clips that start later, or earlier; zeros take the free places.

    Args:
        waveforms: `(batch, samples)`.
        delays: `(batch,)` or `(batch, samples)` integers: how far back each sample of
            the result reads. Negative ones read ahead.

    Example:
        >>> delayed(ops.array([[1.0, 2.0, 3.0]]), ops.array([1])).numpy().tolist()
        [[0.0, 1.0, 2.0]]
    """
    if len(delays.shape) == 1:
        delays = ops.expand_dims(delays, axis=1)
    count = ops.shape(waveforms)[1]
    numbers = ops.expand_dims(ops.arange(count, dtype="int32"), axis=0)
    places = numbers - ops.cast(delays, "int32")
    exists = ops.logical_and(places >= 0, places < count)
    row, starts = flattening.flattened(waveforms)
    index = ops.where(exists, places + starts, 0)
    # A clip without samples has nothing to read, not even a sample 0.
    read = ops.take(ops.pad(row, [[0, 1]]), index)
    return ops.where(exists, read, ops.zeros((), waveforms.dtype))
