"""Tests of files that are damaged or lack a piece in their middle: never read on."""

import re
import struct

import numpy as np
import pytest
import scipy.io.wavfile
import soundfile

from audio.encoding import ENCODINGS, Encoding, encode
from audio.ogg_checksum import checksum
from speechkit.audio import AudioError, info, read

TONE = (0.5 * np.sin(np.arange(40_000) ** 1.2 / 100)).astype(np.float32)
# Decoders that are told of no damage would read these on, or leave a part out.
CHECKED = ("lossless.wv", "lossless.tta", "lossless.mkv", "voice.mkv", "message.opus")


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """The bytes of a tone in each format, by name."""
    folder = tmp_path_factory.mktemp("tones")
    more = Encoding("old.mp2", "mp2", "mp2", sample_format="s16")
    for encoding in (*ENCODINGS, more):
        encode(folder / encoding.name, TONE, encoding)
    for name, subtype in (("a.ogg", "VORBIS"), ("b.ogg", "OPUS"), ("a.mp3", None)):
        soundfile.write(folder / name, TONE, 16000, subtype=subtype)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(path, data, message):
    """Checks that a file of these bytes is refused by a sentence."""
    path.write_bytes(data)
    with pytest.raises(AudioError, match=f"^`[^`]*` {message}"):
        read(path)


def flipped(data, place, length=4):
    """The bytes with some of them changed."""
    part = bytes(byte ^ 0xA5 for byte in data[place : place + length])
    return data[:place] + part + data[place + length :]


@pytest.mark.parametrize("name", [*CHECKED, "a.ogg", "b.ogg"])
def test_checksums_are_compared(contents, tmp_path, name):
    data = contents[name]

    for place in range(len(data) // 5, len(data) - 8, len(data) // 9):
        refused(tmp_path / name, flipped(data, place), "is (damaged|truncated)")


def pages(data):
    """The pages of an OGG file."""
    starts = [match.start() for match in re.finditer(b"OggS\0", data)]
    return [data[i:j] for i, j in zip(starts, [*starts[1:], None], strict=True)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: [*p[:3], *p[4:]], "is damaged: OGG page 4 comes where page 3 must"),
        (lambda p: [*p[:3], p[4], p[3], *p[5:]], "is damaged: OGG page 4 comes where"),
        (lambda p: [*p[:4], p[3], *p[4:]], "is damaged: OGG page 3 comes where page 4"),
        (lambda p: [*p[:3], b"abc", *p[3:]], "is damaged: the bytes before byte"),
        (lambda p: [*p[:-1], flipped(p[-1], 0)], "is damaged: the bytes before byte"),
        (lambda p: [*p[:3], flipped(p[3], 0), *p[4:]], "is damaged: the bytes before"),
    ],
)
def test_pages_follow_each_other(tmp_path, change, message):
    path = tmp_path / "long.ogg"
    soundfile.write(path, np.tile(TONE, 3), 16000, subtype="OPUS")
    parts = pages(path.read_bytes())
    assert len(parts) > 6

    refused(path, b"".join(change(parts)), message)


def test_recording_of_a_broadcast_begins_anywhere(tmp_path):
    path = tmp_path / "long.ogg"
    soundfile.write(path, np.tile(TONE, 3), 16000, subtype="OPUS")
    parts = pages(path.read_bytes())

    path.write_bytes(b"".join([*parts[:2], *parts[4:]]))

    assert len(read(path)) > 0


def make_page(flags, number, content):
    """A page of a stream that describes others, such as one of Skeleton."""
    header = struct.pack("<4sBBqII", b"OggS", 0, flags, 0, 99, number)
    end = bytes([1, len(content)]) + content
    stated = struct.pack("<I", checksum(header + bytes(4) + end))
    return header + stated + end


