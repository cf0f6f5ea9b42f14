"""Tests of `read`: right numbers from sound files, one sentence from all others."""

import struct

import numpy as np
import pytest
import scipy.io.wavfile
import soundfile

from speechkit.audio import AudioError, read

FORMATS = ("wav", "flac", "ogg", "mp3")


def test_wav_equals_scipy(tmp_path, random):
    samples = random.integers(-(2**15), 2**15, 1000, dtype=np.int16)
    scipy.io.wavfile.write(tmp_path / "noise.wav", 16000, samples)

    waveform = read(tmp_path / "noise.wav")

    np.testing.assert_array_equal(waveform, samples / 32768)
    assert (waveform.shape, waveform.dtype) == ((1000,), np.float32)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_holds_the_tone(files, tone, suffix):
    waveform = read(str(files[suffix]), 16000)

    assert waveform.dtype == np.float32
    # Lossy formats are given the tone without its abrupt start and end.
    lossless = suffix in ("wav", "flac")
    inner, error = (slice(None), 2**-15) if lossless else (slice(500, -500), 0.03)
    assert len(waveform) == len(tone)
    np.testing.assert_allclose(waveform[inner], tone[inner], atol=error)


def test_channels_become_their_mean(tmp_path, random):
    samples = random.integers(-(2**15), 2**15, (1000, 3), dtype=np.int16)
    soundfile.write(tmp_path / "three.flac", samples, 16000)

    waveform = read(tmp_path / "three.flac")

    np.testing.assert_allclose(waveform, samples.mean(axis=1) / 32768, atol=1e-7)


def test_other_rates_are_resampled(files):
    waveform = read(files["flac"], 8000)

    expected = 0.5 * np.sin(2 * np.pi * 440 / 8000 * np.arange(8000))
    assert waveform.shape == (8000,)
    np.testing.assert_allclose(waveform[200:-200], expected[200:-200], atol=1e-4)


def test_long_files_are_read_whole(tmp_path, random):
    samples = random.integers(-(2**15), 2**15, 2**20 + 5, dtype=np.int16)
    soundfile.write(tmp_path / "long.wav", samples, 16000)

    np.testing.assert_array_equal(read(tmp_path / "long.wav"), samples / 32768)


def test_samples_beyond_full_scale_are_clipped(tmp_path, tone):
    soundfile.write(tmp_path / "loud.wav", 3 * tone, 16000, subtype="FLOAT")

    waveform = read(tmp_path / "loud.wav")

    np.testing.assert_array_equal(waveform, np.minimum(np.maximum(3 * tone, -1), 1))


def test_resampling_does_not_pass_full_scale(tmp_path):
    square = np.repeat(np.tile([1.0, -1.0], 50), 40)
    soundfile.write(tmp_path / "square.wav", square, 16000)

    assert np.abs(read(tmp_path / "square.wav", 22050)).max() == 1


def test_longest_duration_is_still_accepted(files):
    assert len(read(files["mp3"], max_seconds=1)) == 16000

    with pytest.raises(AudioError, match=r"mp3` lasts 1 s, more than the 0.999 s"):
        read(files["mp3"], max_seconds=0.999)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFF000], ids=["ffmpeg", "sox"])
def test_wav_streamed_by_other_programs_is_read_whole(files, size):
    data = bytearray(files["wav"].read_bytes())
    data[40:44] = struct.pack("<I", size)
    files["wav"].write_bytes(data)

    assert len(read(files["wav"])) == 16000


def test_chunks_before_and_after_the_samples_are_skipped(files, tone):
    data = files["wav"].read_bytes()
    chunk = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    files["wav"].write_bytes(data[:12] + chunk + data[12:] + chunk)

    np.testing.assert_allclose(read(files["wav"]), tone, atol=2**-15)


