"""Files that state in a header of fixed form how many bytes of samples follow."""

import re
import struct
from collections.abc import Callable
from typing import BinaryIO

# Where the samples begin and how many bytes of them there are; `None` if not stated.
Stated = tuple[int, int] | None
_NIST_HEADER = 4096
_MATLAB_WIDTHS = {0: 8, 10: 4, 20: 4, 30: 2}


def find_stated_samples(file: BinaryIO) -> Stated:
    """Returns where the samples of a file begin, and their bytes; `None` if unknown."""
    file.seek(0)
    header = file.read(_NIST_HEADER)
    for mark, read in _READERS.items():
        if header.startswith(mark):
            try:
                return read(header)
            except (struct.error, ArithmeticError, LookupError, ValueError):
                # libsndfile says what is wrong
                return None
    return None


def _read_au(header: bytes) -> Stated:
    return _unless_unknown(*struct.unpack_from(">II", header, 4))


def _read_little_endian_au(header: bytes) -> Stated:
    return _unless_unknown(*struct.unpack_from("<II", header, 4))


def _unless_unknown(start: int, num_bytes: int) -> Stated:
    return None if num_bytes == 0xFFFFFFFF else (start, num_bytes)


def _read_nist(header: bytes) -> Stated:
    start = int(header.split(b"\n", 2)[1])
    fields = dict(re.findall(rb"(?m)^(\w+) -\w+ ([^\n]*)", header[:start]))
    if b"sample_count" not in fields:
        return None
    channels = int(fields.get(b"channel_count", 1))
    width = int(fields.get(b"sample_n_bytes", 2))
    return start, int(fields[b"sample_count"]) * channels * width


def _read_avr(header: bytes) -> Stated:
    stereo, bits = struct.unpack_from(">hh", header, 12)
    (length,) = struct.unpack_from(">I", header, 26)
    return 128, length * bits // 8 * (2 if stereo else 1)


def _read_mpc2k(header: bytes) -> Stated:
    (length,) = struct.unpack_from("<I", header, 30)
    return 42, length * 2 * (2 if header[21] else 1)


def _read_wve(header: bytes) -> Stated:
    return 32, struct.unpack_from(">I", header, 18)[0]


def _read_voc(header: bytes) -> Stated:
    (position,) = struct.unpack_from("<H", header, 20)
    while header[position] not in (1, 2, 9):
        position += 4 + int.from_bytes(header[position + 1 : position + 4], "little")
        if position >= len(header):
            return None
    size = int.from_bytes(header[position + 1 : position + 4], "little")
    return position + 4, size


def _read_sds(header: bytes) -> Stated:
    bits = header[6]
    length = header[10] | header[11] << 7 | header[12] << 14
    in_packet = 120 // -(-bits // 7)
    return 21, -(-length // in_packet) * 127


def _read_matlab_5(header: bytes) -> Stated:
    place = header.index(b"wavedata") + len(b"wavedata")
    return place + 8, struct.unpack_from("<I", header, place + 4)[0]


def _read_matlab_4(header: bytes) -> Stated:
    position = 0
    while True:
        kind, rows, columns, _, name = struct.unpack_from("<5I", header, position)
        size = rows * columns * _MATLAB_WIDTHS.get(kind, 0)
        position += 20 + name
        if b"wavedata" in header[position - name : position]:
            return position, size
        position += size


_READERS: dict[bytes, Callable[[bytes], Stated]] = {
    b".snd": _read_au,
    b"dns.": _read_little_endian_au,
    b"NIST_1A": _read_nist,
    b"2BIT": _read_avr,
    b"\1\4": _read_mpc2k,
    b"ALawSoundFile**": _read_wve,
    b"Creative Voice File": _read_voc,
    b"\0\0\0\0\1\0\0\0\1\0\0\0": _read_matlab_4,
    b"MATLAB 5.0 MAT": _read_matlab_5,
    b"\xf0\x7e": _read_sds,
}
