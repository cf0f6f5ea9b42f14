"""Characters as labels."""

import dataclasses
from collections.abc import Iterable

import keras


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class CharacterVocabulary:
    """Turns texts into labels, one for each character, and back.

    Label 0 is the CTC blank and belongs to no character; the characters are labels 1,
    2, … in the order given.

    Attributes:
        characters: The characters, each once.

    Raises:
        ValueError: If `characters` is empty or has a character twice.

    Example:
        >>> vocabulary = CharacterVocabulary(" abc")
        >>> vocabulary.encode("a cab")
        [2, 1, 4, 2, 3]
    """

    characters: str

    def __post_init__(self):
        if not isinstance(self.characters, str) or not self.characters:
            raise ValueError(
                "`characters` must be a text of at least one character. "
                f"Received: characters={self.characters!r}"
            )
        if len(set(self.characters)) < len(self.characters):
            raise ValueError(
                "`characters` must hold each character once. "
                f"Received: characters={self.characters!r}"
            )

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> "CharacterVocabulary":
        """Returns the vocabulary of all characters of `texts`, in sorted order."""
        return cls("".join(sorted(set().union(*texts))))

    @property
    def blank_index(self) -> int:
        """Class of the CTC blank, which is 0."""
        return 0

    @property
    def num_classes(self) -> int:
        """Number of classes, the blank included."""
        return 1 + len(self.characters)

    @property
    def space_label(self) -> int | None:
        """Label of the space between words; `None` if there is none."""
        place = self.characters.find(" ")
        return None if place < 0 else 1 + place

    def encode(self, text: str) -> list[int]:
        """Returns the labels of `text`.

        Raises:
            ValueError: If a character is not in the vocabulary.
        """
        labels = {character: 1 + i for i, character in enumerate(self.characters)}
        unknown = sorted(set(text) - labels.keys())
        if unknown:
            raise ValueError(
                f"`text` must consist of the characters {self.characters!r}. "
                f"Received: {''.join(unknown)!r} in {text!r}"
            )
        return [labels[character] for character in text]

    def decode(self, labels: Iterable[int]) -> str:
        """Returns the text of `labels`, up to the first −1.

        Raises:
            ValueError: If a label is the blank or beyond the last character.
        """
        text = []
        for label in map(int, labels):
            if label == -1:
                break
            if not 1 <= label < self.num_classes:
                raise ValueError(
                    f"`labels` must be from 1 to {self.num_classes - 1}, or -1 at the "
                    f"end. Received: {label}"
                )
            text.append(self.characters[label - 1])
        return "".join(text)

    def get_config(self) -> dict:
        """Returns the arguments that make this vocabulary again."""
        return {"characters": self.characters}

    @classmethod
    def from_config(cls, config: dict) -> "CharacterVocabulary":
        """Returns the vocabulary that `get_config` described."""
        return cls(**config)
