"""Places in long clips at speeds of their own, without rounding."""

from keras import ops

# Speeds are multiples of 1 / 65536, 0.03 cents at speed 1. At this grid places in clips
# of up to 16 million samples keep within 32 bits; in float32, a place beyond sample
# 32768 would be wrong by 1 / 512 of a sample and more.
_BITS = 16
_UNIT = 1 << _BITS
_BLOCK = 512


def on_grid(speeds):
    """Returns the nearest speeds whose places are exact."""
    return ops.round(speeds * _UNIT) / _UNIT


def places(numbers, speeds):
    """Returns `numbers * speeds` as whole part and fraction, without rounding.

    Args:
        numbers: `(1, count)` or `(batch, count)` integers from 0, int32.
        speeds: `(batch,)`, from `on_grid`, above 0 and below 64.

    Returns:
        The whole part, int32, and the fraction in the dtype of `speeds`, both
        `(batch, count)`.
    """
    steps = ops.cast(ops.round(ops.expand_dims(speeds, axis=1) * _UNIT), "int32")
    blocks, rest = numbers // _BLOCK, numbers % _BLOCK
    whole = (steps * _BLOCK) // _UNIT
    part = (steps * _BLOCK) % _UNIT
    fine = blocks * part + rest * steps
    carried = fine // _UNIT
    fraction = ops.cast(fine - carried * _UNIT, speeds.dtype) / _UNIT
    return blocks * whole + carried, fraction


def counts(numbers, speeds):
    """Returns how many samples `numbers` samples take at `speeds`, rounded up.

    Args:
        numbers: `(batch,)` integers, int32.
        speeds: `(batch,)`, from `on_grid`.
    """
    # A guess that float32 may miss by a few, and its exact neighbours.
    guess = ops.cast(ops.cast(numbers, speeds.dtype) / speeds, "int32")
    near = ops.expand_dims(guess, axis=1) + ops.arange(-4, 5, dtype="int32")
    near = ops.maximum(near, 0)
    whole, _ = places(near, speeds)
    # Sample n exists if its place lies before the end.
    fits = ops.cast(whole < ops.expand_dims(numbers, axis=1), "int32")
    return ops.max(fits * (near + 1), axis=1)
