"""Exponentials without a branch, so that a processor computes 4 to 16 at once.

The argument is `k ln 2 + r` with an integer `k` and a small `r`; `e^r` is a polynomial,
and `2^k` is written into the exponent bits. `math.exp` in Numba takes one at a time.
"""

import math

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from speechkit.ops.runtime.compiling import compiled, compiled_contracted, in_type_of

_INVERSE_LN2 = 1 / math.log(2)
# ln 2 in two parts: `k` times the first is exact, and the second has all its digits.
_LN2_PARTS = (355 / 512, -2.1219444005469058277e-4)
_LN2_PARTS_32 = tuple(np.float32(part) for part in _LN2_PARTS)
# Of Taylor's series: what follows is below the last digit for |r| ≤ ln(2) / 2.
_TERMS = tuple(1 / math.factorial(k) for k in range(13, 0, -1))
_TERMS_32 = tuple(np.float32(term) for term in _TERMS[6:])


@compiled
def exponentiate(values):
    """Replaces numbers of 0 and below by their exponentials, in float32 or float64.

    Below −708, or −87 in float32, the result is zero. NaN stays NaN.

    Args:
        values: `(n,)`; overwritten.
    """
    for place in range(values.size):
        values[place] = exponential(values[place])


@compiled_contracted
def exponential(value):
    """Returns the exponential of one number, as `exponentiate` does."""
    less, scale = _parts(value)
    return less * scale + scale


@compiled_contracted
def exponential_minus_one(value):
    """Returns e^x − 1 of one number of 0 and below, exact near zero, too."""
    less, scale = _parts(value)
    return less * scale + (scale - in_type_of(scale, 1))


def _parts(value):
    """Returns `e^r - 1` and `2^k`, which is zero where the exponential is.

    Compiled as `_parts_32` or `_parts_64`.
    """


@overload(_parts, jit_options={"fastmath": {"contract"}})
def _parts_of_type(value):
    return _parts_32 if value == types.float32 else _parts_64


def _parts_32(value):
    is_nothing = value < np.float32(-87)
    value = np.float32(-87) if is_nothing else value
    power = np.int32(value * np.float32(_INVERSE_LN2) - np.float32(0.5))
    rest = value - np.float32(power) * _LN2_PARTS_32[0]
    rest -= np.float32(power) * _LN2_PARTS_32[1]
    result = np.float32(0)
    for term in _TERMS_32:
        result = result * rest + term
    scale = _float32_of((power + np.int32(127)) << np.int32(23))
    return result * rest, np.float32(0) if is_nothing else scale


def _parts_64(value):
    is_nothing = value < -708.0
    value = -708.0 if is_nothing else value
    power = np.int32(value * _INVERSE_LN2 - 0.5)
    rest = value - np.float64(power) * _LN2_PARTS[0]
    rest -= np.float64(power) * _LN2_PARTS[1]
    result = 0.0
    for term in _TERMS:
        result = result * rest + term
    scale = _float64_of((np.int64(power) + np.int64(1023)) << np.int64(52))
    return result * rest, 0.0 if is_nothing else scale


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
