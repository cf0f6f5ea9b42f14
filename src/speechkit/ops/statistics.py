"""Mean, variance and power over the valid part of a clip."""

from keras import ops

from speechkit.ops import lengths


def masked_moments(values, mask):
    """Returns the mean and the variance of each clip over its valid frames.

    Padded frames may hold anything, NaN too. A clip with no valid frame has mean 0
    and variance 0. The gradient is finite everywhere.

    Args:
        values: `(batch, frames, features)`.
        mask: `(batch, frames)`, or `None` if all is valid.

    Returns:
        Two tensors `(batch, features)`.
    """
    counts = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
    counts = ops.maximum(counts, ops.ones_like(counts))[:, None]
    mean = ops.sum(lengths.zero_padding(values, mask), axis=1) / counts
    centred = lengths.zero_padding(values - mean[:, None], mask)
    return mean, ops.sum(ops.square(centred), axis=1) / counts


def masked_power(waveforms, mask):
    """Returns the mean square of each clip over its valid samples.

    Args:
        waveforms: `(batch, samples)`; padded samples may hold anything.
        mask: `(batch, samples)`, or `None` if all is valid.

    Returns:
        `(batch, 1)`; 0 for a clip with no valid sample.
    """
    counts = ops.cast(lengths.mask_lengths(waveforms, mask), waveforms.dtype)
    squares = ops.square(lengths.zero_padding(waveforms, mask))
    power = ops.sum(squares, axis=1) / ops.maximum(counts, ops.ones_like(counts))
    return power[:, None]
