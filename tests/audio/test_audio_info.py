"""Tests of `info`: what a header says, and what it must not hide."""

import numpy as np
import pytest
import soundfile

from speechkit.audio import AudioError, AudioInfo, info

FORMATS = ("wav", "flac", "ogg", "mp3")


@pytest.mark.parametrize("suffix", FORMATS)
def test_info_is_what_was_written(files, suffix):
    about = info(str(files[suffix]))

    assert about == AudioInfo(sampling_rate=16000, num_samples=16000, num_channels=1)
    assert about.duration_seconds == 1


def test_length_is_that_of_one_channel(tmp_path):
    soundfile.write(tmp_path / "stereo.wav", np.zeros((100, 2)), 8000)

    about = info(tmp_path / "stereo.wav")

    assert (about.num_samples, about.num_channels) == (100, 2)


@pytest.mark.parametrize("suffix", ["wav", "ogg"])
def test_end_that_is_missing_shows_without_decoding(files, suffix):
    path = files[suffix]
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(AudioError, match=f"tone.{suffix}` is truncated"):
        info(path)


@pytest.mark.parametrize("suffix", ["wav", "ogg"])
def test_file_without_samples_is_an_error(tmp_path, suffix):
    path = tmp_path / f"none.{suffix}"
    soundfile.write(path, np.zeros(0), 16000)

    with pytest.raises(AudioError, match=f"none.{suffix}` has no samples"):
        info(path)


def test_flac_that_does_not_state_its_length_is_an_error(files):
    data = bytearray(files["flac"].read_bytes())
    # The 36 bits of the length are zero when FLAC is written to a pipe.
    data[21:26] = bytes([data[21] & 0xF0, 0, 0, 0, 0])
    files["flac"].write_bytes(data)

    with pytest.raises(AudioError, match=r"tone.flac` does not state its length"):
        info(files["flac"])
