"""Batches as one long row, for reading each clip at places of its own."""

import functools

import keras
from keras import ops

if keras.backend.backend() == "tensorflow":
    from speechkit.ops.effects.flattening_tensorflow import read
else:
    read = functools.partial(ops.take, axis=0)

__all__ = ["flattened", "read"]


def flattened(values):
    """Returns clips one after the other, and where each of them begins.

    Args:
        values: `(batch, time, ...)`.

    Returns:
        `(batch * time, ...)`, and `(batch, 1)` int32.

    Example:
        >>> row, starts = flattened(ops.array([[1.0, 2.0], [3.0, 4.0]]))
        >>> read(row, starts + ops.array([[1], [0]])).numpy().tolist()
        [[2.0], [3.0]]
    """
    batch, count, *rest = ops.shape(values)
    starts = ops.expand_dims(ops.arange(batch, dtype="int32") * count, axis=1)
    return ops.reshape(values, (-1, *rest)), starts
