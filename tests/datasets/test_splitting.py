"""Tests of `split_by_speaker`: laws that every split keeps."""

import itertools
from collections import Counter
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies

from speechkit.datasets import Recording, split_by_speaker

SHARES = [(1.0,), (0.5, 0.5), (0.8, 0.1, 0.1), (0.05, 0.15, 0.3, 0.5)]


def record(speakers, labels=None):
    speakers = list(speakers)
    pairs = zip(speakers, labels or ["yes"] * len(speakers), strict=True)
    return [Recording(Path(f"{i}"), label, who) for i, (who, label) in enumerate(pairs)]


@hypothesis.given(
    rows=strategies.lists(
        strategies.tuples(
            strategies.none() | strategies.sampled_from("abcdefghij"),
            strategies.sampled_from(["yes", "no"]),
        ),
        min_size=1,
        max_size=60,
    ),
    shares=strategies.sampled_from(SHARES),
    seed=strategies.integers(0, 5),
)
@hypothesis.settings(max_examples=150, deadline=None, derandomize=True)
def test_every_split_keeps_the_laws(rows, shares, seed):
    recordings = record(*zip(*rows, strict=True))
    speakers = {who for who, _ in rows if who} | {
        i for i, r in enumerate(rows) if not r[0]
    }
    hypothesis.assume(len(speakers) >= len(shares))

    parts = split_by_speaker(recordings, shares, seed=seed)

    shared = [{r.speaker for r in part if r.speaker} for part in parts]
    assert all(a.isdisjoint(b) for a, b in itertools.combinations(shared, 2))
    assert Counter(itertools.chain(*parts)) == Counter(recordings)
    assert len(parts) == len(shares)
    assert all(parts)
    assert all(list(part) == sorted(part, key=recordings.index) for part in parts)


def test_speakers_of_one_size_give_the_exact_shares():
    recordings = record([f"s{i % 50}" for i in range(500)])

    parts = split_by_speaker(recordings)

    assert [len(part) for part in parts] == [400, 50, 50]


def test_transcripts_that_occur_once_are_divided_in_the_shares():
    recordings = record([None] * 100, [f"sentence {i}" for i in range(100)])

    parts = split_by_speaker(recordings)

    np.testing.assert_allclose([len(part) for part in parts], [80, 10, 10], atol=1)


def test_shares_are_near_the_best_of_all_assignments(random):
    sizes = random.integers(1, 40, 8)
    recordings = record(np.repeat([f"s{i}" for i in range(8)], sizes).tolist())
    wanted = np.array([0.6, 0.2, 0.2]) * len(recordings)

    parts = split_by_speaker(recordings, (0.6, 0.2, 0.2))

    def misfit(found):
        return np.square(np.subtract(found, wanted)).sum()

    assignments = np.array(list(itertools.product(range(3), repeat=8)))
    every = (assignments[..., None] == np.arange(3)) * sizes[:, None]
    misfits = sorted(misfit(found) for found in every.sum(axis=1))
    # Better than 97 % of the 6561 ways to divide eight speakers.
    assert misfit([len(part) for part in parts]) <= misfits[len(misfits) * 3 // 100]


def test_labels_are_divided_alike_where_speakers_are_unknown(random):
    labels = random.permutation(np.repeat(["yes", "no", "stop"], [200, 100, 10]))
    recordings = record([None] * len(labels), labels.tolist())

    parts = split_by_speaker(recordings)

    counts = [Counter(recording.text for recording in part) for part in parts]
    assert counts == [
        {"yes": 160, "no": 80, "stop": 8},
        {"yes": 20, "no": 10, "stop": 1},
        {"yes": 20, "no": 10, "stop": 1},
    ]


def test_rare_labels_of_speakers_are_divided_too():
    # Forty speakers of ten clips; every fourth says "no" only.
    speakers = [f"s{i // 10}" for i in range(400)]
    labels = ["no" if i // 10 % 4 == 0 else "yes" for i in range(400)]

    parts = split_by_speaker(record(speakers, labels), (0.5, 0.5))

    assert [Counter(r.text for r in part)["no"] for part in parts] == [50, 50]


def test_same_seed_gives_the_same_split_and_another_gives_another():
    recordings = record([f"s{i % 20}" for i in range(100)])

    first, again, other = (split_by_speaker(recordings, seed=s) for s in (1, 1, 2))

    assert first == again
    assert first != other


def test_mapping_names_the_parts():
    recordings = record("aabbcc")

    parts = split_by_speaker(recordings, {"train": 0.6, "dev": 0.4})

    plain = split_by_speaker(recordings, (0.6, 0.4))
    assert list(parts) == ["train", "dev"]
    for (name, part), expected in zip(parts.items(), plain, strict=True):
        assert {recording.split for recording in part} == {name}
        assert [r.path for r in part] == [r.path for r in expected]


def test_rejects_fewer_speakers_than_parts():
    with pytest.raises(ValueError, match=r"at least 3 speakers, .* Received: 2"):
        split_by_speaker(record("aabb"))


@pytest.mark.parametrize("shares", [(0.8, 0.1), (0.9, 0.2), ()])
def test_rejects_shares_that_are_not_the_whole(shares):
    with pytest.raises(ValueError, match=r"`fractions` must add up to 1. Received: "):
        split_by_speaker(record("abc"), shares)


@pytest.mark.parametrize("shares", [(1.0, 0), (1.5, -0.5), ("1",)])
def test_rejects_shares_that_are_not_above_0(shares):
    with pytest.raises(
        ValueError, match=r"`fractions` must be a finite number above 0"
    ):
        split_by_speaker(record("abc"), shares)


def test_rejects_seeds_that_are_not_whole_numbers():
    with pytest.raises(ValueError, match=r"`seed` must .* Received: seed=-1"):
        split_by_speaker(record("abc"), seed=-1)
