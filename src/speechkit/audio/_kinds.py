"""The kinds of sound files: their suffixes, and the bytes that tell them apart."""

import dataclasses
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
    """

    name: str
    demuxer: str
    marks: tuple[bytes, ...]
    offset: int = 0
    in_soundfile: bool = False
    is_exact: bool = False


# FFmpeg never guesses: some of what it knows are lists of other files and addresses.
_KINDS = (
    Kind(
        "an MP4 file (M4A, 3GP, MOV)",
        "mov",
        (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"),
        offset=4,
        is_exact=True,
    ),
    Kind("an AMR file", "amr", (b"#!AMR",)),
    Kind("a WebM or Matroska file", "matroska", (b"\x1a\x45\xdf\xa3",)),
    Kind("a Windows Media file (WMA)", "asf", (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",)),
    Kind("an AAC file", "aac", (b"\xff\xf1", b"\xff\xf9", b"\xff\xf0", b"\xff\xf8")),
    Kind("an AVI file", "avi", (b"AVI ",), offset=8),
    Kind("a WavPack file", "wv", (b"wvpk",), is_exact=True),
    Kind("a Monkey's Audio file", "ape", (b"MAC ",), is_exact=True),
    Kind("a True Audio file", "tta", (b"TTA1",), is_exact=True),
    Kind("a WAV file", "wav", (b"RIFF", b"RIFX", b"RF64"), in_soundfile=True),
    Kind("an OGG file", "ogg", (b"OggS",), in_soundfile=True),
    Kind("a CAF file", "caf", (b"caff",), in_soundfile=True),
    Kind("an AIFF file", "aiff", (b"FORM",), in_soundfile=True),
    Kind("an AU file", "au", (b".snd",), in_soundfile=True),
)
_LONGEST_MARK = 16


def find_kind(file: BinaryIO) -> Kind | None:
    """Returns the kind of file that FFmpeg is to read; `None` if there is none."""
    file.seek(0)
    header = file.read(_LONGEST_MARK)
    for kind in _KINDS:
        if header[kind.offset :].startswith(kind.marks):
            return kind
    return None
