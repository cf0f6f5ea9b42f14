"""Pronunciations: what the middle of the network learns besides the characters."""

import pathlib
from collections.abc import Iterable

from examples import saving
from examples.an4.config import Config
from speechkit import text

_KEPT = "lexicon.dic"
_SEPARATOR = "("  # before the number of another pronunciation: READ(2)


def read(path: pathlib.Path) -> dict[str, list[str]]:
    """Returns the phones of each word of a dictionary in CMU's format.

    Of several pronunciations the first counts; of a single letter the last, for that is
    its name: the first of A is the article.

    Raises:
        ValueError: If it is no text, or a line has no phones.
    """
    phones: dict[str, list[str]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"`{path}` must be a dictionary in UTF-8. {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        entry, *sounds = line.split()
        if not sounds:
            raise ValueError(f"`{path}`, line {number}, must have phones: {line!r}")
        word = entry.split(_SEPARATOR)[0]
        if word not in phones or len(word) == 1:
            phones[word] = sounds
    return phones


def pronunciation_of(config: Config) -> "Pronunciation | None":
    """Returns that of the dictionary beside the data; `None` if there is none."""
    path = _beside_the_data(config)
    return None if path is None else Pronunciation(read(path), path)


def keep(config: Config) -> None:
    """Copies the dictionary, if there is one, into the folder of the run."""
    path = _beside_the_data(config)
    if path is not None:
        saving.save_text(path.read_text(encoding="utf-8"), config.out / _KEPT)


def pronunciation_of_run(config: Config) -> "Pronunciation | None":
    """Returns that of the dictionary which `keep` kept; `None` if there is none."""
    path = config.out / _KEPT
    return Pronunciation(read(path), path) if path.is_file() else None


def _beside_the_data(config):
    if not config.lexicon:
        return None
    folder = config.data if config.data.is_dir() else config.data.parent
    path = folder / config.lexicon
    return path if path.is_file() else None


class Pronunciation(text.Vocabulary):
    """Turns texts into phones.

    Args:
        lexicon: The phones of each word.
        path: Where they come from, for messages.
    """

    def __init__(self, lexicon: dict[str, list[str]], path: pathlib.Path):
        self._lexicon = lexicon
        self._path = path
        self._phones = sorted({phone for word in lexicon.values() for phone in word})

    @property
    def tokens(self) -> list[str]:
        """The phones."""
        return self._phones

    def knows(self, sentence: str) -> bool:
        """Returns whether all words of a sentence have a pronunciation."""
        return all(word in self._lexicon for word in sentence.split())

    def split(self, text: str) -> list[str]:
        """Returns the phones of a sentence.

        Raises:
            ValueError: If a word has no pronunciation.
        """
        missing = [word for word in text.split() if word not in self._lexicon]
        if missing:
            raise ValueError(f"`{self._path}` must have the word {missing[0]!r}")
        return [phone for word in text.split() for phone in self._lexicon[word]]

    def join(self, tokens: Iterable[str]) -> str:
        """Returns phones with a space between them."""
        return " ".join(tokens)

    def get_config(self) -> dict:
        """Returns the arguments that make this again."""
        return {"lexicon": self._lexicon, "path": self._path}
