"""Which recordings share a batch, and in which order the batches come."""

import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

# Clips are sorted by length times a random factor within this of 1, so that others
# meet in each epoch; a batch then holds lengths that differ by about twice as much.
_JITTER = 0.03

Indexes = npt.NDArray[np.int32]


def make_plan(
    lengths: npt.NDArray[np.float64],
    batch_size: int,
    *,
    bucket_by_length: bool,
    shuffle: bool,
    seed: int,
    first_pass: int = 0,
    sort_first: bool = False,
) -> Callable[[], list[Indexes]]:
    """Returns what divides the indexes of `lengths` into batches, anew at each call.

    Args:
        lengths: Length of each clip, in any unit.
        batch_size: Size of every batch but one.
        bucket_by_length: Whether clips of similar length share a batch.
        shuffle: Whether each call gives another order. Otherwise clips keep theirs, or
            with buckets are sorted from short to long.
        seed: Number that decides on the orders of the first call and of all later ones.
        first_pass: How many calls count as done.
        sort_first: Whether the first of all calls sorts clips from short to long.
    """
    passes = itertools.count(first_pass)

    def plan() -> list[Indexes]:
        number = next(passes)
        if sort_first and number == 0:
            return _divide(lengths, batch_size, True, None)
        generator = np.random.default_rng([seed, number]) if shuffle else None
        return _divide(lengths, batch_size, bucket_by_length, generator)

    return plan


def _divide(
    lengths: npt.NDArray[np.float64],
    batch_size: int,
    bucket_by_length: bool,
    generator: np.random.Generator | None,
) -> list[Indexes]:
    num_clips = len(lengths)
    sizes = [min(batch_size, num_clips - i) for i in range(0, num_clips, batch_size)]
    if generator is None:
        keys = lengths if bucket_by_length else np.zeros(num_clips)
        return _cut(np.argsort(keys, kind="stable"), sizes)
    if not bucket_by_length:
        return _cut(generator.permutation(num_clips), sizes)
    jitter = generator.uniform(1 - _JITTER, 1 + _JITTER, num_clips)
    # Otherwise the longest clips would always be in the one smaller batch.
    generator.shuffle(sizes)
    batches = _cut(np.argsort(lengths * jitter), sizes)
    return [batches[index] for index in generator.permutation(len(batches))]


def _cut(order: npt.NDArray[np.intp], sizes: list[int]) -> list[Indexes]:
    return np.split(order.astype(np.int32), np.cumsum(sizes)[:-1])
