"""Mean and variance over the valid frames of a clip."""

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
