"""Sums of numbers that are given by their logarithms, compiled."""

import math

from speechkit.ops.runtime.compiling import compiled_inline


@compiled_inline
def log_add(a, b):
    """Returns the logarithm of the sum of two numbers given by theirs."""
    if a < b:
        a, b = b, a
    # Below this, the smaller number does not change the sum in float64. Two numbers
    # that are both nothing are nothing.
    if b <= a - 37.0:
        return a
    return a + math.log1p(math.exp(b - a))
