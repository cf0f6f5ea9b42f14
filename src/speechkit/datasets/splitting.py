"""From one list of recordings to parts that share no speaker."""

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from speechkit._checks import check_int, check_number
from speechkit._names import alike
from speechkit.datasets.recording import Recording


@overload
def split_by_speaker(
    recordings: Iterable[Recording],
    fractions: Mapping[str, float],
    *,
    seed: int = ...,
) -> dict[str, tuple[Recording, ...]]: ...
@overload
def split_by_speaker(
    recordings: Iterable[Recording],
    fractions: Sequence[float] = ...,
    *,
    seed: int = ...,
) -> tuple[tuple[Recording, ...], ...]: ...
def split_by_speaker(
    recordings: Iterable[Recording],
    fractions: Mapping[str, float] | Sequence[float] = (0.8, 0.1, 0.1),
    *,
    seed: int = 0,
) -> dict[str, tuple[Recording, ...]] | tuple[tuple[Recording, ...], ...]:
    """Divides recordings so that no speaker is in two parts.

    Large speakers are placed first, each where it brings the parts nearest to their
    shares of all recordings and of every label. A recording without a speaker counts
    as a speaker of its own, so that without any speakers every label is divided in
    these shares. No part is empty.

    Args:
        recordings: What to divide.
        fractions: Share of each part, above 0 and together 1; or a mapping from the
            name of each part to its share.
        seed: Number that decides between speakers of about the same size. The same
            recordings and the same number always give the same parts.

    Returns:
        The parts in the order of `fractions`, each in the order of `recordings`. For a
        mapping, a dictionary with the same keys, whose recordings have their key as
        `split`.

    Raises:
        ValueError: If the shares are wrong or there are fewer speakers than parts.

    Example:
        >>> pairs = [Recording(f"{i}.wav", "yes", f"s{i // 2}") for i in range(20)]
        >>> [len(part) for part in split_by_speaker(pairs)]
        [16, 2, 2]
    """
    recordings = tuple(recordings)
    seed = check_int("seed", seed, minimum=0)
    if isinstance(fractions, Mapping):
        parts = _divide(recordings, tuple(fractions.values()), seed)
        return {
            name: tuple(
                dataclasses.replace(recording, split=name) for recording in part
            )
            for name, part in zip(fractions, parts, strict=True)
        }
    return _divide(recordings, tuple(fractions), seed)


def _divide(
    recordings: tuple[Recording, ...], shares: tuple[float, ...], seed: int
) -> tuple[tuple[Recording, ...], ...]:
    for share in shares:
        check_number("fractions", share, above=True)
    if not math.isclose(sum(shares), 1, abs_tol=1e-6):
        raise ValueError(f"`fractions` must add up to 1. Received: fractions={shares}")
    groups = _group_by_speaker(recordings)
    if len(groups) < len(shares):
        raise ValueError(
            f"`recordings` must have at least {len(shares)} speakers, one for each "
            f"part. Received: {len(groups)}"
        )
    part_of = np.empty(len(recordings), int)
    for group, part in _place(groups, _number_labels(recordings), shares, seed):
        part_of[group] = part
    return tuple(
        tuple(recordings[index] for index in np.flatnonzero(part_of == part))
        for part in range(len(shares))
    )


def _group_by_speaker(recordings: tuple[Recording, ...]) -> list[list[int]]:
    groups: dict[str | int, list[int]] = {}
    for index, recording in enumerate(recordings):
        speaker = recording.speaker
        key = index if speaker is None else alike(speaker)
        groups.setdefault(key, []).append(index)
    return list(groups.values())


def _number_labels(recordings: tuple[Recording, ...]) -> npt.NDArray[np.intp]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(r.text, len(numbers)) for r in recordings])


def _place(
    groups: list[list[int]],
    labels: npt.NDArray[np.intp],
    shares: tuple[float, ...],
    seed: int,
) -> Iterator[tuple[list[int], int]]:
    """Yields each group and its part, by steepest descent on the squared misfit."""
    # Column 0 counts recordings, the others count each label.
    missing = np.outer(shares, [len(labels), *np.bincount(labels)])
    filled = np.zeros(len(shares), bool)
    shuffled = np.random.default_rng(seed).permutation(len(groups))
    # Comparing powers of two leaves something to chance among similar speakers.
    order = sorted(shuffled, key=lambda index: -len(groups[index]).bit_length())
    for num_left, index in zip(range(len(order), 0, -1), order, strict=True):
        columns, counts = np.unique(labels[groups[index]], return_counts=True)
        columns, counts = np.append(columns + 1, 0), np.append(counts, counts.sum())
        gains = missing[:, columns] @ counts
        if num_left <= np.count_nonzero(~filled):
            gains[filled] = -np.inf
        part = int(np.argmax(gains))
        missing[part, columns] -= counts
        filled[part] = True
        yield groups[index], part
