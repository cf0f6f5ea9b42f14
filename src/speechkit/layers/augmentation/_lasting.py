"""What the layers share that change how long a clip lasts."""

import math

from keras import ops

from speechkit.ops import fixed_point, lengths


def longest(values, slowest: float):
    """Returns the length of a batch played at the slowest speed, rounded up."""
    samples = ops.shape(values)[1]
    if isinstance(samples, int):
        return math.ceil(samples / slowest)
    return ops.cast(ops.ceil(ops.cast(samples, "float32") / slowest), "int32")


def ending_mask(values, mask, factors, count):
    """Returns `(batch, count)`: which samples clips have at speeds of their own.

    Args:
        values: `(batch, samples)`.
        mask: `(batch, samples)`, or `None`.
        factors: `(batch,)`, from `fixed_point.on_grid`.
        count: Length of the new batch.
    """
    counts = fixed_point.counts(lengths.mask_lengths(values, mask), factors)
    numbers = ops.expand_dims(ops.arange(count, dtype="int32"), axis=0)
    return numbers < ops.expand_dims(counts, axis=1)