@pytest.mark.parametrize("name", ["a.ogg", "b.ogg"])
def test_streams_that_are_no_sound_are_left_out(contents, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(contents[name])
    expected, about = read(path), info(path)
    first, *others = pages(contents[name])
    skeleton = make_page(2, 0, b"fishead\0" + bytes(56))
    last = make_page(4, 1, b"")

    path.write_bytes(b"".join([skeleton, first, *others[:-1], last, others[-1]]))

    np.testing.assert_array_equal(read(path), expected)
    assert info(path) == about
    refused(path, path.read_bytes()[:-9], "is truncated: its last OGG page is missing")


@pytest.mark.parametrize(
    ("name", "mark", "offset"),
    [
        ("browser.webm", b"\x1f\x43\xb6\x75", 0),  # a cluster
        ("browser.webm", b"\x1f\x43\xb6\x75", 5),  # its size
        ("browser.webm", b"\xa3\x40", 0),  # a block
        ("live.webm", b"\xa3\x40", 1),  # its size
        ("live.webm", b"\xa3\x40", 3),  # its track and its time
    ],
)
def test_elements_of_webm_fill_it(contents, tmp_path, name, mark, offset):
    data = contents[name]
    place = data.find(mark, len(data) // 4)
    place = data.find(mark) if place < 0 else place

    refused(tmp_path / name, flipped(data, place + offset, 2), "is (damaged|truncated)")


@pytest.mark.parametrize("name", ["phone.amr", "voice.aac", "a.mp3", "old.mp2"])
def test_frames_follow_each_other(contents, tmp_path, name):
    data = contents[name]
    # The first byte of a frame, and the one that tells how long it is.
    place = {"phone.amr": 6 + 32 * 50}.get(name, 0)
    place = place or data.find(data[:2], len(data) // 2)

    message = "is (damaged: no frame begins at byte|truncated or damaged)"
    refused(tmp_path / name, flipped(data, place, 1), message)
    refused(tmp_path / name, data[:place] + b"abc" + data[place:], message)
    for length in (3, 30):
        cut = data[: place + length]
        refused(tmp_path / name, cut, "is truncated: its last frame lacks")


@pytest.mark.parametrize("name", ["voice.aac", "a.mp3", "old.mp2"])
def test_tags_before_and_behind_frames_are_no_sound(contents, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(contents[name])
    expected = read(path)
    tag = b"ID3\4\0\0\0\0\2\0" + b"RIFF".ljust(256, b"\xff")

    path.write_bytes(tag + contents[name] + b"TAG" + bytes(125))

    np.testing.assert_array_equal(read(path), expected)


def test_windows_media_that_loses_packets_is_damaged(contents, tmp_path):
    data = contents["voice.wma"]
    place = data.rfind(b"\x82\0\0")
    place = data.rfind(b"\x82\0\0", 0, place)

    data = data[:place] + bytes(len(data) - place)

    refused(tmp_path / "voice.wma", data, "is truncated or damaged")


@pytest.mark.parametrize(
    ("container", "codec", "rate", "name"),
    [
        ("mpegts", "aac", 16000, r"an MPEG transport stream \(TS\)"),
        ("flv", "aac", 44100, r"a Flash video \(FLV\)"),
        ("ac3", "ac3", 48000, r"a Dolby Digital file \(AC-3\)"),
        ("mpeg", "mp2", 16000, "an MPEG program stream"),
    ],
)
def test_formats_that_are_not_read_are_named(tmp_path, container, codec, rate, name):
    form = "s16" if codec == "mp2" else "fltp"
    path = tmp_path / "film"
    encode(path, TONE, Encoding("film", container, codec, rate, form))

    refused(path, path.read_bytes(), f"is {name}, which is not read; convert it to WAV")


@pytest.mark.parametrize(
    ("container", "codec", "form"),
    [("caf", "alac", "s16p"), ("wav", "libmp3lame", "fltp")],
)
def test_encodings_in_other_containers_are_read(tmp_path, container, codec, form):
    path = tmp_path / f"tone.{container}"
    encode(path, TONE, Encoding(path.name, container, codec, sample_format=form))

    waveform = read(path)

    assert info(path).num_samples == len(waveform)
    delay = 0 if codec == "alac" else 1105
    assert len(TONE) <= len(waveform) <= len(TONE) + (0 if codec == "alac" else 2304)
    np.testing.assert_allclose(
        waveform[delay + 100 : delay + 30_000], TONE[100:30_000], atol=0.05
    )
    if codec == "alac":
        np.testing.assert_allclose(waveform, TONE, atol=2**-15)
        piece = read(path, start_seconds=2, duration_seconds=0.5)
        np.testing.assert_array_equal(piece, waveform[32000:40000])


def test_fragments_of_an_index_are_all_there(tmp_path):
    path = tmp_path / "stream.mp4"
    options = (("movflags", "dash+global_sidx"), ("frag_duration", "500000"))
    encode(path, TONE, Encoding("stream.mp4", "mp4", "aac", options=options))
    data = path.read_bytes()
    assert data.count(b"moof") > 3
    assert len(read(path)) >= len(TONE)

    refused(path, data[: data.rfind(b"moof") - 4], "is truncated: its header promises")


def test_samples_of_64_bit_integers_are_refused(tmp_path):
    samples = (TONE * 2**62).astype("<i8")
    scipy.io.wavfile.write(tmp_path / "wide.wav", 16000, samples)

    data = (tmp_path / "wide.wav").read_bytes()
    refused(tmp_path / "wide.wav", data, "has samples of the kind s64, which is not")
