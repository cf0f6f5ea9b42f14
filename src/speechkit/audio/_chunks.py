"""Files made of chunks, each with a name and a size: WAV, AIFF, CAF and others."""

import dataclasses
import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

# Programs that stream a WAV file write a size near 2 GiB or 4 GiB into its header.
LEAST_PLACEHOLDER = 0x7FFFF000
_LARGEST_PLACE = 1 << 40
_LONGEST_END = 1 << 20
# Chunks that programs write behind the samples.
_BEHIND = re.compile(
    rb"LIST|(?i:id3 )|bext|cue |smpl|inst|fact|afsp|(?i:pad |junk)|FLLR|iXML|axml|_PMX|"
    rb"PEAK|DISP|acid|ANNO|NAME|AUTH|\(c\) |COMT|MARK|INST|APPL|PrmA|umid|levl|strc"
)


@dataclasses.dataclass(frozen=True)
class Layout:
    """Describes how the chunks of one container follow each other.

    Attributes:
        first: Where the first chunk begins, in bytes.
        name_length: Length of the name of a chunk, in bytes.
        size: How its size is written, for `struct`.
        samples: How the name of the chunk of samples begins.
        padding: Number of bytes that a chunk is filled up to a multiple of.
        counts_itself: Whether the size has name and size in it.
    """

    first: int
    name_length: int
    size: str
    samples: bytes
    padding: int = 2
    counts_itself: bool = False


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Describes a chunk: its name, its content, and where and how its size stands."""

    name: bytes
    start: int
    size: int
    size_at: int
    size_format: str

    @property
    def end(self) -> int:
        """Where the content ends, in bytes."""
        return self.start + self.size


_WAV = Layout(12, 4, "<I", b"data")
_LAYOUTS = {
    (b"RIFF", b"WAVE"): _WAV,
    (b"RIFX", b"WAVE"): dataclasses.replace(_WAV, size=">I"),
    (b"RF64", b"WAVE"): _WAV,
    (b"BW64", b"WAVE"): _WAV,
    (b"FORM", b"AIFF"): Layout(12, 4, ">I", b"SSND"),
    (b"FORM", b"AIFC"): Layout(12, 4, ">I", b"SSND"),
    (b"FORM", b"8SVX"): Layout(12, 4, ">I", b"BODY"),
    (b"FORM", b"16SV"): Layout(12, 4, ">I", b"BODY"),
    (b"riff", b".\x91\xcf\x11"): Layout(40, 16, "<Q", b"data", 8, counts_itself=True),
    (b"caff", b"desc"): Layout(8, 4, ">Q", b"data", padding=1),
}


def find_layout(file: BinaryIO) -> Layout | None:
    """Returns the layout of a file; `None` if it is not made of chunks."""
    file.seek(0)
    header = file.read(12)
    second = header[4:8] if header[:4] == b"riff" else header[8:12]
    return _LAYOUTS.get((header[:4], second))


def walk(file: BinaryIO, layout: Layout, start: int) -> Iterator[Chunk]:
    """Yields the chunks from `start` on, the last of which may end too late."""
    length = layout.name_length + struct.calcsize(layout.size)
    file.seek(start)
    while len(header := file.read(length)) == length:
        (size,) = struct.unpack(layout.size, header[layout.name_length :])
        position = file.tell()
        size = max(0, size - length) if layout.counts_itself else size
        name = header[: layout.name_length]
        size_at = position - length + layout.name_length
        yield Chunk(name, position, size, size_at, layout.size)
        following = position + size + -size % layout.padding
        if following > _LARGEST_PLACE:
            return
        file.seek(following)


def find_samples(file: BinaryIO, layout: Layout) -> Chunk | None:
    """Returns the chunk of samples, with the size that the file states."""
    large: Chunk | None = None
    for chunk in walk(file, layout, layout.first):
        if chunk.name == b"ds64":  # sizes beyond 4 GiB
            file.seek(chunk.start + 8)
            (size,) = struct.unpack("<Q", file.read(8).ljust(8, b"\0"))
            large = Chunk(b"data", 0, size, chunk.start + 8, "<Q")
        if chunk.name.startswith(layout.samples):
            if large is not None and chunk.size == 0xFFFFFFFF:
                return dataclasses.replace(large, start=chunk.start)
            return chunk
    return None


def find_packets(file: BinaryIO) -> tuple[int, int] | None:
    """Returns where the table of packets of a CAF file begins, and its samples.

    `None` if there is no such table.
    """
    layout = find_layout(file)
    chunks = walk(file, layout, layout.first) if layout else ()
    start = next((chunk.start for chunk in chunks if chunk.name == b"pakt"), None)
    if start is None:
        return None
    file.seek(start + 8)
    return start, int.from_bytes(file.read(8), "big")


def find_end(file: BinaryIO, layout: Layout, start: int, size: int) -> int:
    """Returns where samples of unknown length end that begin at `start`.

    That is the end of the file of `size` bytes, or where the chunks begin that some
    programs write behind the samples.
    """
    first = max(start, size - _LONGEST_END)
    file.seek(first)
    data = file.read(size - first)
    for match in _BEHIND.finditer(data):
        if _is_made_of_chunks(file, layout, first + match.start(), size):
            return first + match.start()
    return start if _is_made_of_chunks(file, layout, start, size) else size


def _is_made_of_chunks(file: BinaryIO, layout: Layout, start: int, size: int) -> bool:
    """Returns whether whole chunks with readable names fill a file from `start` on."""
    end = start
    for chunk in walk(file, layout, start):
        if not chunk.name.isascii() or not chunk.name.decode().isprintable():
            return False
        end = chunk.end
    return end <= size <= end + layout.name_length and end > start
