"""The kinds of sound files: their suffixes, and the bytes that tell them apart."""

import dataclasses
import re
from typing import BinaryIO

# What `soundfile` reads.
SOUNDFILE_SUFFIXES = (
    *(".wav", ".flac", ".ogg", ".mp3", ".oga", ".opus", ".aif", ".aiff", ".aifc"),
    *(".au", ".snd", ".caf", ".w64", ".rf64", ".bwf", ".sph", ".nist"),
)
# What FFmpeg reads, in the package PyAV.
PYAV_SUFFIXES = (
    *(".m4a", ".mp4", ".m4b", ".aac", ".3gp", ".3gpp", ".3g2", ".amr", ".awb", ".mov"),
    *(".webm", ".mkv", ".mka", ".wma", ".asf", ".avi", ".wv", ".ape", ".tta", ".spx"),
)


@dataclasses.dataclass(frozen=True)
class Kind:
    """Describes a kind of file that FFmpeg reads.

    Attributes:
        name: What people call it.
        demuxer: What FFmpeg calls it.
        marks: Bytes of which one set is at `offset`.
        offset: Where, in bytes from the start.
        in_soundfile: Whether `soundfile` reads it, too, if not with every encoding.
        is_exact: Whether it states its length, to the sample.
        states_end: Whether its end can be found, in bytes, without decoding.
    """

    name: str
    demuxer: str
    marks: tuple[bytes, ...]
    offset: int = 0
    in_soundfile: bool = False
    is_exact: bool = False
    states_end: bool = False


# FFmpeg never guesses: some of what it knows are lists of other files and addresses.
_KINDS = (
    Kind(
        "an MP4 file (M4A, 3GP, MOV)",
        "mov",
        (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"),
        offset=4,
        is_exact=True,
        states_end=True,
    ),
    Kind("an AMR file", "amr", (b"#!AMR",)),
    Kind(
        "a WebM or Matroska file",
        "matroska",
        (b"\x1a\x45\xdf\xa3",),
        states_end=True,
    ),
    Kind(
        "a Windows Media file (WMA)",
        "asf",
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",),
        states_end=True,
    ),
    Kind("an AAC file", "aac", (b"\xff\xf1", b"\xff\xf9", b"\xff\xf0", b"\xff\xf8")),
    Kind("an AVI file", "avi", (b"AVI ",), offset=8),
    Kind("a WavPack file", "wv", (b"wvpk",), is_exact=True),
    Kind("a Monkey's Audio file", "ape", (b"MAC ",), is_exact=True),
    Kind("a True Audio file", "tta", (b"TTA1",), is_exact=True, states_end=True),
    Kind("a WAV file", "wav", (b"RIFF", b"RIFX", b"RF64"), in_soundfile=True),
    Kind("an OGG file", "ogg", (b"OggS",), in_soundfile=True, states_end=True),
    Kind("a CAF file", "caf", (b"caff",), in_soundfile=True),
    Kind("an AIFF file", "aiff", (b"FORM",), in_soundfile=True),
    Kind("an AU file", "au", (b".snd",), in_soundfile=True),
)
_LONGEST_MARK = 16
# What nobody records speech in, by the bytes of a beginning.
_REFUSED = {
    name: re.compile(mark, re.DOTALL)
    for name, mark in {
        "an MPEG transport stream (TS)": rb"G.{187}G.{187}G",
        "an MPEG transport stream (M2TS)": rb".{4}G.{191}G.{191}G",
        "an MPEG program stream": rb"\0\0\x01\xba",
        "a Flash video (FLV)": rb"FLV\x01",
        "a Dolby Digital file (AC-3)": rb"\x0b\x77",
        "a DTS file": rb"\x7f\xfe\x80\x01",
        "a RealMedia file": rb"\.RMF|\.ra\xfd",
        "a Musepack file": rb"MPCK|MP\+",
        "a DSD file": rb"DSD |FRM8",
        "a MIDI file": rb"MThd",
    }.items()
}
_LONGEST_REFUSED = 600


def find_kind(file: BinaryIO) -> Kind | None:
    """Returns the kind of file that FFmpeg is to read; `None` if there is none."""
    file.seek(skip_tag(file))
    header = file.read(_LONGEST_MARK)
    for kind in _KINDS:
        if header[kind.offset :].startswith(kind.marks):
            return kind
    return None


def find_refused(file: BinaryIO) -> str | None:
    """Returns the name of a kind of file that is known and not read, or `None`."""
    file.seek(0)
    header = file.read(_LONGEST_REFUSED)
    for name, mark in _REFUSED.items():
        if mark.match(header):
            return name
    return None


def skip_tag(file: BinaryIO) -> int:
    """Returns where a file begins behind a tag of ID3; 0 if it has none."""
    file.seek(0)
    return tag_length(file.read(10))


def tag_length(header: bytes) -> int:
    """Returns the length of the tag of ID3 that begins with so many bytes, or 0."""
    if not header.startswith(b"ID3") or len(header) < 10:
        return 0
    # Seven bits of each byte count, so that no byte looks like a frame.
    return 10 + sum(byte << (7 * i) for i, byte in enumerate(header[9:5:-1]))
