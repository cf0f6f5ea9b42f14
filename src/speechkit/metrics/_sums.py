"""Sums over a corpus that are the same in any order and on any number of replicas."""

import keras
import numpy as np
from keras import ops

from speechkit.ops.time import precision

if keras.backend.backend() == "tensorflow":
    from speechkit.metrics._adding_tensorflow import add
else:

    def add(variable, value):
        """Adds a value to a variable."""
        variable.assign_add(value)


__all__ = ["DTYPE", "LEAST", "UNIT", "add", "in_units"]

# The least weight that counts.
LEAST = 2.0**-20
# Weights are kept as whole multiples of it. Whole numbers, halves and so on are exact,
# and sums of integers do not depend on their order. In 32 bits they would overflow
# after 2048 tokens, so there sums are float32: exact for whole weights of up to 2^24
# tokens in all.
DTYPE, UNIT = ("int64", 2**20) if precision.WIDE_INT == "int64" else ("float32", 1)


def in_units(weights):
    """Returns weights as multiples of 1 / UNIT, in `DTYPE`.

    Raises:
        ValueError: In an eager call on TensorFlow, if one is negative, infinite or NaN.
    """
    weights = ops.convert_to_tensor(weights)
    _check_values(weights)
    weights = ops.cast(weights, precision.WIDE_FLOAT)
    return ops.cast(ops.round(weights / LEAST) * LEAST * UNIT, DTYPE)


def _check_values(weights):
    if keras.backend.backend() != "tensorflow" or not hasattr(weights, "numpy"):
        return
    values = np.asarray(weights, "float64").ravel()
    wrong = values[~(np.isfinite(values) & (values >= 0))]
    if wrong.size:
        raise ValueError(
            "`sample_weight` must hold finite numbers of 0 or more. "
            f"Received: {wrong[0]:g}"
        )
