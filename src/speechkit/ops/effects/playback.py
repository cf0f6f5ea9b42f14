"""Clips played at speeds of their own, with nothing folded back."""

import math

import numpy as np
from keras import ops

from speechkit.ops.effects import fixed_point, flattening, spectral_filtering
from speechkit.ops.effects.polynomial import polynomial
from speechkit.ops.time import lengths

# The low-pass: half way down at this share of the band that the result can hold, and
# so wide in its fall that at the end of the band less than 1e-5 is left.
_MIDDLE, _WIDTH = 0.94, 0.02
# Samples on each side of a clip into which the low-pass rings.
_RINGING = 256
_DEGREE = 5


def played(waveforms, speeds, num_outputs):
    """Returns clips at speeds of their own, `(batch, num_outputs)`.

    Sample `n` is the band-limited clip at time `n * speed`; a clip counts as zero
    outside its ends. At speed 1 it stays exactly what it is. The clip is brought to
    twice its sampling rate by the Fourier transform, where frequencies that the result
    cannot hold are removed and what the interpolation will lose is added, and then read
    between its samples by a B-spline of degree 5.

    Args:
        waveforms: `(batch, samples)`.
        speeds: `(batch,)`, from `fixed_point.on_grid`.
        num_outputs: Number of samples of the result.

    References:
        Unser, Aldroubi and Eden, B-spline signal processing, 1993.
    """
    count = ops.shape(waveforms)[1]
    finer = _finer(waveforms, speeds)
    numbers = ops.expand_dims(ops.arange(num_outputs, dtype="int32"), axis=0)
    # The speed on the finer grid is twice the speed.
    whole, fraction = fixed_point.places(numbers, 2 * speeds)
    whole = ops.minimum(whole, 2 * count + _RINGING)
    read = _spline(finer, whole + _RINGING, fraction)
    same = lengths.lengthened(waveforms[:, :num_outputs], num_outputs)
    return ops.where(ops.expand_dims(speeds, axis=1) == 1, same, read)


def _finer(waveforms, speeds):
    """Returns spline coefficients at twice the rate, `_RINGING` samples before each."""
    count = ops.shape(waveforms)[1]
    padded = ops.pad(waveforms, [[0, 0], [_RINGING // 2, _RINGING]])
    size = spectral_filtering.transform_length(count + _RINGING // 2 + _RINGING)
    real, imaginary = ops.rfft(padded, size)
    angles = spectral_filtering.angles(size, waveforms.dtype)
    band = ops.minimum(1.0, 1.0 / ops.expand_dims(speeds, axis=1))
    fall = (angles / (math.pi * band) - _MIDDLE) / _WIDTH
    gain = (1 - ops.erf(fall)) / _spline_response(angles / 2)
    # Twice as many samples share the spectrum, so each needs twice of it.
    missing = size // 2
    spectrum = [
        ops.concatenate(
            [part * gain, ops.zeros((ops.shape(part)[0], missing), part.dtype)], axis=1
        )
        for part in (real, imaginary)
    ]
    return ops.irfft(tuple(spectrum), 2 * size)


def _spline_response(angles):
    """Returns what B-spline weights on the samples do to each frequency."""
    # The spline of degree 5 at −2 … 2: (1, 26, 66, 26, 1) / 120.
    return (66 + 52 * ops.cos(angles) + 2 * ops.cos(2 * angles)) / 120


def _spline(coefficients, places, fractions):
    """Returns a B-spline of degree 5 at `places + fractions`."""
    row, starts = flattening.flattened(coefficients)
    first = places + starts - 2
    # Seen from the middle between two samples, the weights on the right mirror those on
    # the left.
    distances = fractions - 0.5
    squares = ops.square(distances)
    total = ops.zeros_like(fractions)
    for tap, (evens, odds) in enumerate(_PIECES):
        even = polynomial(evens, squares)
        odd = distances * polynomial(odds, squares)
        total = total + (even + odd) * flattening.read(row, first + tap)
        mirrored = flattening.read(row, first + (_DEGREE - tap))
        total = total + (even - odd) * mirrored
    return total


def _pieces():
    """Returns the pieces of the spline that weigh the left samples, by its definition.

    Each is two tuples of coefficients: of the even powers and of the odd ones.
    """
    # B(x) = Σₖ (−1)ᵏ C(6, k) max(0, x + 3 − k)⁵ / 5!; tap j lies at x = d + 2.5 − j.
    pieces = []
    for tap in range(3):
        row = np.zeros(_DEGREE + 1)
        for k in range(_DEGREE + 1 - tap):
            start = 5.5 - tap - k
            sign = (-1) ** k * math.comb(6, k) / math.factorial(5)
            for power in range(_DEGREE + 1):
                row[power] += sign * math.comb(5, power) * start ** (5 - power)
        pieces.append((tuple(row[::2].tolist()), tuple(row[1::2].tolist())))
    return pieces


_PIECES = _pieces()
