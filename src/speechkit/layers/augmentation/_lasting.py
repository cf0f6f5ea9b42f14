"""What the layers share that change how long a clip lasts."""

import math

from keras import ops

from speechkit.ops.effects import fixed_point
from speechkit.ops.time import lengths


def longest(values, slowest: float):
    """Returns the length of a batch played at the slowest speed, rounded up."""
    samples = ops.shape(values)[1]
    if isinstance(samples, int):
        return math.ceil(samples / slowest)
    return ops.cast(ops.ceil(ops.cast(samples, "float32") / slowest), "int32")


def ended(outputs, factors, values, mask):
    """Returns clips at speeds of their own, zero where they end, and their mask.

    Args:
        outputs: `(batch, new_samples)`: the clips at their speeds.
        factors: `(batch,)`: the speeds, from `fixed_point.on_grid`.
        values: `(batch, samples)`: the clips before.
        mask: `(batch, samples)`: their mask, or `None`.
    """
    counts = fixed_point.counts(lengths.mask_lengths(values, mask), factors)
    new_mask = lengths.length_mask(outputs, counts)
    return lengths.zero_padding(outputs, new_mask), new_mask
