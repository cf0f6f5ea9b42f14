"""Sums over a corpus that are the same in any order and on any number of replicas."""

import keras
from keras import ops

if keras.backend.backend() == "tensorflow":
    from speechkit.metrics._adding_tensorflow import add
else:

    def add(variable, value):
        """Adds a value to a variable."""
        variable.assign_add(value)


__all__ = ["UNIT", "add", "in_units"]

# Weights are kept as whole multiples of 1 / UNIT. Whole numbers, halves and so on are
# exact, and sums of integers do not depend on their order.
UNIT = 2**20


def in_units(weights):
    """Returns weights as int64 multiples of 1 / UNIT."""
    weights = ops.cast(ops.convert_to_tensor(weights), "float64")
    return ops.cast(ops.round(weights * UNIT), "int64")
