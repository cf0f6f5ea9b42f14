"""Tests of `read`: right numbers from sound files, one sentence from all others."""

import contextlib
import os
import struct
import tracemalloc

import numpy as np
import pytest
import scipy.io.wavfile
import soundfile
import soxr

from audio.encoding import ENCODINGS, encode
from audio.ogg_checksum import checksum
from speechkit.audio import AudioError, info, read

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


def without_end_mark(data):
    """The bytes of an OGG file whose writer never said that it was done."""
    start = data.rfind(b"OggS")
    page = bytearray(data[start:])
    (stated,) = struct.unpack_from("<I", page, 22)
    page[22:26] = bytes(4)
    assert checksum(page) == stated
    page[5] &= ~4
    page[22:26] = struct.pack("<I", checksum(page))
    return data[:start] + page


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_ogg_without_a_mark_at_its_end_is_whole(tmp_path, subtype):
    path = tmp_path / "message.ogg"
    tone = 0.5 * np.sin(np.arange(48000) / 20)
    soundfile.write(path, tone, 16000, subtype=subtype)
    expected = read(path)

    path.write_bytes(without_end_mark(path.read_bytes()))

    np.testing.assert_array_equal(read(path), expected)
    assert len(expected) == 48000
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(AudioError, match="is truncated: its last OGG page is missing"):
        read(path)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_oggs_one_after_the_other_are_read_both(tmp_path, subtype):
    paths = [tmp_path / "first.ogg", tmp_path / "second.ogg"]
    for path, length in zip(paths, (20000, 48000), strict=True):
        tone = 0.5 * np.sin(np.arange(length) / 20)
        soundfile.write(path, tone, 16000, subtype=subtype)
    both = [path.read_bytes() for path in paths]
    expected = np.concatenate([*map(read, paths), *map(read, paths)])

    (tmp_path / "both.ogg").write_bytes(b"".join(both + both))

    np.testing.assert_array_equal(read(tmp_path / "both.ogg"), expected)
    assert info(tmp_path / "both.ogg").num_samples == len(expected) == 136000
    piece = read(tmp_path / "both.ogg", start_seconds=1, duration_seconds=6)
    np.testing.assert_allclose(piece, expected[16000:112000], atol=1e-6)


def test_oggs_of_different_rates_are_refused(tmp_path):
    for rate in (8000, 16000):
        soundfile.write(tmp_path / f"{rate}.ogg", np.zeros(8000), rate)
    both = [(tmp_path / f"{rate}.ogg").read_bytes() for rate in (8000, 16000)]
    (tmp_path / "both.ogg").write_bytes(b"".join(both))

    with pytest.raises(AudioError, match=r"both.ogg` is several recordings of diff"):
        read(tmp_path / "both.ogg")


