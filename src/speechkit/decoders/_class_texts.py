"""The texts of the classes of a model, and how labels become text."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from speechkit.ops.ctc import dispatch as ctc

MARKER = "▁"  # begins a word where words are cut into pieces


@dataclasses.dataclass(frozen=True)
class ClassTexts:
    """The texts of the classes in their order.

    Attributes:
        texts: Text of each class; that of the blank is empty.
        blank: Class of the CTC blank, from 0.
        delimiter: Class of the text between words; −1 if there is none.
        vocabulary: Turns labels into text; `None` for plain texts.
    """

    texts: tuple[str, ...]
    blank: int
    delimiter: int
    vocabulary: Any = None

    @property
    def has_markers(self) -> bool:
        """Whether a marker begins each word."""
        return any(text.startswith(MARKER) for text in self.texts)

    @property
    def has_words(self) -> bool:
        """Whether words are more than single labels."""
        return self.delimiter >= 0 or self.has_markers

    def text_of(self, labels: Sequence[int]) -> str:
        """Returns the text of labels."""
        if self.vocabulary is not None:
            return self.vocabulary.decode(labels)
        text = "".join(
            " " if label == self.delimiter else self.texts[label] for label in labels
        )
        if self.has_markers:
            text = " ".join(text.replace(MARKER, " ").split())
        return text


def class_texts(
    vocabulary, blank_index: int | None, word_delimiter: str | None
) -> ClassTexts:
    """Returns the texts of the classes that a vocabulary or a list of texts describes.

    Raises:
        ValueError: If it is neither, the blank is no class of it, or two classes have
            the same text, or one has none.
    """
    if isinstance(vocabulary, Sequence):
        texts = _checked_list(vocabulary)
        blank_index = 0 if blank_index is None else blank_index
        blank = ctc.check_blank_index(blank_index, len(texts))
        texts[blank], source = "", None
    elif hasattr(vocabulary, "tokens") and hasattr(vocabulary, "blank_index"):
        blank, texts, source = vocabulary.blank_index, [*vocabulary.tokens], vocabulary
        given = blank if blank_index is None else blank_index
        if ctc.check_blank_index(given, len(texts) + 1) != blank:
            raise ValueError(
                f"`blank_index` must be {blank}, that of the vocabulary, or None. "
                f"Received: blank_index={blank_index!r}"
            )
        texts.insert(blank, "")
    else:
        raise ValueError(_refusal(vocabulary))
    _check_differ(texts, blank)
    delimiter = texts.index(word_delimiter) if word_delimiter in texts else -1
    return ClassTexts(tuple(texts), blank, delimiter, source)


def _checked_list(texts):
    is_texts = not isinstance(texts, str) and all(isinstance(x, str) for x in texts)
    if not is_texts or len(texts) < 2:
        raise ValueError(_refusal(texts))
    return list(texts)


def _refusal(vocabulary):
    return (
        "`vocabulary` must be a vocabulary of `speechkit.text` or a sequence of at "
        f"least two texts, one for each class. Received: vocabulary={vocabulary!r}"
    )


def _check_differ(texts, blank):
    first: dict[str, int] = {}
    for label, text in enumerate(texts):
        if label == blank:
            continue
        if not text:
            raise ValueError(
                "`vocabulary` must give each class but the blank a text. "
                f"Received: none for class {label}"
            )
        if text in first:
            raise ValueError(
                "`vocabulary` must give each class another text. "
                f"Received: {text!r} for the classes {first[text]} and {label}"
            )
        first[text] = label
