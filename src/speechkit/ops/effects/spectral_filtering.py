"""Filters of whole clips, each its own, by the Fourier transform."""

import math

import numpy as np
from keras import ops

# Short products of small primes transform fastest, and leave gaps of an eighth at most.
_SIZES = np.array(
    sorted(
        2**n * odd
        for odd in (1, 3, 5, 9, 15, 27, 45, 135)
        for n in range(1, 31)
        if 2**n * odd < 2**31
    ),
    dtype="int32",
)


def transform_length(num_samples):
    """Returns a length of at least `num_samples` that is fast to transform.

    Args:
        num_samples: An integer, or a tensor of one.

    Returns:
        2ⁿ · 3ᵃ · 5ᵇ, even, with few factors of 3 and 5; a tensor for a tensor.
    """
    if isinstance(num_samples, int):
        return int(_SIZES[np.searchsorted(_SIZES, num_samples)])
    return ops.min(ops.where(num_samples <= _SIZES, _SIZES, np.iinfo("int32").max))


def angles(fft_length, dtype):
    """Returns `(1, bins)`: the frequency of each bin in radians a sample, 0 to π."""
    bins = ops.arange(fft_length // 2 + 1, dtype="int32")
    step = 2 * math.pi / ops.cast(fft_length, dtype)
    return ops.expand_dims(ops.cast(bins, dtype) * step, axis=0)


def multiplied(first, second):
    """Returns the product of complex numbers, as real and imaginary parts."""
    real = first[0] * second[0] - first[1] * second[1]
    return real, first[0] * second[1] + first[1] * second[0]


def divided(first, second):
    """Returns the quotient of complex numbers, as real and imaginary parts."""
    square = ops.square(second[0]) + ops.square(second[1])
    real, imaginary = multiplied(first, (second[0], -second[1]))
    return real / square, imaginary / square


def convolved(waveforms, responses):
    """Returns clips convolved with impulse responses, at full length.

    Args:
        waveforms: `(batch, samples)`.
        responses: `(batch, taps)`.

    Returns:
        `(batch, samples + taps - 1)`.
    """
    count = ops.shape(waveforms)[1] + ops.shape(responses)[1] - 1
    size = transform_length(count)
    product = multiplied(ops.rfft(waveforms, size), ops.rfft(responses, size))
    return ops.irfft(product, size)[:, :count]


def filtered(waveforms, frequency_response, tail):
    """Returns clips filtered by what a function says of each frequency.

    The impulse response may be endless. What of it lies beyond `tail` samples comes
    back at the beginning of the clip, so it must be too small to matter there.

    Args:
        waveforms: `(batch, samples)`.
        frequency_response: Takes angles `(1, bins)` from 0 to π and returns real and
            imaginary parts, `(batch, bins)`.
        tail: Samples after which the impulse response is negligible.
    """
    count = ops.shape(waveforms)[1]
    size = transform_length(count + tail)
    response = frequency_response(angles(size, waveforms.dtype))
    return ops.irfft(multiplied(ops.rfft(waveforms, size), response), size)[:, :count]
