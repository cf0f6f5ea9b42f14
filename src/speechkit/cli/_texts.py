"""Reads the texts that `speechkit score` compares, from files of any kind."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from speechkit import text
from speechkit._reading import TextLines, suffix_of
from speechkit._rows import DELIMITERS, read_rows


@dataclasses.dataclass(frozen=True)
class Texts:
    """Holds references or hypotheses, by the names of the utterances.

    Attributes:
        texts: The texts.
        speakers: Who speaks, of those utterances where it is known.
        notation: Whether the texts may hold alternatives.
        alternatives: Names of hypotheses that do.
    """

    texts: Mapping[str, str]
    speakers: Mapping[str, str]
    notation: bool = False
    alternatives: frozenset[str] = frozenset()

    def map(self, change: Callable[[str], str]) -> "Texts":
        """Returns the same with other texts."""
        texts = {name: change(value) for name, value in self.texts.items()}
        return dataclasses.replace(self, texts=texts)


def read_texts(path: Path, column: str, name_column: str) -> Texts:
    """Reads a transcript, a table, or a text with one utterance in each line.

    The suffix says which: `.trn`; `.csv`, `.tsv`, `.jsonl` or `.json`; or any other.

    Args:
        path: The file.
        column: Column of a table that holds the texts.
        name_column: Column that holds the names of the utterances.

    Raises:
        ValueError: If the file is wrong; the message names the line.
    """
    suffix = suffix_of(path)
    if suffix == ".trn":
        return Texts(text.read_trn(path), {}, notation=True)
    if suffix in DELIMITERS:
        return _read_table(path, column, name_column)
    lines = TextLines(path)
    return Texts({str(lines.number): line.rstrip("\r\n") for line in lines}, {})


def read_segments(reference: Path, hypothesis: Path) -> tuple[Texts, Texts]:
    """Reads `.stm` references and the `.ctm` words that lie in their segments.

    Raises:
        ValueError: If a file is wrong.
    """
    segments = text.read_stm(reference)
    found = text.words_of_segments(segments, text.read_ctm(hypothesis))
    references, hypotheses, speakers, several = {}, {}, {}, set()
    for segment, words in zip(segments, found, strict=True):
        if segment.ignored:
            continue
        name = f"{segment.recording}-{segment.channel}-{segment.start_seconds:.3f}"
        references[name] = segment.text
        hypotheses[name] = " ".join(word.word for word in words)
        speakers[name] = segment.speaker
        if any(isinstance(word, text.TimedAlternatives) for word in words):
            several.add(name)
    return (
        Texts(references, speakers, notation=True),
        Texts(hypotheses, {}, alternatives=frozenset(several)),
    )


def find_speakers(names: Mapping[str, str], pattern: str) -> dict[str, str]:
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


def _read_table(path, column, name_column):
    texts, speakers = {}, {}
    for place, row in read_rows(path):
        for needed in (column, name_column):
            if not isinstance(row.get(needed), str):
                raise place.error(
                    f"must have a text in the column {needed!r}. "
                    f"Received: {', '.join(map(str, row))}"
                )
        name = row[name_column]
        if name in texts:
            raise place.error(f"must have a new name. Received: {name} again")
        texts[name] = row[column]
        if row.get("speaker"):
            speakers[name] = str(row["speaker"])
    return Texts(texts, speakers)
