"""Tests of what every reader of a text file takes, and of what it refuses by line."""

import contextlib
import gzip
import io
import os
import tracemalloc
from pathlib import Path

import pytest

from speechkit import datasets, text
from speechkit._reading import (
    LONGEST_LINE,
    TextFileError,
    TextLines,
    keeping_streams,
    parse_number,
)
from speechkit.cli._texts import Reading, read_texts
from speechkit.decoders import NGramLanguageModel

# A reader, and lines that it takes.
READERS = {
    "a.trn": (text.read_trn, ["yes é (u1)", "no (u2)"]),
    "a.ctm": (text.read_ctm, ["a 1 0.0 0.5 é", "a 1 0.5 0.5 no"]),
    "a.stm": (text.read_stm, ["a 1 ann 0 1 <o,f0> yes é", "a 1 ann 1 2 no"]),
    "a.csv": (datasets.read_manifest, ["path,text", "a.wav,é"]),
    "a.tsv": (datasets.read_manifest, ["path\ttext", "a.wav\té"]),
    "a.jsonl": (
        datasets.read_manifest,
        ['{"path": "a.wav", "text": "é"}', '{"path": "b.wav", "text": "no"}'],
    ),
    "a.txt": (
        lambda path: read_texts(path, "text", "text", Reading()).texts,
        ["yes é", "no"],
    ),
    "a.arpa": (
        lambda path: NGramLanguageModel.read(path).words,
        [
            "\\data\\",
            "ngram 1=3",
            "\\1-grams:",
            "-1\t<s>",
            "-1\t</s>",
            "-1\té",
            "\\end\\",
        ],
    ),
}
each_reader = pytest.mark.parametrize("name", READERS)


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def lines_of(name, end="\n"):
    return "".join(f"{line}{end}" for line in READERS[name][1])


@each_reader
def test_marks_ends_and_compression_change_nothing(tmp_path, name):
    read, _ = READERS[name]
    expected = read(write(tmp_path, name, lines_of(name).encode()))

    for content in (
        lines_of(name).encode("utf-8-sig"),
        lines_of(name, "\r\n").encode(),
        lines_of(name, "\r").encode(),
        lines_of(name).rstrip("\n").encode(),
        gzip.compress(lines_of(name).encode()),
        gzip.compress(lines_of(name)[:9].encode())
        + gzip.compress(lines_of(name)[9:].encode()),
    ):
        assert read(write(tmp_path, name, content)) == expected


def test_a_compressed_table_may_say_so(tmp_path):
    content = gzip.compress(lines_of("a.csv").encode())

    (recording,) = datasets.read_manifest(write(tmp_path, "a.csv.gz", content))

    assert recording.text == "é"


FAULTY = {
    "latin-1": (lambda text: text.encode("latin-1"), r"line \d, must be UTF-8 text"),
    "utf-16": (lambda text: text.encode("utf-16"), "line 1, must be UTF-8 text"),
    "utf-16-be": (
        lambda text: "\ufeff".encode("utf-16-be") + text.encode("utf-16-be"),
        "line 1, must be UTF-8 text. Received: UTF-16",
    ),
    "utf-16-unmarked": (
        lambda text: text.replace("é", "e").encode("utf-16-le"),
        "line 1, must be text. Received: a NUL byte",
    ),
    "nul": (
        lambda text: text.encode() + b"\0",
        r"line \d, must be text. Received: a NUL byte",
    ),
    "picture": (lambda text: b"\x89PNG\r\n\x1a\n\0\0", "line 1, must be UTF-8 text"),
    "half": (
        lambda text: gzip.compress(text.encode())[:-12],
        r"line \d+, is compressed, and its data is broken",
    ),
    "no-trailer": (
        lambda text: gzip.compress(text.encode())[:-8],
        r"line \d+, is compressed, and its data is broken",
    ),
    "checksum": (
        lambda text: gzip.compress(text.encode())[:-8] + bytes(8),
        r"line \d+, is compressed, and its data is broken: CRC",
    ),
    "behind-gzip": (
        lambda text: gzip.compress(text.encode()) + b"text",
        r"line \d+, is compressed, and its data is broken",
    ),
    "gzip-alone": (
        lambda text: b"\x1f\x8b",
        "line 1, is compressed, and its data is broken",
    ),
}


@each_reader
@pytest.mark.parametrize("fault", FAULTY)
def test_what_is_not_text_is_refused_by_line(tmp_path, name, fault):
    damage, message = FAULTY[fault]
    path = write(tmp_path, name, damage(lines_of(name).replace("no", "né")))

    with pytest.raises(TextFileError, match=f"^`.*{name}`, {message}") as error:
        READERS[name][0](path)

    assert (error.value.path, error.value.line >= 1) == (path, True)


