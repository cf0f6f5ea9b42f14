"""Waveforms as layers take them: floating point from −1 to 1, never integers."""

import keras
from keras import ops


class _FloatingPoint(str):
    """Name of a dtype that equals that of every floating-point type."""

    __slots__ = ()

    def __eq__(self, other):
        return keras.backend.is_float_dtype(other)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return str.__hash__(self)


def waveform_spec(**options) -> keras.layers.InputSpec:
    """Returns an `InputSpec` that refuses integers, symbolic ones, too.

    Args:
        **options: Arguments of `keras.layers.InputSpec`. Without any, inputs must have
            the axes (batch, samples).
    """
    spec = keras.layers.InputSpec(**(options or {"ndim": 2}))
    spec.dtype = _FloatingPoint("floating point from -1 to 1")
    return spec


def as_samples(waveforms, dtype):
    """Returns waveforms in a floating-point type; raises `ValueError` on integers."""
    given = keras.backend.standardize_dtype(waveforms.dtype)
    if not keras.backend.is_float_dtype(given):
        raise ValueError(
            "Waveforms must hold floating-point samples from -1 to 1: divide 16-bit "
            f"samples by 32768. Received: dtype={given}"
        )
    return ops.cast(waveforms, dtype)
