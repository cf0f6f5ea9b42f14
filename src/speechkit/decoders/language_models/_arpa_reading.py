"""ARPA files to tables of n-grams."""

import gzip
import itertools
import math
import re
import zlib
from array import array
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from speechkit.decoders.language_models import kenlm_language_model
from speechkit.decoders.language_models._ngram_trie import NGramTable

_COUNT = re.compile(rb"ngram\s+(\d+)\s*=\s*(\d+)\s*")


def read(path: Path) -> tuple[list[str], list[NGramTable], list[int]]:
    """Returns the words, the n-grams by order and the line on which each order begins.

    Raises:
        ValueError: If the file is no complete ARPA file; says the line.
    """
    if kenlm_language_model.is_binary(path):
        raise ValueError(
            f"`{path}` must be an ARPA file. Received a binary file of KenLM: give the "
            "ARPA file that it was built from, or read it by KenLMLanguageModel"
        )
    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    lines = _Lines(path)
    try:
        with gzip.open(path) if compressed else path.open("rb") as file:
            lines.source = file
            return _read(lines)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise lines.error(f"is compressed, and its data is broken: {error}") from error


class _Lines:
    """The lines of a file, counted."""

    def __init__(self, path):
        self.path = path
        self.source: Iterable[bytes] = ()
        self.number = 0

    def __iter__(self):
        for line in self.source:
            self.number += 1
            yield line

    def next_text(self, wanted):
        """Returns the next line that is not empty, stripped."""
        for line in self:
            if stripped := line.strip():
                return stripped
        raise self.error(f"ends where {wanted} must follow")

    def error(self, reason):
        return ValueError(f"`{self.path}`, line {self.number}, {reason}")


def _read(lines):
    counts = _read_counts(lines)
    index: dict[bytes, int] = {}
    tables, begins = [], []
    for order, count in enumerate(counts, start=1):
        wanted = f"\\{order}-grams:"
        title = lines.next_text(f"`{wanted}`")
        if title != wanted.encode():
            raise lines.error(f"must be `{wanted}`. Received: {_shown(title)}")
        begins.append(lines.number + 1)
        tables.append(_read_table(lines, order, count, index))
    end = lines.next_text("`\\end\\`")
    if end != b"\\end\\":
        message = f"must be `\\end\\` after {counts[-1]} n-grams"
        raise lines.error(f"{message}. Received: {_shown(end)}")
    return _decoded(index, lines.path, begins[0]), tables, begins


def _read_counts(lines):
    for line in lines:
        if line.strip() == b"\\data\\":
            break
    else:
        raise lines.error("must belong to an ARPA file, which has a line `\\data\\`")
    counts: list[int] = []
    for line in lines:
        match = _COUNT.fullmatch(line)
        if match and int(match[1]) == len(counts) + 1:
            counts.append(int(match[2]))
        elif line.strip():
            wanted = f"ngram {len(counts) + 1}=<count>"
            raise lines.error(f"must be `{wanted}`. Received: {_shown(line)}")
        elif counts:
            return counts
    raise lines.error("ends where `\\1-grams:` must follow")


def _read_table(lines, order, count, index):
    words, log_probs, backoffs = array("i"), array("f"), array("f")
    width = order + 1
    for line in itertools.islice(lines, count):
        fields = line.split()
        try:
            if order == 1:
                index.setdefault(fields[1], len(index))
            words.extend([index[word] for word in fields[1:width]])
            log_probs.append(float(fields[0]))
            backoffs.append(float(fields[width]) if len(fields) > width else 0.0)
        except (ValueError, LookupError):
            raise lines.error(_fault(fields, order, index)) from None
        # Comparing is false for NaN, too.
        if not (width <= len(fields) <= width + 1 and -math.inf < log_probs[-1] <= 0):
            raise lines.error(_fault(fields, order, index))
    if len(log_probs) < count:
        raise lines.error(f"ends after {len(log_probs)} of {count} {order}-grams")
    arrays = [np.array(values) for values in (words, log_probs, backoffs)]
    return NGramTable(arrays[0].reshape(-1, order), *arrays[1:])


def _fault(fields, order, index):
    """Returns what is wrong with a line that is no n-gram."""
    if not fields or fields[0].startswith(b"\\"):
        return f"stands where `\\data\\` promises one more of the {order}-grams"
    unknown = [word for word in fields[1 : order + 1] if word not in index]
    if unknown and len(fields) > order:
        return f"has a word that is no 1-gram: {_shown(unknown[0])}"
    return (
        f"must be a common logarithm of a probability, {order} words and perhaps a "
        f"backoff. Received: {_shown(b' '.join(fields))}"
    )


def _decoded(index, path, begin):
    words = []
    for place, word in enumerate(index):
        try:
            words.append(word.decode("utf-8"))
        except UnicodeDecodeError:
            raise ValueError(
                f"`{path}`, line {begin + place}, must be text in UTF-8. "
                f"Received: {word!r}"
            ) from None
    return words


def _shown(line):
    return repr(line.strip().decode("utf-8", "replace"))