@pytest.mark.parametrize("riff_size", [0, 8, 36, 32036, 0xFFFFFFFF])
@pytest.mark.parametrize("data_size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000])
def test_wav_whose_writer_never_stated_its_size_is_whole(
    files, tone, riff_size, data_size
):
    data = bytearray(files["wav"].read_bytes())
    data[4:8] = struct.pack("<I", riff_size)
    data[40:44] = struct.pack("<I", data_size)
    files["wav"].write_bytes(data)

    np.testing.assert_allclose(read(files["wav"]), tone, atol=2**-15)
    assert info(files["wav"]).num_samples == 16000


@pytest.mark.parametrize(
    ("container", "name"), [("RF64", b"ds64"), ("AIFF", b"SSND"), ("W64", b"data")]
)
def test_size_of_0_with_samples_behind_it_is_not_empty(tmp_path, tone, container, name):
    path = tmp_path / "stream.wav"
    soundfile.write(path, tone, 16000, format=container)
    data = bytearray(path.read_bytes())
    place = data.index(name) + {"RF64": 16, "AIFF": 4, "W64": 16}[container]
    size = 4 if container == "AIFF" else 8
    data[place : place + size] = bytes(size)
    if container == "AIFF":  # the number of samples, too
        place = data.index(b"COMM") + 10
        data[place : place + 4] = bytes(4)
    path.write_bytes(data)

    np.testing.assert_allclose(read(path), tone, atol=2**-15)


def test_size_of_0_with_other_chunks_behind_it_is_empty(files):
    data = files["wav"].read_bytes()
    chunk = b"LIST" + struct.pack("<I", 4) + b"abcd"
    files["wav"].write_bytes(data[:40] + bytes(4) + chunk)

    with pytest.raises(AudioError, match=r"tone.wav` has no samples"):
        read(files["wav"])


@pytest.mark.parametrize("rate", [1, 999, 1_000_001, 2**31 - 1])
def test_rates_that_are_not_of_sound_take_no_memory(files, rate):
    data = bytearray(files["wav"].read_bytes())
    data[24:28] = struct.pack("<I", rate)
    files["wav"].write_bytes(data)

    with pytest.raises(AudioError, match=f"states a sampling rate of {rate} Hz"):
        read(files["wav"], 16000)


def test_ogg_that_lacks_only_whole_pages_is_truncated(files):
    data = files["ogg"].read_bytes()
    files["ogg"].write_bytes(data[: data.rfind(b"OggS")])

    with pytest.raises(AudioError, match="is truncated: its last OGG page is missing"):
        read(files["ogg"])


@pytest.mark.parametrize("tag_size", [0, 2000], ids=["plain", "with-id3"])
def test_mp3_says_how_much_is_missing(files, tag_size):
    data = files["mp3"].read_bytes()
    last = data.rfind(data[:2])
    reasons = {
        len(data) - 50: "its last frame lacks 50 bytes$",
        last: r"its header promises 16000 samples, \d{5} are there$",
    }

    for length, reason in reasons.items():
        files["mp3"].write_bytes(make_id3(tag_size) + data[:length])
        with pytest.raises(AudioError, match=f"tone.mp3` is truncated: {reason}"):
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


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("start", "duration"), [(0, 0.25), (0.3, 0.1), (0.5, None), (0.9, 0.1), (0, 1)]
)
def test_piece_is_that_of_the_whole(files, suffix, start, duration):
    whole = read(files[suffix])

    piece = read(files[suffix], start_seconds=start, duration_seconds=duration)

    first = round(16000 * start)
    length = 16000 - first if duration is None else round(16000 * duration)
    lossless = suffix in ("wav", "flac")
    np.testing.assert_allclose(
        piece, whole[first : first + length], atol=0 if lossless else 1e-5
    )
    assert len(piece) == length


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_piece_is_found_without_decoding_what_is_before(files, suffix):
    # Damage at 10 % of the file is not met.
    data = bytearray(files[suffix].read_bytes())
    expected = read(files[suffix])[12000:12500]
    place = len(data) // 10
    data[place : place + 50] = bytes(50)
    files[suffix].write_bytes(data)

    piece = read(files[suffix], start_seconds=0.75, duration_seconds=500 / 16000)

    np.testing.assert_array_equal(piece, expected)


def test_late_piece_of_vorbis_is_in_its_place(tmp_path):
    seconds = np.arange(5 * 22050) / 22050
    chirp = 0.4 * np.sin(2 * np.pi * (200 * seconds + 150 * seconds**2))
    soundfile.write(tmp_path / "chirp.ogg", chirp, 22050, subtype="VORBIS")

    piece = read(tmp_path / "chirp.ogg", start_seconds=4.5, duration_seconds=0.3)

    first = round(4.5 * 22050)
    np.testing.assert_allclose(piece, chirp[first : first + len(piece)], atol=0.05)


def test_piece_is_resampled(files):
    piece = read(files["wav"], 8000, start_seconds=0.25, duration_seconds=0.5)

    expected = 0.5 * np.sin(2 * np.pi * 440 / 8000 * np.arange(2000, 6000))
    assert len(piece) == 4000
    np.testing.assert_allclose(piece[200:-200], expected[200:-200], atol=1e-4)


def test_limit_is_on_the_piece_that_is_decoded(files):
    kwargs = {"start_seconds": 0.5, "max_seconds": 0.5}

    assert len(read(files["wav"], **kwargs)) == 8000

    with pytest.raises(AudioError, match=r"lasts 0.75 s, more than the 0.5 s"):
        read(files["wav"], start_seconds=0.25, max_seconds=0.5)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("start", "duration", "reason"),
    [
        (0.9, 0.2, "lasts 1 s, too short for a piece from 0.9 s to 1.1 s$"),
        (1, None, "lasts 1 s, too short for a piece from 1 s on$"),
        (1e9, 1, "lasts 1 s, too short for a piece from 1e"),
        (0, 1e9, "lasts 1 s, too short for a piece from 0 s to 1e"),
        (0.5, 1e-9, "has no sample in a piece as short as this$"),
    ],
)
def test_piece_beyond_the_end_is_an_error(files, suffix, start, duration, reason):
    with pytest.raises(AudioError, match=f"tone.{suffix}` {reason}"):
        read(files[suffix], start_seconds=start, duration_seconds=duration)


