"""ARPA files to tables of n-grams."""

import bisect
import re
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from speechkit._reading import TextFileError, TextLines, parse_number
from speechkit.decoders.language_models._ngram_trie import NGramTable
from speechkit.decoders.language_models.kenlm_language_model import MAGIC
from speechkit.decoders.language_models.language_model import BEGIN, END

_COUNT = re.compile(r"ngram\s+([0-9]{1,9})\s*=\s*([0-9]{1,18})")
_TITLE = re.compile(r"\\([0-9]{1,9})-grams:")
_DATA, _END = "\\data\\", "\\end\\"
_KENLM = MAGIC.decode()
# Texts are split at these, too, so a word with one of them would never be found.
_INNER_SPACE = re.compile(r"[^\S \t\r\n\f\v]")
REPEATED = "repeats an n-gram"
_LARGEST = float(np.finfo("float32").max)


class ARPAFile(NamedTuple):
    """The content of an ARPA file.

    Attributes:
        words: The words.
        tables: The n-grams by order.
        line_of: Returns the line of an n-gram, given its order and its row.
    """

    words: list[str]
    tables: list[NGramTable]
    line_of: Callable[[int, int], int]


def read(path: Path) -> ARPAFile:
    """Returns what is in a file; no word comes twice, but longer n-grams may.

    Raises:
        ValueError: If the file is no complete ARPA file; says the line.
    """
    lines = TextLines(path)
    source = iter(lines)
    counts, title = _read_counts(lines, source)
    index = _Index()
    sections: dict[int, _Section] = {}
    while title != _END:
        order = _order_of(lines, title, len(counts), sections)
        section = _Section(lines, order, counts, index)
        title = section.fill(source)
        sections[order] = section
    _check_end(lines, source, counts, sections)
    tables = [
        sections[order].table() if order in sections else _empty(order)
        for order in range(1, len(counts) + 1)
    ]
    words, tables = _sorted(path, index, tables, sections)
    return ARPAFile(words, tables, lambda order, row: sections[order].line_of(row))


