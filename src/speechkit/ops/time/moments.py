"""Mean and variance of a corpus, batch by batch, in float64."""

import dataclasses
import functools

import numpy as np


@dataclasses.dataclass(frozen=True)
class Moments:
    """Mean and variance of each feature over some frames.

    Attributes:
        count: Number of frames.
        mean: `(features,)`.
        variance: `(features,)`; the mean squared deviation.
    """

    count: int
    mean: np.ndarray
    variance: np.ndarray

    def merged(self, other: "Moments") -> "Moments":
        """Returns the moments of the frames of both.

        References:
            Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for
            computing sample variances, 1979.
        """
        count = self.count + other.count
        if count == 0:
            return self
        share = other.count / count
        change = other.mean - self.mean
        variance = (1 - share) * self.variance + share * other.variance
        return Moments(
            count,
            self.mean + share * change,
            variance + share * (1 - share) * np.square(change),
        )


def moments_of(frames: np.ndarray) -> Moments:
    """Returns the moments of `(frames, features)`; mean 0, variance 1 if none."""
    if not len(frames):
        return Moments(0, np.zeros(frames.shape[1]), np.ones(frames.shape[1]))
    return Moments(
        len(frames),
        frames.mean(axis=0, dtype="float64"),
        frames.var(axis=0, dtype="float64"),
    )


def merged_moments(parts) -> Moments:
    """Returns the moments of the frames of several `Moments`, one at least."""
    return functools.reduce(Moments.merged, parts)
