"""Tests of `check_recordings`."""

from pathlib import Path

import pytest

from speechkit.datasets import Problem, Recording, check_recordings


def test_bad_recordings_are_listed_with_their_reason(make_recordings):
    recordings = make_recordings([800] * 5)
    recordings[1].path.write_bytes(b"")
    recordings[3].path.write_bytes(recordings[3].path.read_bytes()[:-4])
    missing = Recording(Path("missing.wav"), "yes")

    good, problems = check_recordings([*recordings, missing])

    assert good == (recordings[0], recordings[2], recordings[4])
    assert [problem.path for problem in problems] == [
        recordings[1].path,
        recordings[3].path,
        missing.path,
    ]
    assert problems[0].reason == "is empty (0 bytes)"
    assert problems[1].reason.startswith("is truncated: its header promises 3200 bytes")
    assert problems[2] == Problem(missing.path, "does not exist")


def test_limits_are_still_good(make_recordings):
    recordings = make_recordings([799, 800, 1600, 1601])

    good, problems = check_recordings(recordings, min_seconds=0.1, max_seconds=0.2)

    assert good == recordings[1:3]
    assert [problem.reason for problem in problems] == [
        "lasts 0.099875 s, less than the 0.1 s that are needed",
        "lasts 0.200125 s, more than the 0.2 s that are accepted",
    ]


def test_progress_counts_to_the_end(make_recordings):
    seen = []

    check_recordings(
        make_recordings([800] * 3), progress=lambda *pair: seen.append(pair)
    )

    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_nothing_to_check_is_fine():
    assert check_recordings([]) == ((), ())


@pytest.mark.parametrize("name", ["min_seconds", "max_seconds"])
def test_rejects_limits_below_0(name):
    with pytest.raises(ValueError, match=f"`{name}` must .* Received: {name}=-1"):
        check_recordings([], **{name: -1})
