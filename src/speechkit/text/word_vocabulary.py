"""Words as labels."""

import collections
import dataclasses
from collections.abc import Iterable, Sequence

import keras

from speechkit import _checks
from speechkit.text import splitting
from speechkit.text._token_checks import check_tokens, check_unknown
from speechkit.text.vocabulary import Vocabulary


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class WordVocabulary(Vocabulary):
    """Turns texts into labels, one for each word between white space, and back.

    Label 0 is the CTC blank and belongs to no word; the words are labels 1, 2, … in
    the order given. A text that was decoded has single spaces.

    Attributes:
        words: The words, each once.
        unknown: Which of them stands for all others. `None` makes others an error.

    Raises:
        ValueError: If `words` is empty, has a word twice or one with white space, or
            `unknown` is none of them.

    Example:
        >>> vocabulary = WordVocabulary(("<unk>", "left", "turn"), unknown="<unk>")
        >>> vocabulary.encode("turn right")
        [3, 1]
    """

    words: Sequence[str]
    unknown: str | None = None

    def __post_init__(self):
        words = check_tokens("words", self.words)
        split = [word for word in words if word.split() != [word]]
        if split:
            raise ValueError(
                "`words` must be without white space. "
                f"Received: {split[0]!r} among them"
            )
        check_unknown(self.unknown, words)
        object.__setattr__(self, "words", words)

    @classmethod
    def from_texts(
        cls, texts: Iterable[str], min_count: int = 1, *, unknown: str | None = None
    ) -> "WordVocabulary":
        """Returns the vocabulary of the words of `texts`, in sorted order.

        Args:
            texts: Where the words are.
            min_count: How often a word must come.
            unknown: Word that stands for all others; it is the first.
        """
        _checks.check_int("min_count", min_count)
        if unknown is not None:
            _checks.check_text("unknown", unknown)
        counts = collections.Counter(word for text in texts for word in text.split())
        words = {word for word, count in counts.items() if count >= min_count}
        first = [] if unknown is None else [unknown]
        return cls((*first, *sorted(words.difference(first))), unknown)

    @property
    def tokens(self) -> Sequence[str]:
        """The words."""
        return self.words

    def split(self, text: str) -> list[str]:
        """Returns the words of a text."""
        return splitting.split_words(text)

    def join(self, tokens: Iterable[str]) -> str:
        """Returns the text of words."""
        return " ".join(tokens)

    def get_config(self) -> dict:
        """Returns the arguments that make this vocabulary again."""
        return {"words": list(self.words), "unknown": self.unknown}
