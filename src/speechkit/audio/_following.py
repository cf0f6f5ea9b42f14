"""Recordings that stand behind the end of another in one file."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from speechkit.audio._files import read_blocks

SEVERAL = (
    "is several recordings, one after the other, of which only the first would be "
    "read; write each to a file of its own"
)
# How files of sound begin: a few bytes to look for, and what else must be there.
_PATTERNS = {
    mark: re.compile(pattern, re.DOTALL)
    for mark, pattern in {
        b"RIFF": rb"RIFF....(?:WAVE|AVI )",
        b"RIFX": rb"RIFX....WAVE",
        b"RF64": rb"RF64....WAVE",
        b"BW64": rb"BW64....WAVE",
        b"FORM": rb"FORM....(?:AIFF|AIFC|8SVX|16SV)",
        b"riff.\x91": rb"riff\.\x91\xcf\x11",
        b"caff\0": rb"caff\0\x01\0\0desc",
        # The first block of FLAC always has 34 bytes.
        b"fLaC": rb"fLaC[\0\x80]\0\0\x22",
        b"OggS\0": rb"OggS\0[\2\6]\0{8}",
        b"Xing\0": rb"Xing\0\0\0[\0-\x0f]",
        b"Info\0": rb"Info\0\0\0[\0-\x0f]",
        b".snd": rb"\.snd\0\0..[\0\xff]...\0\0\0[\1-\x1d]",
        b"dns.": rb"dns\...\0\0...[\0\xff][\1-\x1d]\0\0\0",
        b"TTA1": rb"TTA1[\1-\3]\0[\1-\x08]\0",
        b"wvpk": rb"wvpk...\0.\x04",
        b"#!AMR": rb"#!AMR(?:-WB)?\n",
        b"\x1a\x45\xdf\xa3": rb"\x1a\x45\xdf\xa3.{0,48}?\x42\x82.(?:webm|matroska)",
        b"ftyp": rb"ftyp[A-Za-z0-9 _]{4}\0\0",
        b"\x30\x26\xb2\x75": rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9",
        b"NIST_1A": rb"NIST_1A\n",
        b"Creative Voice": rb"Creative Voice File\x1a",
        b"ALawSoundFile": rb"ALawSoundFile\*\*",
        b"2BIT": rb"2BIT.{8}(?:\0\0|\xff\xff)\0[\x08\x10]",
        b"MATLAB 5.0": rb"MATLAB 5\.0 MAT-file",
        b"\0samplerate": rb"\0samplerate\0",
    }.items()
}
# PAF, PVF, XI and IRCAM.
_NO_LENGTH = re.compile(
    rb" paf|fap |PVF1|Extended Instr|\x64\xa3|..\xa3\x64", re.DOTALL
)
# Too short to look for; they count where the first recording ends.
_SHORT = re.compile(rb"\x01\x04[ -~]{8}[\0 -~]{9}|\xf0\x7e.\x01.{16}\xf7", re.DOTALL)
# The table of an MP3 stands in a silent frame: zeros before it.
_MP3 = re.compile(rb"\xff[\xe2-\xff]..(?:\0{9}|\0{17}|\0{32})\Z", re.DOTALL)
_LONGEST_MP3 = 36
_LONGEST = 128
_NEAR = 1 << 20


def find_near(file: BinaryIO, end: int, size: int) -> str | None:
    """Returns the fault if another recording follows behind `end`, or `None`."""
    file.seek(end)
    is_short = _SHORT.match(file.read(_LONGEST))
    return SEVERAL if is_short else search(file, end, min(size, end + _NEAR))


def search(file: BinaryIO, start: int, stop: int) -> str | None:
    """Returns the fault if another recording begins from `start` on, or `None`."""
    file.seek(0)
    # Formats that state no length have headers alike for recordings alike.
    first = file.read(16)
    for _, data in read_blocks(file, start, stop):
        if _NO_LENGTH.match(first) and first in data:
            return SEVERAL
        for mark, pattern in _PATTERNS.items():
            if any(_is_beginning(data, at, pattern) for at in _places(data, mark)):
                return SEVERAL
    return None


def _is_beginning(data: bytes, at: int, pattern: re.Pattern[bytes]) -> bool:
    if not pattern.match(data, at):
        return False
    is_mp3 = pattern.pattern.startswith((b"Xing", b"Info"))
    return not is_mp3 or bool(_MP3.search(data[max(0, at - _LONGEST_MP3) : at]))


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)
