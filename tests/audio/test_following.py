"""Tests of what stands behind the end of a recording: no sound, or another one."""

import struct

import numpy as np
import pytest
import soundfile

from audio.encoding import ENCODINGS, Encoding, encode
from speechkit.audio import AudioError, info, read

TONE = (0.5 * np.sin(np.arange(9000) ** 1.2 / 100)).astype(np.float32)
# Their headers do not state how much there is, as the docstring of `read` says.
UNSTATED = ("IRCAM", "PAF", "PVF", "XI")
# Raw samples, a file of the Macintosh in two parts, and one that libsndfile refuses if
# anything is behind it.
CONTAINERS = sorted(set(soundfile.available_formats()) - {"RAW", "SD2", "HTK"})
# They have no end.
STREAMS = ("voice.aac", "old.mp2")
SEVERAL = "is several recordings, one after the other, of which"
TAILS = {
    "zeros": bytes(1000),
    "noise": np.random.default_rng(seed=0).bytes(1001),
    "chunk": b"LIST" + struct.pack("<I", 40) + b"INFOISFT".ljust(40, b"x"),
    "tag": b"TAG" + bytes(125),
    "byte": b"\n",
}


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """The bytes of a tone in each format, by name."""
    folder = tmp_path_factory.mktemp("tones")
    for container in CONTAINERS:
        soundfile.write(folder / container, TONE, 8000, format=container)
    for encoding in (*ENCODINGS, Encoding("old.mp2", "mp2", "mp2", 16000, "s16")):
        encode(folder / encoding.name, np.tile(TONE, 3), encoding)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def read_bytes(tmp_path):
    """Reads what a file of some bytes holds, which `info` counts."""

    def read_bytes(data):
        path = tmp_path / "sound"
        path.write_bytes(data)
        waveform = read(path)
        if info(path).num_samples != len(waveform):
            assert data[:2] == b"\xff\xf5"  # of MP2 an estimate
        return waveform

    return read_bytes


@pytest.mark.parametrize("container", CONTAINERS)
def test_what_is_behind_the_stated_end_is_not_sound(contents, read_bytes, container):
    data = contents[container]
    expected = read_bytes(data)
    assert len(expected) == len(TONE)

    for tail in TAILS.values():
        if container in UNSTATED:
            assert container in read.__doc__
            continue
        np.testing.assert_array_equal(read_bytes(data + tail), expected)


@pytest.mark.parametrize("name", [*CONTAINERS, *(e.name for e in ENCODINGS), "old.mp2"])
def test_two_files_in_one_are_both_read_or_refused(contents, read_bytes, name):
    data = contents[name]
    expected = read_bytes(data)

    if name in ("OGG", "message.ogg", "message.opus"):
        both = np.concatenate([expected, expected])
        np.testing.assert_array_equal(read_bytes(data + data), both)
    elif name in STREAMS:
        assert len(read_bytes(data + data)) == 2 * len(expected)
    else:
        with pytest.raises(AudioError, match=SEVERAL):
            read_bytes(data + data)


PAIRS = [
    *(("WAV", other) for other in ("FLAC", "MP3", "OGG", "AIFF", "voice.m4a")),
    *((other, "WAV") for other in ("FLAC", "MP3", "OGG", "AIFF", "lossless.tta")),
    *(("MP3", "FLAC"), ("FLAC", "OGG"), ("OGG", "FLAC"), ("AU", "browser.webm")),
    *(("voice.aac", "WAV"), ("NIST", "lossless.wv"), ("PVF", "WAV")),
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_files_of_two_formats_in_one_are_refused(contents, read_bytes, first, second):
    for between in (b"", b"\0\0", TAILS["tag"]):
        with pytest.raises(AudioError, match=SEVERAL):
            read_bytes(contents[first] + between + contents[second])


@pytest.mark.parametrize("tail", TAILS)
def test_oggs_with_other_bytes_between_are_read_both(contents, read_bytes, tail):
    data = contents["OGG"]
    expected = np.concatenate([read_bytes(data)] * 2)

    np.testing.assert_array_equal(read_bytes(data + TAILS[tail] + data), expected)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000])
@pytest.mark.parametrize("name", [b"LIST", b"id3 ", b"bext", b"PAD "])
def test_chunks_behind_samples_of_unknown_size_are_no_sound(
    contents, read_bytes, size, name
):
    data = contents["WAV"]
    chunk = name + struct.pack("<I", 36) + bytes(range(36))
    stated = data[:40] + struct.pack("<I", size) + data[44:]

    np.testing.assert_array_equal(read_bytes(stated + chunk * 2), read_bytes(data))


def test_foreign_metadata_of_flac_is_not_another_recording(contents, read_bytes):
    data = contents["FLAC"]
    block = b"riff" + contents["WAV"][:44]  # as `flac --keep-foreign-metadata` does
    header = b"\2" + len(block).to_bytes(3, "big")

    np.testing.assert_array_equal(
        read_bytes(data[:42] + header + block + data[42:]), read_bytes(data)
    )


def test_samples_that_look_like_a_file_are_not_another_recording(tmp_path, read_bytes):
    noise = np.random.default_rng(seed=0).integers(-(2**15), 2**15, 20_000)
    noise[5000:5006] = np.frombuffer(b"RIFF\0\1\2\3WAVE", ">i2")
    samples = noise.astype(np.int16)
    soundfile.write(tmp_path / "noise.flac", samples, 16000)
    data = (tmp_path / "noise.flac").read_bytes()
    assert b"RIFF" in data  # noise is not compressed

    np.testing.assert_array_equal(read_bytes(data), samples / np.float32(2**15))
    with pytest.raises(AudioError, match=SEVERAL):
        read_bytes(data + data)


def test_voc_of_several_blocks_is_refused(contents, read_bytes):
    with pytest.raises(AudioError, match="has its sound in several blocks"):
        # Not the end, but a second block of four bytes.
        read_bytes(contents["VOC"][:-1] + b"\2\4\0\0abcd\0")
