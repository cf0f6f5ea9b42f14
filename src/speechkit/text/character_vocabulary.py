"""Characters as labels."""

import dataclasses
from collections.abc import Iterable

import keras

from speechkit.text._token_checks import check_different, check_unknown
from speechkit.text.vocabulary import Vocabulary


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class CharacterVocabulary(Vocabulary):
    """Turns texts into labels, one for each character of any script, and back.

    Label 0 is the CTC blank and belongs to no character; the characters are labels 1,
    2, … in the order given.

    Attributes:
        characters: The characters, each once.
        unknown: Which of them stands for all others. `None` makes others an error.

    Raises:
        ValueError: If `characters` is empty or has a character twice, or `unknown` is
            none of them.

    Example:
        >>> vocabulary = CharacterVocabulary(" abc")
        >>> vocabulary.encode("a cab")
        [2, 1, 4, 2, 3]
    """

    characters: str
    unknown: str | None = None

    def __post_init__(self):
        if not isinstance(self.characters, str) or not self.characters:
            raise ValueError(
                "`characters` must be a text of at least one character. "
                f"Received: characters={self.characters!r}"
            )
        check_different("characters", self.characters)
        check_unknown(self.unknown, tuple(self.characters))

    @classmethod
    def from_texts(
        cls, texts: Iterable[str], unknown: str | None = None
    ) -> "CharacterVocabulary":
        """Returns the vocabulary of all characters of `texts`, in sorted order."""
        return cls("".join(sorted(set(unknown or "").union(*texts))), unknown)

    @property
    def tokens(self) -> str:
        """The characters."""
        return self.characters

    def split(self, text: str) -> list[str]:
        """Returns the characters of a text."""
        return list(text)

    def join(self, tokens: Iterable[str]) -> str:
        """Returns the text of characters."""
        return "".join(tokens)

    def get_config(self) -> dict:
        """Returns the arguments that make this vocabulary again."""
        unknown = {} if self.unknown is None else {"unknown": self.unknown}
        return {"characters": self.characters, **unknown}

    @property
    def _accepted(self):
        return f"`text` must consist of the characters {self.characters!r}"

    def _shown(self, missing):
        return repr("".join(missing))
