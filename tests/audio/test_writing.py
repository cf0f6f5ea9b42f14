"""Tests of `write`, judged by `soundfile` and `scipy.io.wavfile`."""

import contextlib
import os
import pathlib
import resource
import stat

import numpy as np
import pytest
import scipy.io.wavfile
import soundfile

from speechkit.audio import AudioError, read, write


def test_wav_holds_the_waveform_in_16_bits(tmp_path, tone):
    write(tmp_path / "tone.wav", tone, sampling_rate=16000)

    rate, samples = scipy.io.wavfile.read(tmp_path / "tone.wav")
    assert (rate, samples.dtype) == (16000, np.int16)
    np.testing.assert_allclose(samples / 32768, tone, atol=1 / 32768)


@pytest.mark.parametrize(
    ("name", "subtype", "error"),
    [
        pytest.param("tone.flac", None, 1 / 2**15, id="flac"),
        pytest.param("TONE.WAV", None, 1 / 2**15, id="capitals"),
        pytest.param("tone.flac", "PCM_24", 1 / 2**23, id="flac-24-bits"),
        pytest.param("tone.wav", "FLOAT", 0, id="wav-float"),
        pytest.param("tone.ogg", None, 0.02, id="vorbis"),  # lossy
    ],
)
def test_soundfile_reads_what_was_written(tmp_path, tone, name, subtype, error):
    write(str(tmp_path / name), tone, sampling_rate=16000, subtype=subtype)

    samples, rate = soundfile.read(tmp_path / name)
    assert rate == 16000
    np.testing.assert_allclose(samples, tone, atol=error)


def test_full_scale_does_not_wrap_around(tmp_path):
    write(tmp_path / "square.wav", [1.0, -1.0], sampling_rate=16000)

    samples, _ = soundfile.read(tmp_path / "square.wav", dtype="int16")
    np.testing.assert_array_equal(samples, [32767, -32768])


def test_minutes_of_vorbis_do_not_crash_the_encoder(tmp_path):
    write(tmp_path / "long.ogg", np.zeros(3_000_000, np.float32), sampling_rate=48000)

    assert soundfile.info(tmp_path / "long.ogg").frames == 3_000_000


def test_file_can_be_read_by_those_whom_the_system_lets(tmp_path, tone):
    plain = tmp_path / "plain"
    plain.touch()

    write(tmp_path / "tone.wav", tone, sampling_rate=16000)

    mode = stat.S_IMODE((tmp_path / "tone.wav").stat().st_mode)
    assert mode == stat.S_IMODE(plain.stat().st_mode)


def test_failure_leaves_the_folder_as_it_was(tmp_path, tone):
    path = tmp_path / "tone.ogg"
    path.write_bytes(b"what was there before")

    with pytest.raises(AudioError, match=r"OGG does not take OPUS at 44100 Hz$"):
        write(path, tone, sampling_rate=44100, subtype="OPUS")

    assert path.read_bytes() == b"what was there before"
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folder_is_named(tmp_path, tone):
    with pytest.raises(AudioError, match=r"a.wav` .*: its folder does not exist$"):
        write(tmp_path / "missing" / "a.wav", tone, sampling_rate=16000)


def test_folder_in_the_way_is_named(tmp_path, tone):
    path = tmp_path / "tone.wav"
    path.mkdir()

    with pytest.raises(AudioError, match=r"tone.wav` cannot be written: "):
        write(path, tone, sampling_rate=16000)

    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_full_disk_is_named_and_leaves_nothing(tmp_path, tone, suffix):
    path = tmp_path / f"tone{suffix}"
    # The last page of an OGG file is written when it is closed.
    limit = {".wav": 20_000, ".flac": 9000, ".ogg": 3000}[suffix]
    earlier = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, earlier[1]))

    try:
        with pytest.raises(AudioError, match=f"tone{suffix}` cannot be written: File"):
            write(path, tone, sampling_rate=16000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, earlier)

    assert not list(tmp_path.iterdir())