@each_reader
@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "missing", "name"])
def test_what_is_no_file_is_refused_at_once(tmp_path, name, kind):
    path = tmp_path / name
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "name":
        path = tmp_path / f"{'a' * 300}{name}"

    with pytest.raises(TextFileError, match=f"{name}` cannot be read: "):
        READERS[name][0](path)


@contextlib.contextmanager
def opened_by_the_shell(content):
    """The path of a pipe from which another program's output comes."""
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)


@pytest.mark.parametrize("name", ["a.trn", "a.ctm", "a.stm", "a.txt", "a.arpa"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_what_a_command_writes_is_read(tmp_path, name, pack):
    read, _ = READERS[name]
    content = lines_of(name).encode()
    expected = read(write(tmp_path, name, content))

    with opened_by_the_shell(pack(content)) as path:
        assert read(Path(path)) == expected


def test_a_stream_can_be_read_again_in_a_block_that_keeps_it():
    with opened_by_the_shell(b"yes\nno\n") as path, keeping_streams():
        assert [list(TextLines(path)) for _ in range(2)] == [["yes\n", "no\n"]] * 2

    with opened_by_the_shell(b"yes\n") as path:
        assert list(TextLines(path)) == ["yes\n"]
        assert list(TextLines(path)) == []


@pytest.mark.parametrize("path", ["/dev/fd/999", "/proc/self/fd/999"])
def test_what_the_shell_has_not_opened_is_refused(path):
    with pytest.raises(TextFileError, match=f"{path}` cannot be read: Bad file"):
        list(TextLines(path))


def test_a_name_with_a_nul_is_refused():
    with pytest.raises(TextFileError, match="cannot be read: embedded null"):
        list(TextLines("a\0b"))


@pytest.mark.parametrize(
    "block", ["a", "\0", " " * 1023 + "\n"], ids=["line", "nul", "lines"]
)
def test_a_small_file_never_fills_the_memory(tmp_path, block):
    content = io.BytesIO()
    with gzip.open(content, "wb", compresslevel=9) as file:
        for _ in range(64):
            file.write(block.encode() * (2**20 // len(block)))
    path = write(tmp_path, "bomb.trn", content.getvalue())

    tracemalloc.start()
    with pytest.raises(TextFileError, match=r"bomb.trn`, line \d+, must"):
        text.read_trn(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * LONGEST_LINE


def test_a_fault_far_into_a_file_is_named_by_its_line(tmp_path):
    lines = [b"word" * 20] * 5000
    lines[4321] = b"\xff"
    path = write(tmp_path, "a.txt", b"\n".join(lines))

    with pytest.raises(TextFileError, match="line 4322, must be UTF-8"):
        list(TextLines(path))


@pytest.mark.parametrize(
    "value", ["0", "-1.5", "+2", ".5", "3.", "1e3", "-2.5E-03", "1e-400", "007"]
)
def test_numbers_are_those_of_ascii(value):
    assert parse_number(value) == float(value)


NO_NUMBERS = (
    "nan inf -Infinity 1e400 0_0.5 1_0 \u0661 \uff11 1,5 0x10 1e e5 . - --1 1.2.3 ½"
)


@pytest.mark.parametrize(
    "value", [*NO_NUMBERS.split(), "", "1 ", " 1", "1\n", "1" * 400]
)
def test_other_writings_are_no_numbers(value):
    assert parse_number(value) is None


@pytest.mark.parametrize("value", ["0_0.5", "\u0661", "nan", "inf", "1e400", "-0.1"])
def test_times_are_numbers(tmp_path, value):
    lines = {
        "a.stm": [f"a 1 ann {value} 9 yes", f"a 1 ann 0 {value} yes"],
        "a.ctm": [f"a 1 {value} 1 yes", f"a 1 0 {value} yes"],
    }
    for name, wrong in lines.items():
        for line in wrong:
            path = write(tmp_path, name, line.encode())

            with pytest.raises(TextFileError, match=rf"{name}`, line 1, .*0 or more"):
                READERS[name][0](path)


@pytest.mark.parametrize("value", ["0_0.5", "\u0661", "nan", "inf", "sure"])
def test_a_confidence_is_a_number(tmp_path, value):
    path = write(tmp_path, "a.ctm", f"a 1 0 1 yes {value}".encode())

    with pytest.raises(TextFileError, match="line 1, must have a number for the conf"):
        text.read_ctm(path)
