"""Exponentials of many numbers at once, without a branch: a processor takes 4 to 16.

The argument is `k ln 2 + r` with an integer `k` and a small `r`; `e^r` is a polynomial,
and `2^k` is made of bits. Numba has no such function of its own.
"""

import math

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from speechkit.ops.compiling import compiled

_INVERSE_LN2 = 1 / math.log(2)
# ln 2 in two parts: `k` times the first is exact, and the second has all its digits.
_LN2_PARTS = (355 / 512, -2.1219444005469058277e-4)
_LN2_PARTS_32 = tuple(np.float32(part) for part in _LN2_PARTS)
# Of Taylor's series: what follows is below the last digit for |r| ≤ ln(2) / 2.
_TERMS = tuple(1 / math.factorial(k) for k in range(13, -1, -1))
_TERMS_32 = tuple(np.float32(term) for term in _TERMS[6:])


@compiled
def exponentiate(values):
    """Replaces numbers of 0 and below by their exponentials, in float32 or float64.

    Below −708, and below −87 in float32, there is nothing. NaN stays.

    Args:
        values: `(n,)`; overwritten.
    """
    for place in range(values.size):
        values[place] = _exponential(values[place])


def _exponential(value):
    """Stands for the function of the type of `value`."""


@overload(_exponential)
def _exponential_of_type(value):
    return _exponential_32 if value == types.float32 else _exponential_64


def _exponential_32(value):
    power = np.int32(value * np.float32(_INVERSE_LN2) - np.float32(0.5))
    rest = value - np.float32(power) * _LN2_PARTS_32[0]
    rest -= np.float32(power) * _LN2_PARTS_32[1]
    result = np.float32(0)
    for term in _TERMS_32:
        result = result * rest + term
    result *= _float32_of((power + np.int32(127)) << np.int32(23))
    return np.float32(0) if value < np.float32(-87) else result


def _exponential_64(value):
    power = np.int32(value * _INVERSE_LN2 - 0.5)
    rest = value - np.float64(power) * _LN2_PARTS[0]
    rest -= np.float64(power) * _LN2_PARTS[1]
    result = 0.0
    for term in _TERMS:
        result = result * rest + term
    result *= _float64_of((np.int64(power) + np.int64(1023)) << np.int64(52))
    return 0.0 if value < -708.0 else result


@intrinsic
def _float32_of(typing_context, bits):
    """Returns the number that has the bits of an int32."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), generate


@intrinsic
def _float64_of(typing_context, bits):
    """Returns the number that has the bits of an int64."""

    def generate(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate
