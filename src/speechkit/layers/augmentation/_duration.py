"""Lengths of clips at other speeds, shared by `PitchShift`, `Speed` and `Tempo`."""

import math

from keras import ops

from speechkit.ops.effects import fixed_point
from speechkit.ops.time import lengths


def longest_length(values, slowest: float):
    """Returns the length of a batch played at the slowest speed, rounded up."""
    samples = ops.shape(values)[1]
    if isinstance(samples, int):
        return math.ceil(samples / slowest)
    return ops.cast(ops.ceil(ops.cast(samples, "float32") / slowest), "int32")


def mask_at_speeds(outputs, factors, *, values, mask):
    """Returns the mask of clips that are played at speeds of their own.

    Args:
        outputs: `(batch, new_samples)`: the clips at their speeds.
        factors: `(batch,)`: the speeds, from `fixed_point.on_grid`.
        values: `(batch, samples)`: the clips before.
        mask: `(batch, samples)`: their mask, or `None`.
    """
    counts = fixed_point.counts(lengths.mask_lengths(values, mask), factors)
    return lengths.length_mask(outputs, counts)
