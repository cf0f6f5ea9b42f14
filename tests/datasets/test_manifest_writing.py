"""Tests of `write_manifest`."""

import csv
import json
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies

from speechkit.datasets import Recording, read_manifest, write_manifest

SUFFIXES = (".csv", ".tsv", ".jsonl", ".json")
names = strategies.text(
    strategies.characters(codec="utf-8", exclude_characters="\0"), min_size=1
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@hypothesis.given(
    columns=strategies.lists(
        strategies.tuples(names | strategies.just(""), names | strategies.none()),
        min_size=1,
        max_size=4,
    )
)
@hypothesis.settings(max_examples=30, deadline=None, derandomize=True)
def test_any_text_comes_back(tmp_path_factory, suffix, columns):
    folder = tmp_path_factory.mktemp("manifests")
    recordings = tuple(
        Recording(folder / "sub" / f"{index}.wav", text, speaker, "dev")
        for index, (text, speaker) in enumerate(columns)
    )

    write_manifest(recordings, folder / f"m{suffix}")

    assert read_manifest(folder / f"m{suffix}") == recordings


def test_csv_is_what_the_csv_module_reads(tmp_path):
    write_manifest(
        [Recording(tmp_path / "a.wav", "ja, schön", "x")], tmp_path / "m.csv"
    )

    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {"path": "a.wav", "text": "ja, schön", "speaker": "x", "split": ""}


def test_json_lines_are_what_the_json_module_reads(tmp_path):
    write_manifest([Recording(tmp_path / "a.wav", "蓝牙")], tmp_path / "m.jsonl")

    (line,) = (tmp_path / "m.jsonl").read_text(encoding="utf-8").splitlines()
    assert "蓝牙" in line
    assert json.loads(line) == {
        "path": "a.wav",
        "text": "蓝牙",
        "speaker": None,
        "split": None,
    }


def test_folder_can_be_moved_with_its_manifest(tmp_path):
    (tmp_path / "old" / "sub").mkdir(parents=True)
    recording = Recording(tmp_path / "old" / "sub" / "a.wav", "yes")
    write_manifest([recording], tmp_path / "old" / "m.csv")

    (tmp_path / "old").rename(tmp_path / "new")

    (moved,) = read_manifest(tmp_path / "new" / "m.csv")
    assert moved.path == tmp_path / "new" / "sub" / "a.wav"


def test_paths_from_elsewhere_become_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lists").mkdir()

    write_manifest([Recording(Path("a.wav"), "yes")], "lists/m.csv")

    (recording,) = read_manifest("lists/m.csv")
    assert recording.path == tmp_path / "a.wav"


def test_failure_leaves_the_folder_as_it_was(tmp_path):
    path = tmp_path / "m.jsonl"
    path.write_text("before")
    broken = Recording(tmp_path / "a.wav", text=object())

    with pytest.raises(ValueError, match="`text` must be a text"):
        write_manifest([Recording(tmp_path / "b.wav", "yes"), broken], path)

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"m.csv` cannot be written: its folder does"):
        write_manifest([Recording(Path("a.wav"), "x")], tmp_path / "missing" / "m.csv")


def test_rejects_no_recordings(tmp_path):
    with pytest.raises(ValueError, match=r"`recordings` must .* Received: none"):
        write_manifest([], tmp_path / "m.csv")


def test_rejects_other_suffixes(tmp_path):
    with pytest.raises(ValueError, match=r"`path` must end in .csv"):
        write_manifest([Recording(Path("a.wav"), "x")], tmp_path / "m.xml")
