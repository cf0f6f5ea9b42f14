"""Reading a waveform between its samples."""

from keras import ops


def cubic(waveforms, times):
    """Returns waveforms at fractional times, by Catmull–Rom interpolation.

    Before its first and after its last sample a waveform counts as zero.

    Args:
        waveforms: `(batch, samples)`.
        times: `(batch, times)`, in samples, at least 0.

    Returns:
        `(batch, times)`.

    Example:
        >>> line = ops.array([[0.0, 1.0, 2.0, 3.0, 4.0]])
        >>> cubic(line, ops.array([[1.0, 1.5]])).numpy().tolist()
        [[1.0, 1.5]]

    References:
        Catmull and Rom, A class of local interpolating splines, 1974.
    """
    whole = ops.floor(times)
    fraction = times - whole
    index = ops.cast(whole, "int32")
    # Two zeros before and after: index + 1 in the padded waveform is sample index − 1.
    padded = ops.pad(waveforms, [[0, 0], [2, 2]])
    last = ops.shape(padded)[1] - 1

    def sample(offset):
        place = ops.clip(index + (2 + offset), 0, last)
        return ops.take_along_axis(padded, place, axis=1)

    before, left, right, after = sample(-1), sample(0), sample(1), sample(2)
    slope = right - before
    curve = 2 * before - 5 * left + 4 * right - after
    bend = 3 * (left - right) + after - before
    return left + fraction / 2 * (slope + fraction * (curve + fraction * bend))