def make_id3(size):
    """An ID3 tag of `size` bytes, whose text has the mark of an MP3 header in it."""
    sizes = bytes([0, 0, size // 128, size % 128])
    return b"ID3\4\0\0" + sizes + b"Info".ljust(size, b"\0") if size else b""


@pytest.mark.parametrize("tag_size", [0, 2000], ids=["plain", "with-id3"])
def test_mp3_that_does_not_state_its_length_is_read(tmp_path, random, tag_size):
    sound = np.concatenate([np.zeros(16000), random.normal(scale=0.1, size=16000)])
    path = tmp_path / "variable.mp3"
    soundfile.write(path, sound, 16000, bitrate_mode="VARIABLE", compression_level=0.5)
    data = path.read_bytes()
    second_frame = data.find(data[:2], 40)

    # libsndfile now estimates more than the 2 s that are there.
    path.write_bytes(make_id3(tag_size) + data[second_frame:])

    assert 32000 <= len(read(path)) <= 32000 + 3 * 1152


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("break_file", "reason"),
    [
        pytest.param(lambda data: b"", r"is empty \(0 bytes\)", id="empty"),
        pytest.param(lambda data: b"hello\n" * 99, "is not a WAV, FLAC,", id="text"),
        pytest.param(lambda data: data[:4], "is (truncated|not a WAV)", id="4-bytes"),
        pytest.param(lambda data: data[: len(data) // 2], "is truncated", id="half"),
        pytest.param(lambda data: data[:-50], "is truncated", id="cut"),
    ],
)
def test_broken_file_is_told_in_one_sentence(files, suffix, break_file, reason):
    path = files[suffix]
    path.write_bytes(break_file(path.read_bytes()))

    with pytest.raises(AudioError, match=f"^`.*tone.{suffix}` {reason}") as caught:
        read(path, 16000)

    error = caught.value
    assert "\n" not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_beginning_of_a_file_passes_for_a_whole_one(files, suffix):
    data = files[suffix].read_bytes()

    for length in range(0, len(data) - 1, max(1, len(data) // 60)):
        files[suffix].write_bytes(data[:length])
        with pytest.raises(AudioError):
            read(files[suffix])


# Their headers do not state how much there is, as the docstring of `read` says.
UNSTATED = ("IRCAM", "PAF", "PVF", "SD2", "XI")
# RAW has no header at all; a file of DWVW that libsndfile wrote it cannot read.
CONTAINERS = sorted(set(soundfile.available_formats()) - {"RAW"})


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_container_is_read_whole_or_not_at_all(tmp_path, container):
    path = tmp_path / f"tone.{container.lower()}"
    rate = 8000 if container == "WVE" else 16000
    tone = 0.5 * np.sin(np.arange(8000) / 5)
    soundfile.write(path, tone, rate, format=container)
    data = path.read_bytes()
    assert len(read(path)) == len(tone)

    for fraction in (0.1, 0.3, 0.6, 0.9, 0.97, 0.99):
        path.write_bytes(data[: int(fraction * len(data))])
        if container in UNSTATED:
            assert container in read.__doc__
            continue
        with pytest.raises(AudioError, match=r"^`.*` is (truncated|not)"):
            read(path)


def test_wav_says_how_much_is_missing(files):
    files["wav"].write_bytes(files["wav"].read_bytes()[:-100])

    with pytest.raises(AudioError, match="promises 32000 bytes of samples, 31900 are"):
        read(files["wav"])


def test_wav_says_so_behind_a_chunk_of_odd_length(files):
    data = files["wav"].read_bytes()
    chunk = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    files["wav"].write_bytes(data[:12] + chunk + data[12:-100])

    with pytest.raises(AudioError, match="promises 32000 bytes of samples, 31900 are"):
        read(files["wav"])


def test_ogg_that_lacks_only_whole_pages_is_truncated(files):
    data = files["ogg"].read_bytes()
    files["ogg"].write_bytes(data[: data.rfind(b"OggS")])

    with pytest.raises(AudioError, match="is truncated: its last OGG page is missing"):
        read(files["ogg"])


@pytest.mark.parametrize("tag_size", [0, 2000], ids=["plain", "with-id3"])
def test_mp3_says_how_much_is_missing(files, tag_size):
    files["mp3"].write_bytes(make_id3(tag_size) + files["mp3"].read_bytes()[:-50])

    with pytest.raises(AudioError, match=r"promises 16000 samples, \d{5} are there$"):
        read(files["mp3"])


def test_flac_that_promises_terabytes_takes_no_memory(files):
    data = bytearray(files["flac"].read_bytes())
    data[21:26] = bytes([data[21] | 0x0F, 255, 255, 255, 255])
    files["flac"].write_bytes(data)

    with pytest.raises(AudioError, match=r"tone.flac` is truncated or damaged"):
        read(files["flac"])


def test_damage_inside_a_flac_is_found(files):
    data = bytearray(files["flac"].read_bytes())
    data[len(data) // 2] ^= 0x5A
    files["flac"].write_bytes(data)

    with pytest.raises(AudioError, match=r"tone.flac` is truncated or damaged"):
        read(files["flac"])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_an_error(tmp_path, tone, value):
    tone[7] = value
    soundfile.write(tmp_path / "bad.wav", tone, 16000, subtype="FLOAT")

    with pytest.raises(AudioError, match=r"bad.wav` has samples that are NaN or inf"):
        read(tmp_path / "bad.wav")


def test_float_files_on_the_16_bit_scale_are_an_error(tmp_path, tone):
    soundfile.write(tmp_path / "bad.wav", -32767 * tone, 16000, subtype="FLOAT")

    with pytest.raises(AudioError, match=r"samples up to 16383.*from -1 to 1"):
        read(tmp_path / "bad.wav")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.wav", "does not exist"),
        ("folder.wav", "is a folder, not a sound file"),
        ("tone.raw", "is not a WAV, FLAC, OGG or MP3 file"),
    ],
)
def test_what_is_no_file_is_told(tmp_path, name, reason):
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "tone.raw").write_bytes(bytes(100))

    with pytest.raises(AudioError, match=f"{name}` {reason}"):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("argument", "value"), [("sampling_rate", 0), ("max_seconds", -1)]
)
def test_rejects_numbers_out_of_range(files, argument, value):
    with pytest.raises(
        ValueError, match=f"`{argument}` .* Received: {argument}={value}"
    ):
        read(files["wav"], **{argument: value})
