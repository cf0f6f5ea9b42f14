"""Tests of `read_folder`."""

import pytest

from speechkit.datasets import Recording, read_folder


@pytest.fixture
def folder(tmp_path):
    """Two labels; files that count, and files and folders that do not."""
    names = [
        "yes/b_nohash_0.wav",
        "yes/a_nohash_1.WAV",
        "yes/a_nohash_0.flac",
        "no/c_nohash_0.ogg",
        "no/c_nohash_1.Mp3",
        "no/notes.txt",
        "no/._c_nohash_0.wav",
        "no/deeper/d_nohash_0.wav",
        "_background_noise_/tap.wav",
        ".cache/a_nohash_0.wav",
        "loose_nohash_0.wav",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_label_is_the_name_of_the_folder(folder):
    recordings = read_folder(str(folder))

    assert recordings == (
        Recording(folder / "no" / "c_nohash_0.ogg", "no"),
        Recording(folder / "no" / "c_nohash_1.Mp3", "no"),
        Recording(folder / "yes" / "a_nohash_0.flac", "yes"),
        Recording(folder / "yes" / "a_nohash_1.WAV", "yes"),
        Recording(folder / "yes" / "b_nohash_0.wav", "yes"),
    )


def test_speaker_comes_from_the_file_name(folder):
    recordings = read_folder(folder, speaker_pattern="^(?P<speaker>[^_]+)_nohash_")

    assert [recording.speaker for recording in recordings] == ["c", "c", "a", "a", "b"]


def test_speaker_may_stand_inside_the_file_name(tmp_path):
    (tmp_path / "eight").mkdir()
    (tmp_path / "eight" / "8_george_10.wav").touch()

    recordings = read_folder(tmp_path, speaker_pattern=r"^\d_(?P<speaker>.+)_\d+")

    assert recordings[0].speaker == "george"


@pytest.mark.parametrize("name", ["other.wav", "_nohash_0.wav"])
def test_file_without_a_speaker_is_named(folder, name):
    (folder / "yes" / name).touch()

    with pytest.raises(ValueError, match=f"`speaker_pattern` must .* in .*{name}`"):
        read_folder(folder, speaker_pattern="(?P<speaker>.*)_nohash_")


@pytest.mark.parametrize("pattern", ["(.+)_nohash", "(?P<speaker>", "(?P<name>.)"])
def test_rejects_patterns_without_the_group(folder, pattern):
    with pytest.raises(ValueError, match=r"`speaker_pattern` .* Received: speaker_pat"):
        read_folder(folder, speaker_pattern=pattern)


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"missing` must be a folder with one sub"):
        read_folder(tmp_path / "missing")


def test_folder_without_labels_is_named(tmp_path):
    (tmp_path / "_noise_").mkdir()

    with pytest.raises(ValueError, match=r"must have one sub-folder per label\."):
        read_folder(tmp_path)


def test_folder_without_sounds_is_named(tmp_path):
    (tmp_path / "yes").mkdir()
    (tmp_path / "yes" / "notes.txt").touch()

    with pytest.raises(ValueError, match=r"must have files ending in .wav, .flac, .og"):
        read_folder(tmp_path)
