"""Reads the texts that `speechkit score` compares, from files of any kind."""

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from speechkit import text
from speechkit._names import alike, by_form
from speechkit._reading import TextLines
from speechkit._rows import read_rows

_BRACKETS = re.compile(r"[{}]|(?<!\S)\(\S+\)(?!\S)")


@dataclasses.dataclass(frozen=True)
class Texts:
    """Holds references or hypotheses, by the names of the utterances.

    Attributes:
        texts: The texts, or what `parse_reference` makes of them.
        speakers: Who speaks, of those utterances where it is known.
        notes: Sentences about the file that a user should read.
        labels: Names of utterances by the titles of what they belong to, by the titles
            of categories.
    """

    texts: Mapping[str, str | text.Reference]
    speakers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    notes: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, Sequence[str]]] = dataclasses.field(
        default_factory=dict
    )


@dataclasses.dataclass(frozen=True)
class Reading:
    """Says how files are read.

    Attributes:
        formats: Format of the references, and of the hypotheses; `None` to find it.
        columns: Columns of a table that hold the texts, of both likewise.
        name_column: Column that holds the names of the utterances.
        encoding: Encoding of both files.
        optional_words: Whether `(word)` may be left out.
        lower_case: Whether names and texts are read in lower case.
        common_time: What is left out beyond the time of the other side: `"reference"`,
            `"hypothesis"`, `"both"`, or `None` for nothing.
    """

    formats: tuple[str | None, str | None] = (None, None)
    columns: tuple[str, str] = ("text", "text")
    name_column: str = "path"
    encoding: str = "utf-8"
    optional_words: bool = False
    lower_case: bool = False
    common_time: str | None = None


def read_texts(path: Path, kind: str, column: str, reading: Reading) -> Texts:
    """Reads a transcript, a table, or a text with one utterance in each line.

    Raises:
        ValueError: If the file is wrong; the message names the line.
    """
    if kind == "table":
        return _noted(path, _lower(path, _read_table(path, column, reading), reading))
    if kind == "text":
        lines = TextLines(path, reading.encoding)
        plain = {str(lines.number): line.rstrip("\r\n") for line in lines}
        return _noted(path, _lower(path, Texts(plain), reading))
    texts = Texts(text.read_trn(path, encoding=reading.encoding))
    return parse_texts(path, _lower(path, texts, reading), reading)


def parse_texts(path: Path, texts: Texts, reading: Reading) -> Texts:
    """Returns references in place of the texts of a transcript.

    Raises:
        ValueError: If the notation of a text is wrong.
    """
    parsed = {}
    for name, value in texts.texts.items():
        try:
            parsed[name] = text.parse_reference(
                str(value), optional_words=reading.optional_words
            )
        except ValueError as error:
            raise ValueError(f"`{path}`, utterance {name}: {error}") from None
    notes = () if reading.optional_words else note_optional(path, parsed)
    return dataclasses.replace(texts, texts=parsed, notes=notes)


def note_optional(
    path: Path, references: Mapping[str, text.Reference]
) -> tuple[str, ...]:
    """Returns a note if there are words in brackets that must not be left out."""
    for reference in references.values():
        for arc in reference.arcs:
            word = arc.word or ""
            if len(word) > 2 and word[0] == "(" and word[-1] == ")":
                return (
                    f"`{path}` has words in brackets, such as {word}, which count as "
                    "they stand; with `--optional-words` they may be left out.",
                )
    return ()


def _noted(path, texts):
    """Adds a note if words look like the notation of a transcript."""
    for value in texts.texts.values():
        found = _BRACKETS.search(value)
        if found:
            note = (
                f"`{path}` is read as plain text, in which {found[0]} counts as a word "
                "or a part of one; `--reference-format trn` and `--hypothesis-format "
                "trn` read the notation of transcripts."
            )
            return dataclasses.replace(texts, notes=(note,))
    return texts


def _lower(path, texts, reading):
    found = by_form(f"`{path}`", texts.texts)
    texts = Texts(found, {alike(name): who for name, who in texts.speakers.items()})
    if not reading.lower_case:
        return texts
    lowered = {name.lower(): value.lower() for name, value in texts.texts.items()}
    if len(lowered) < len(texts.texts):
        raise ValueError(
            f"`{path}` must have names that differ by more than case. "
            f"Received: {len(texts.texts)} names, {len(lowered)} in lower case"
        )
    speakers = {name.lower(): who.lower() for name, who in texts.speakers.items()}
    return Texts(lowered, speakers)


def without_hyphens(texts: Texts) -> Texts:
    """Returns texts without the hyphens in words; one that stands alone is a word."""

    def change(word):
        return word if len(word) == 1 else word.replace("-", "")

    changed = {
        name: value.map(change)
        if isinstance(value, text.Reference)
        else " ".join(filter(None, map(change, value.split())))
        for name, value in texts.texts.items()
    }
    return dataclasses.replace(texts, texts=changed)


def find_speakers(names: Iterable[str], pattern: str) -> dict[str, str]:
    """Returns the speakers that a regular expression finds in names of utterances.

    Raises:
        ValueError: If it is none, has no group `speaker`, or finds none in a name.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(
            "`--speaker-pattern` must be a regular expression with a group "
            f"`(?P<speaker>…)`. Received: {pattern!r}, {error}"
        ) from None
    speakers = {}
    for name in names:
        match = compiled.search(name)
        if match is None or "speaker" not in compiled.groupindex:
            raise ValueError(
                "`--speaker-pattern` must find the group `(?P<speaker>…)` in every "
                f"name. Received: {pattern!r}, with none in {name!r}"
            )
        speakers[name] = match["speaker"]
    return speakers


def _read_table(path, column, reading):
    name_column = reading.name_column
    texts, speakers = {}, {}
    for place, row in read_rows(path, reading.encoding):
        for needed, kind in ((column, "text"), (name_column, "name")):
            if not isinstance(row.get(needed), str):
                raise place.error(
                    f"must have a text in the column {needed!r}, or `--{kind}-column` "
                    f"must name another. Received: {', '.join(map(str, row))}"
                )
        name = row[name_column]
        if name in texts:
            raise place.error(f"must have a new name. Received: {name} again")
        texts[name] = row[column]
        if row.get("speaker"):
            speakers[name] = str(row["speaker"])
    return Texts(texts, speakers)