class _Index(dict[str, int]):
    """Gives each new word the next number."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Section:
    """The n-grams of one order, and the lines on which they stand."""

    def __init__(self, lines, order, counts, index):
        self._lines, self._order, self._count = lines, order, counts[order - 1]
        self._index, self._is_last = index, order == len(counts)
        self._begin = lines.number + 1
        # How many n-grams stand before each empty line.
        self._empty_lines = []
        self._words, self._log_probs = array("i"), array("f")
        self._backoffs = array("f")

    def fill(self, source: Iterator[str]) -> str:
        """Reads n-grams up to the next title, which it returns."""
        for line in source:
            fields = line.split()
            if not fields:
                self._empty_lines.append(len(self._log_probs))
            elif fields[0][0] == "\\":
                self._check_number(line)
                return line.strip()
            else:
                self._add(line, fields)
        raise self._lines.error(
            f"ends after {len(self._log_probs)} of {self._count} "
            f"{self._order}-grams, or `{_END}` is missing"
        )

    def table(self) -> NGramTable:
        words = np.array(self._words).reshape(-1, self._order)
        return NGramTable(words, np.array(self._log_probs), np.array(self._backoffs))

    def line_of(self, place: int) -> int:
        """Returns the number of the line of an n-gram."""
        return self._begin + place + bisect.bisect_right(self._empty_lines, place)

    def _add(self, line, fields):
        width = self._order + 1
        log_prob = parse_number(fields[0])
        backoff = parse_number(fields[width]) if len(fields) > width else 0.0
        fits = width <= len(fields) <= width + 1 and not _INNER_SPACE.search(line)
        most = 0 if self._is_last else _LARGEST
        if (
            not fits
            or log_prob is None
            or backoff is None
            or not -_LARGEST <= log_prob <= 0
            or abs(backoff) > most
        ):
            raise self._lines.error(self._fault(line, fields, log_prob))
        if len(self._log_probs) == self._count:
            raise self._lines.error(
                f"is one more than the {self._count} {self._order}-grams that "
                f"`{_DATA}` promises"
            )
        self._words.extend(map(self._index.__getitem__, fields[1:width]))
        self._log_probs.append(log_prob)
        self._backoffs.append(backoff)

    def _check_number(self, line):
        if len(self._log_probs) < self._count:
            raise self._lines.error(
                f"stands where `{_DATA}` promises one more of the {self._order}-grams. "
                f"Received: {_shown(line)}"
            )

    def _fault(self, line, fields, log_prob):
        """Returns the fault of a line that is no n-gram."""
        space = _INNER_SPACE.search(line)
        if space:
            return (
                f"has a U+{ord(space[0]):04X} within a word, which is white space. "
                f"Received: {_shown(line)}"
            )
        if log_prob is not None and log_prob > 0:
            return (
                "must be a common logarithm of a probability, 0 or less. "
                f"Received: {_shown(fields[0])}"
            )
        end = "no backoff" if self._is_last else "perhaps a backoff"
        return (
            f"must be a common logarithm of a probability, {self._order} words and "
            f"{end}, as finite numbers. Received: {_shown(line)}"
        )


def _read_counts(lines, source):
    """Returns the number of n-grams of each order, and the title that follows."""
    for line in source:
        if line.strip() == _DATA:
            break
        if line.startswith(_KENLM):
            raise lines.error(
                "must belong to an ARPA file. Received a binary file of KenLM: give "
                "the ARPA file that it was built from, or read it by KenLMLanguageModel"
            )
    else:
        raise lines.error(f"must belong to an ARPA file, which has a line `{_DATA}`")
    counts: list[int] = []
    for line in source:
        stripped = line.strip()
        match = _COUNT.fullmatch(stripped)
        if match and int(match[1]) == len(counts) + 1:
            counts.append(int(match[2]))
        elif stripped and counts and stripped[0] == "\\":
            return counts, stripped
        elif stripped:
            wanted = f"ngram {len(counts) + 1}=<count>"
            raise lines.error(f"must be `{wanted}`. Received: {_shown(line)}")
    raise lines.error("ends where `\\1-grams:` must follow")


def _order_of(lines, title, num_orders, sections):
    """Returns the order of the n-grams under a title."""
    missing = [n for n in range(1, num_orders + 1) if n not in sections]
    match = _TITLE.fullmatch(title)
    if match and int(match[1]) in missing:
        return int(match[1])
    titles = [f"`\\{order}-grams:`" for order in missing] or [f"`{_END}`"]
    raise lines.error(f"must be {' or '.join(titles)}. Received: {_shown(title)}")


def _check_end(lines, source, counts, sections):
    for order, count in enumerate(counts, start=1):
        if count and order not in sections:
            raise lines.error(f"must come after `\\{order}-grams:`")
    # Reading on to the end also checks the sum behind compressed data.
    for line in source:
        if line.strip():
            raise lines.error(f"must not follow `{_END}`. Received: {_shown(line)}")


def _sorted(path, index, tables, sections):
    """Returns the words in the order of the 1-grams, and tables with their numbers."""
    unigrams = tables[0].words[:, 0]
    _, firsts = np.unique(unigrams, return_index=True)
    if len(firsts) < len(unigrams):
        again = int(np.setdiff1d(np.arange(len(unigrams)), firsts)[0])
        raise TextFileError(path, sections[1].line_of(again), REPEATED)
    numbers = np.full(len(index), -1, "int32")
    numbers[unigrams] = np.arange(len(unigrams), dtype="int32")
    words = list(index)
    for order, section in sections.items():
        unknown = np.argwhere(numbers[tables[order - 1].words] < 0)
        if len(unknown):
            place, column = unknown[0]
            word = words[tables[order - 1].words[place, column]]
            reason = f"has a word that is no 1-gram: {_shown(word)}"
            raise TextFileError(path, section.line_of(int(place)), reason)
    for word in (BEGIN, END):
        if word not in index:
            raise TextFileError(
                path, None, f"must hold the 1-grams {BEGIN}, {END}. It has no {word}"
            )
    moved = [table._replace(words=numbers[table.words]) for table in tables]
    return [words[number] for number in unigrams], moved


def _empty(order):
    none = np.zeros(0, "float32")
    return NGramTable(np.zeros((0, order), "int32"), none, none)


def _shown(line):
    return repr(line.strip()[:80])
