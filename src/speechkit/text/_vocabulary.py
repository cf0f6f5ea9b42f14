"""What the vocabularies share: labels from 1 up, and the blank before them."""

import abc
import functools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt


class Vocabulary(abc.ABC):
    """Numbers tokens from 1; a subclass has them, and says how texts consist of them.

    Label 0 is the CTC blank and belongs to no token. −1 pads and ends a sequence.
    """

    @property
    @abc.abstractmethod
    def tokens(self) -> Sequence[str]:
        """The tokens, from label 1 on."""

    @property
    def blank_index(self) -> int:
        """Class of the CTC blank, which is 0."""
        return 0

    @property
    def num_classes(self) -> int:
        """Number of classes, the blank included."""
        return 1 + len(self.tokens)

    @property
    def space_label(self) -> int | None:
        """Label of the space between words; `None` if there is none."""
        return self._labels.get(" ")

    @property
    def unknown_label(self) -> int | None:
        """Label of what is not in the vocabulary; `None` if that is an error."""
        unknown = getattr(self, "unknown", None)
        return None if unknown is None else self._labels[unknown]

    @abc.abstractmethod
    def split(self, text: str) -> list[str]:
        """Returns the tokens of a text, known or not."""

    @abc.abstractmethod
    def join(self, tokens: Iterable[str]) -> str:
        """Returns the text of tokens."""

    def encode(self, text: str) -> list[int]:
        """Returns the labels of a text.

        Raises:
            ValueError: If a token is not in the vocabulary, and nothing stands for
                such tokens.
        """
        tokens, unknown = self.split(text), self.unknown_label
        if unknown is not None:
            return [self._labels.get(token, unknown) for token in tokens]
        missing = sorted(set(tokens) - self._labels.keys())
        if missing:
            raise ValueError(
                f"{self._accepted}. Received: {self._shown(missing)} in {text!r}"
            )
        return [self._labels[token] for token in tokens]

    def decode(self, labels: Iterable[int]) -> str:
        """Returns the text of labels, up to the first −1.

        Raises:
            ValueError: If a label is the blank or beyond the last token.
        """
        tokens = []
        for label in map(int, labels):
            if label == -1:
                break
            if not 1 <= label < self.num_classes:
                raise ValueError(
                    f"`labels` must be from 1 to {self.num_classes - 1}, or -1 at the "
                    f"end. Received: {label}"
                )
            tokens.append(self.tokens[label - 1])
        return self.join(tokens)

    def encode_batch(self, texts: Sequence[str]) -> npt.NDArray[np.int32]:
        """Returns the labels of texts, `(batch, labels)`, padded with −1.

        Raises:
            ValueError: If a text has a token that is not in the vocabulary.
        """
        rows = [self.encode(text) for text in texts]
        labels = np.full((len(rows), max(map(len, rows), default=0)), -1, "int32")
        for row, filled in zip(labels, rows, strict=True):
            row[: len(filled)] = filled
        return labels

    def decode_batch(self, labels: Iterable[Iterable[int]]) -> list[str]:
        """Returns one text for each row of labels."""
        return [self.decode(row) for row in labels]

    @functools.cached_property
    def _labels(self):
        return {token: label for label, token in enumerate(self.tokens, start=1)}

    @property
    def _accepted(self):
        return "`text` must consist of tokens of the vocabulary"

    def _shown(self, missing):
        return ", ".join(map(repr, missing[:3]))


def check_tokens(name: str, tokens: Sequence[str]) -> tuple[str, ...]:
    """Returns tokens as a tuple.

    Raises:
        ValueError: If they are no texts, empty, or one comes twice.
    """
    if (
        isinstance(tokens, str)
        or not tokens
        or not all(isinstance(token, str) and token for token in tokens)
        or len(set(tokens)) < len(tokens)
    ):
        raise ValueError(
            f"`{name}` must be different texts, at least one, and none empty. "
            f"Received: {name}={str(tokens)[:60]}"
        )
    return tuple(tokens)


def check_unknown(unknown: str | None, tokens: Sequence[str]) -> None:
    """Raises unless `unknown` is one of the tokens.

    Raises:
        ValueError: If it is not.
    """
    if unknown is not None and unknown not in tokens:
        raise ValueError(
            "`unknown` must be a token of the vocabulary. "
            f"Received: unknown={unknown!r}"
        )
