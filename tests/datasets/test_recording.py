"""Tests of recordings that are a piece of a file, and of manifests that list them."""

import json

import numpy as np
import pytest
import soundfile

from speechkit import audio
from speechkit.datasets import (
    Recording,
    check_recordings,
    padded_batches,
    read_manifest,
    write_manifest,
)

RATE = 8000


@pytest.fixture
def samples(tmp_path, random):
    """Two seconds of noise, as 16 bits keep it, in `long.wav` of the folder."""
    samples = random.integers(-(2**14), 2**14, 2 * RATE, dtype=np.int16)
    soundfile.write(tmp_path / "long.wav", samples, RATE)
    return samples / 32768


PIECES = [
    ({}, slice(None)),
    ({"start_seconds": 0.5}, slice(4000, None)),
    ({"duration_seconds": 0.5}, slice(0, 4000)),
    ({"start_seconds": 1.25, "duration_seconds": 0.5}, slice(10000, 14000)),
    # As a manifest rounds it: the file ends before.
    ({"duration_seconds": 2.004}, slice(None)),
    ({"start_seconds": 1.5, "duration_seconds": 0.51}, slice(12000, None)),
    ({"start_seconds": np.float32(0.5), "duration_seconds": 1}, slice(4000, 12000)),
]


@pytest.mark.parametrize(("piece", "place"), PIECES)
def test_a_piece_is_read_measured_checked_and_put_into_batches(
    tmp_path, samples, piece, place
):
    recording = Recording(tmp_path / "long.wav", "on", **piece)
    expected = samples[place].astype("float32")

    np.testing.assert_array_equal(recording.read(), expected)
    assert len(recording.read(2 * RATE)) == 2 * len(expected)
    assert recording.measure() == pytest.approx(len(expected) / RATE)
    assert check_recordings([recording]) == ((recording,), ())
    ((inputs, _),) = padded_batches([recording], len, sampling_rate=RATE, batch_size=1)
    np.testing.assert_array_equal(inputs["waveforms"][0], expected)


def test_pieces_are_measured_for_limits(tmp_path, samples):
    pieces = [
        Recording(tmp_path / "long.wav", "on", duration_seconds=seconds)
        for seconds in (0.25, 0.5, 1.5)
    ]

    good, problems = check_recordings(pieces, min_seconds=0.3, max_seconds=1)

    assert good == (pieces[1],)
    assert [problem.reason.split(",")[0] for problem in problems] == [
        "lasts 0.25 s",
        "lasts 1.5 s",
    ]


@pytest.mark.parametrize(
    ("piece", "end"),
    [
        ({"start_seconds": 2.0}, "from 2 s on"),
        ({"start_seconds": 5.0, "duration_seconds": 1.0}, "from 5 s to 6 s"),
        ({"start_seconds": 1.5, "duration_seconds": 0.7}, "from 1.5 s to 2.2 s"),
    ],
)
def test_a_piece_beyond_the_end_is_an_error(tmp_path, samples, piece, end):
    recording = Recording(tmp_path / "long.wav", "on", **piece)
    message = f"long.wav` lasts 2 s, too short for a piece {end}"

    for use in (recording.read, recording.measure):
        with pytest.raises(audio.AudioError, match=message):
            use()
    assert check_recordings([recording])[1][0].reason in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start_seconds", -0.1),
        ("start_seconds", "1"),
        ("duration_seconds", 0),
        ("duration_seconds", float("nan")),
    ],
)
def test_rejects_pieces_that_are_none(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be a finite number"):
        Recording("a.wav", "on", **{name: value})


ROWS = {
    "ours": {"path": "a.wav", "start_seconds": 1.5, "duration_seconds": 2},
    "nemo": {"audio_filepath": "a.wav", "offset": 1.5, "duration": 2.0},
    "lhotse": {"path": "a.wav", "start": 1.5, "duration": 2.0, "channel": 0},
    "text": {"audio_filepath": "a.wav", "offset": "1.5", "duration": "2"},
    "both": {"path": "a.wav", "start": 1.5, "duration": 2.0, "end": 3.5},
}


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
@pytest.mark.parametrize("name", ROWS)
def test_manifests_of_other_tools_name_pieces(tmp_path, name, suffix):
    row = {**ROWS[name], "text": "on"}
    lines = {
        "jsonl": [json.dumps(row)],
        "csv": [",".join(row), ",".join(map(str, row.values()))],
    }
    path = tmp_path / f"m.{suffix}"
    path.write_text("\n".join(lines[suffix]))

    (recording,) = read_manifest(path)

    assert recording == Recording(
        tmp_path / "a.wav", "on", start_seconds=1.5, duration_seconds=2.0
    )


def test_empty_cells_mean_the_whole_file(tmp_path):
    (tmp_path / "m.csv").write_text("path,text,offset,duration\na.wav,on,,\n")
    (tmp_path / "m.jsonl").write_text('{"path": "a.wav", "text": "on", "offset": null}')

    for name in ("m.csv", "m.jsonl"):
        assert read_manifest(tmp_path / name) == (Recording(tmp_path / "a.wav", "on"),)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"offset": -1}, r"`start_seconds` must be a finite number of 0 or more"),
        ({"duration": 0}, r"`duration_seconds` must be a finite number above 0"),
        ({"offset": "1 s"}, r"must have a number for `start_seconds`. Received: '1 s'"),
        ({"duration": True}, r"must have a number for `duration_seconds`. .* True"),
        ({"offset": 1, "start": 1}, r"must have one of the names 'offset', 'start'"),
        ({"start": 1, "end": 2}, r"must say by `duration_seconds` where .* end=2"),
        ({"audio_filepath": "b"}, r"one of the names 'path', 'audio_filepath'"),
    ],
)
def test_what_does_not_name_a_piece_is_refused_by_line(tmp_path, values, message):
    path = tmp_path / "m.jsonl"
    path.write_text("\n" + json.dumps({"path": "a.wav", "text": "on", **values}))

    with pytest.raises(ValueError, match=f"m.jsonl`, line 2, .*{message}"):
        read_manifest(path)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
def test_written_pieces_come_back(tmp_path, suffix):
    recordings = (
        Recording(tmp_path / "a.wav", "on", start_seconds=0.1, duration_seconds=1 / 3),
        Recording(tmp_path / "b.wav", "off"),
    )

    write_manifest(recordings, tmp_path / f"m.{suffix}")

    assert read_manifest(tmp_path / f"m.{suffix}") == recordings


@pytest.mark.parametrize(
    "content",
    [
        'path, text\na.wav, yes\nb.wav, "no, never"\n',
        'path , text\na.wav ,yes\nb.wav ,"no, never"\n',
        'path,\ttext\na.wav,yes\nb.wav,"no, never"\n'.replace("\t", "  "),
    ],
)
def test_spaces_beside_commas_are_no_part_of_names(tmp_path, content):
    (tmp_path / "m.csv").write_text(content)

    assert read_manifest(tmp_path / "m.csv") == (
        Recording(tmp_path / "a.wav", "yes"),
        Recording(tmp_path / "b.wav", "no, never"),
    )
