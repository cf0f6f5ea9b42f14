"""Activations of recurrences, for compiled functions: several numbers at once."""

import math

from speechkit.ops.runtime import exponentials_numba as exponentials
from speechkit.ops.runtime.compiling import compiled_contracted, in_type_of


@compiled_contracted
def sigmoid(value):
    """Returns 1 / (1 + e^−x), in float32 or float64."""
    power = exponentials.exponential(-abs(value))
    one = in_type_of(value, 1)
    share = one / (one + power)
    return share if value > 0 else power * share


@compiled_contracted
def tanh(value):
    """Returns the hyperbolic tangent, in float32 or float64; exact near zero, too."""
    two = in_type_of(value, 2)
    rest = exponentials.exponential_minus_one(-two * abs(value))
    return math.copysign(rest / (two + rest), value)
