"""The base class of vocabularies: labels from 1 up, and the blank before them."""

import abc
import functools
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from speechkit.text._token_checks import check_different, check_unknown


class Vocabulary(abc.ABC):
    """Numbers tokens from 1; a base class for vocabularies of your own.

    A subclass has the `tokens`, says how a text is split into them and joined from
    them, and returns its arguments in `get_config`. Registered with Keras, it is saved
    with models and files like the vocabularies of the library. Its tokens must be
    different and must not change.

    Label 0 is the CTC blank and belongs to no token. −1 pads and ends a sequence.

    Attributes:
        unknown: Token that stands for all that are not in the vocabulary. `None`, the
            default, makes these an error.

    Example:
        >>> class Letters(Vocabulary):
        ...     tokens = "abc"
        ...     def split(self, text): return list(text)
        ...     def join(self, tokens): return "".join(tokens)
        ...     def get_config(self): return {}
        >>> Letters().encode("cab")
        [3, 1, 2]
    """

    unknown: str | None = None

    @property
    @abc.abstractmethod
    def tokens(self) -> Sequence[str]:
        """The tokens, from label 1 on."""

    @abc.abstractmethod
    def split(self, text: str) -> list[str]:
        """Returns the tokens of a text, known or not."""

    @abc.abstractmethod
    def join(self, tokens: Iterable[str]) -> str:
        """Returns the text of tokens."""

    @abc.abstractmethod
    def get_config(self) -> dict:
        """Returns the arguments that make this vocabulary again."""

    @classmethod
    def from_config(cls, config: dict) -> Self:
        """Returns the vocabulary that `get_config` described."""
        return cls(**config)

    @property
    def blank_index(self) -> int:
        """Class of the CTC blank, which is 0."""
        return 0

    @property
    def num_classes(self) -> int:
        """Number of classes, the blank included."""
        return 1 + len(self._labels)

    @property
    def space_label(self) -> int | None:
        """Label of the space between words; `None` if there is none."""
        return self._labels.get(" ")

    @property
    def unknown_label(self) -> int | None:
        """Label of tokens not in the vocabulary; `None` if those are an error.

        Raises:
            ValueError: If `unknown` is not one of the tokens.
        """
        check_unknown(self.unknown, self._labels)
        return None if self.unknown is None else self._labels[self.unknown]

    def encode(self, text: str) -> list[int]:
        """Returns the labels of a text.

        Raises:
            ValueError: If a token is not in the vocabulary, and nothing stands for
                such tokens, or `unknown` is not one of the tokens.
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
        found, tokens = [], self.tokens
        for label in map(int, labels):
            if label == -1:
                break
            if not 1 <= label < self.num_classes:
                raise ValueError(
                    f"`labels` must be from 1 to {self.num_classes - 1}, or -1 at the "
                    f"end. Received: {label}"
                )
            found.append(tokens[label - 1])
        return self.join(found)

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
        check_different("tokens", self.tokens)
        return {token: label for label, token in enumerate(self.tokens, start=1)}

    @property
    def _accepted(self):
        return "`text` must consist of tokens of the vocabulary"

    def _shown(self, missing):
        return ", ".join(map(repr, missing[:3]))


def check_vocabulary(vocabulary: Vocabulary) -> Vocabulary:
    """Returns `vocabulary`; raises `ValueError` unless it is one."""
    if not isinstance(vocabulary, Vocabulary):
        raise ValueError(
            "`vocabulary` must be a vocabulary of `speechkit.text`. "
            f"Received: vocabulary={vocabulary!r}"
        )
    return vocabulary
