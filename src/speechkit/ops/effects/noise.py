"""Random numbers by the million, equally fast with and without XLA."""

import keras
from keras import ops

from speechkit.ops.effects.polynomial import polynomial

if keras.backend.backend() == "tensorflow":
    from speechkit.ops.effects.noise_tensorflow import uniform
else:
    from keras.random import uniform  # type: ignore[no-redef]

# sin(πt) / t and cos(πt) for t² up to 1/4, with the smallest largest error that so many
# terms allow: 2e-8 and 5e-8.
_SINE = (3.14159264, -5.16771009, 2.55007766, -0.59829216, 0.07765941)
_COSINE = (0.99999995, -4.93479286, 4.05841191, -1.33188016, 0.2196968)


def normal(batch, count, dtype, seeds):
    """Returns independent normal numbers of mean 0 and variance 1, `(batch, count)`.

    Two uniform numbers make two normal ones, a radius and an angle.

    Args:
        batch: Number of rows.
        count: Numbers in a row.
        dtype: A dtype of floating point.
        seeds: A `keras.random.SeedGenerator`.

    References:
        Box and Muller, A note on the generation of random normal deviates, 1958.
    """
    half = (count + 1) // 2
    numbers = uniform((2, batch, half), dtype=dtype, seed=seeds)
    # From 0 to below 1: the logarithm needs the other end open.
    radius = ops.sqrt(-2 * ops.log(1 - numbers[0]))
    sine, cosine = sine_and_cosine(numbers[1] - 0.5)
    return ops.concatenate([radius * sine, radius * cosine], axis=1)[:, :count]


def sine_and_cosine(turns):
    """Returns sine and cosine of angles from −1/2 to 1/2 of a turn, within 1e-6.

    Compiled by XLA on a CPU, the functions themselves take ten times as long.
    """
    square = ops.square(turns)
    sine = turns * polynomial(_SINE, square)
    cosine = polynomial(_COSINE, square)
    return 2 * sine * cosine, 1 - 2 * ops.square(sine)
