"""Tests of `check_recordings`."""

import sys
from pathlib import Path

import numpy as np
import pytest

from audio.encoding import ENCODINGS, encode
from speechkit.datasets import (
    Problem,
    Recording,
    check_recordings,
    padded_batches,
    read_manifest,
    write_manifest,
)


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
    assert problems[2].text == "yes"


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


def test_package_that_files_need_is_named_with_their_class(tmp_path, monkeypatch):
    encode(tmp_path / "on.m4a", np.zeros(8000, np.float32), ENCODINGS[0])
    recordings = [Recording(tmp_path / "on.m4a", "on")]
    assert check_recordings(recordings) == (tuple(recordings), ())

    monkeypatch.setitem(sys.modules, "av", None)
    _, (problem,) = check_recordings(recordings)

    assert problem.text == "on"
    assert problem.reason.endswith("needs the package PyAV: pip install 'av>=14'")


def test_recordings_of_phones_become_batches(tmp_path):
    recordings = []
    for encoding in ENCODINGS:
        path = tmp_path / encoding.name
        encode(path, np.full(encoding.rate, 0.25, np.float32), encoding)
        recordings.append(Recording(path, "on"))
    write_manifest(recordings, tmp_path / "all.csv")

    batches = padded_batches(
        read_manifest(tmp_path / "all.csv"),
        lambda text: 0,
        sampling_rate=16000,
        batch_size=len(recordings),
    )

    ((inputs, _),) = batches
    lengths = inputs["lengths"].numpy()
    assert lengths.min() >= 16000 - 512
    assert lengths.max() <= 16000 + 2304
