"""Clips moved along time, each by its own number of samples."""

from keras import ops


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
    batch, count = ops.shape(waveforms)
    numbers = ops.expand_dims(ops.arange(count, dtype="int32"), axis=0)
    places = numbers - ops.cast(delays, "int32")
    exists = ops.logical_and(places >= 0, places < count)
    rows = ops.expand_dims(ops.arange(batch, dtype="int32") * count, axis=1)
    index = ops.where(exists, places + rows, 0)
    # A clip without samples has nothing to read, not even a sample 0.
    flat = ops.pad(ops.reshape(waveforms, (-1,)), [[0, 1]])
    return ops.where(exists, ops.take(flat, index), ops.zeros((), waveforms.dtype))