@pytest.mark.parametrize("name", ["start_seconds", "duration_seconds"])
@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf, -np.inf, "1", True])
def test_rejects_pieces_that_are_none(files, name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be a finite .* Received"):
        read(files["wav"], **{name: value})


def test_blocks_are_resampled_as_the_whole(tmp_path, random):
    samples = random.uniform(-0.5, 0.5, 2**21 + 5).astype(np.float32)
    soundfile.write(tmp_path / "long.wav", samples, 44100, subtype="FLOAT")

    waveform = read(tmp_path / "long.wav", 16000)

    expected = soxr.resample(np.pad(samples, (0, 3)), 44100, 16000)
    length = -(-len(samples) * 16000 // 44100)
    np.testing.assert_allclose(waveform, expected[:length].clip(-1, 1), atol=1e-6)


def test_many_channels_take_no_more_memory(tmp_path):
    channels = 1000
    soundfile.write(tmp_path / "wide.wav", np.zeros((5000, channels)), 8000)

    tracemalloc.start()
    waveform = read(tmp_path / "wide.wav")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(waveform) == 5000
    assert peak < 3 * 4 * 2**20


@pytest.mark.parametrize(
    ("name", "subtype"),
    [
        ("long.mp3", "MPEG_LAYER_III"),
        ("long.ogg", "VORBIS"),
        ("long.ogg", "OPUS"),
        ("long.flac", "PCM_16"),
    ],
)
def test_blocks_join_without_a_seam(tmp_path, monkeypatch, name, subtype):
    # Silence leaves MP3 a reserve of bits, without which the next block is lost.
    time = np.arange(5 * 16000) / 16000
    sound = 0.5 * np.sin(2 * np.pi * 440 * time) * (np.sin(12 * time) > 0)
    soundfile.write(tmp_path / name, sound, 16000, subtype=subtype)
    expected, _ = soundfile.read(tmp_path / name, dtype="float32")

    monkeypatch.setattr("speechkit.audio._soundfile.BLOCK_SIZE", 10_000)

    np.testing.assert_allclose(read(tmp_path / name), expected, atol=1e-6)
    piece = read(tmp_path / name, start_seconds=2.2, duration_seconds=1.3)
    np.testing.assert_allclose(piece, expected[35200:56000], atol=1e-6)


@pytest.mark.parametrize("container", ["CAF", "W64", "WAV", "AIFF", "RF64"])
@pytest.mark.parametrize("byte", [0, 0x0F, 0x7F, 0x80, 0xFF])
def test_sizes_of_chunks_are_never_believed(tmp_path, container, byte):
    path = tmp_path / "tone.caf"
    soundfile.write(path, np.full(2000, 0.25), 16000, format=container)
    data = path.read_bytes()

    for place in range(0, 64, 4):
        path.write_bytes(data[:place] + bytes([byte] * 8) + data[place + 8 :])
        with contextlib.suppress(AudioError):
            assert len(read(path)) <= len(data)


def test_header_that_promises_hours_of_silence_takes_no_time(tmp_path):
    path = tmp_path / "tone.w64"
    soundfile.write(path, np.zeros(8000), 16000, format="W64", subtype="GSM610")
    data = bytearray(path.read_bytes())
    place = data.index(b"data") + 16
    data[place : place + 8] = struct.pack("<Q", 0xCB00_0000_0000_0671)
    path.write_bytes(data)

    with pytest.raises(AudioError, match=r"promises \d+ samples, more than its"):
        read(path)


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "aiff", "w64", "m4a"])
def test_files_one_after_the_other_never_read_as_the_first_alone(tmp_path, suffix):
    path = tmp_path / f"tone.{suffix}"
    tone = np.sin(np.arange(40_000) / 5).astype(np.float32) / 2
    if suffix == "m4a":
        encode(path, tone, ENCODINGS[0])
    else:
        soundfile.write(path, tone, 16000)
    data = path.read_bytes()
    assert abs(len(read(path)) - 40_000) < 16

    path.write_bytes(data + data)

    with pytest.raises(AudioError, match=f"tone.{suffix}` is several recordings, one"):
        read(path)


@pytest.mark.parametrize("tail", [bytes(500), b"TAG" + bytes(125), b"\n"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_behind_the_end_is_not_sound(files, suffix, tail):
    expected = read(files[suffix])

    files[suffix].write_bytes(files[suffix].read_bytes() + tail)

    np.testing.assert_array_equal(read(files[suffix]), expected)


@pytest.mark.parametrize("suffix", ["wav", "ogg"])
def test_gigabytes_of_nothing_behind_the_end_take_no_time(files, suffix):
    expected = read(files[suffix])[:8000]

    os.truncate(files[suffix], 2**36)

    piece = read(files[suffix], duration_seconds=0.5)
    np.testing.assert_array_equal(piece, expected)