def test_disk_without_space_is_named(monkeypatch, tmp_path, tone):
    @contextlib.contextmanager
    def to_the_full_device(path):
        yield pathlib.Path("/dev/full")

    monkeypatch.setattr("speechkit.audio.writing.replacing", to_the_full_device)

    with pytest.raises(AudioError, match=r"written: No space left on device$"):
        write(tmp_path / "tone.wav", tone, sampling_rate=16000)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nul\0.wav", "no file can have this name"),
        ("lone\ud800.wav", "no file can have this name"),
        ("a" * 300 + ".wav", "File name too long"),
        ("plain/tone.wav", "its folder does not exist"),
    ],
)
def test_names_that_no_file_can_have_are_told(tmp_path, tone, name, reason):
    (tmp_path / "plain").touch()

    with pytest.raises(AudioError, match=f"cannot be written: {reason}$") as caught:
        write(tmp_path / name, tone, sampling_rate=16000)

    str(caught.value).encode()
    assert [file.name for file in tmp_path.iterdir()] == ["plain"]


def test_name_that_is_not_utf_8_is_written(tmp_path, tone):
    path = tmp_path / "caf\udce9.wav"

    write(path, tone, sampling_rate=16000)

    assert [os.fsencode(file.name) for file in tmp_path.iterdir()] == [b"caf\xe9.wav"]
    assert len(read(path)) == len(tone)


def test_wav_beyond_4_gib_is_refused(monkeypatch, tmp_path, tone):
    monkeypatch.setattr("speechkit.audio.writing._LARGEST_WAV", 20_000)

    with pytest.raises(AudioError, match=r"written: a WAV file ends at 4 GiB$"):
        write(tmp_path / "tone.wav", tone, sampling_rate=16000)


def test_rejects_rates_that_no_header_can_hold(tmp_path, tone):
    with pytest.raises(ValueError, match=r"most 2147483647. Received: .*=2147483648"):
        write(tmp_path / "tone.wav", tone, sampling_rate=2**31)


@pytest.mark.parametrize(
    ("waveform", "message"),
    [
        pytest.param([0.0, np.nan], "finite .* Received: samples up to nan", id="nan"),
        pytest.param([0.0, -np.inf], "Received: samples up to inf", id="infinity"),
        pytest.param([0.0, -1.01], "from -1 to 1. .* up to 1.01", id="loud"),
        pytest.param([], "at least one sample. Received: none", id="empty"),
        pytest.param([[0.0]], r"Received: shape=\(1, 1\)", id="rank"),
    ],
)
def test_rejects_waveforms_that_no_file_can_hold(tmp_path, waveform, message):
    with pytest.raises(ValueError, match=f"`waveform` must .*{message}"):
        write(tmp_path / "a.wav", waveform, sampling_rate=16000)

    assert not list(tmp_path.iterdir())


def test_rejects_integers(tmp_path):
    with pytest.raises(TypeError, match="Received: dtype=int16"):
        write(tmp_path / "a.wav", np.zeros(5, np.int16), sampling_rate=16000)


def test_rejects_other_suffixes(tmp_path, tone):
    with pytest.raises(ValueError, match=r"end in .wav, .flac, .ogg. Received: .*mp3"):
        write(tmp_path / "a.mp3", tone, sampling_rate=16000)


def test_rejects_subtypes_of_other_formats(tmp_path, tone):
    with pytest.raises(ValueError, match=r"`subtype` .* Received: subtype='VORBIS'"):
        write(tmp_path / "a.wav", tone, sampling_rate=16000, subtype="VORBIS")


@pytest.mark.parametrize("rate", [0, 16000.0])
def test_rejects_rates_that_are_not_positive_integers(tmp_path, tone, rate):
    with pytest.raises(ValueError, match=f"Received: sampling_rate={rate}"):
        write(tmp_path / "a.wav", tone, sampling_rate=rate)
