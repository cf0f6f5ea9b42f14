"""What a decoder may ask about words."""

import abc
import functools
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

BEGIN, END, UNKNOWN = "<s>", "</s>", "<unk>"


class LanguageModel(abc.ABC):
    """Gives each word of a sentence a probability after the words before it.

    A subclass lists its words, has the state before the first word, and scores one
    word after another. `ShallowFusion` hands it to a beam search, which asks for each
    word in each context once.
    """

    words: Sequence[str]
    """The words that the model knows; `<s>`, `</s>` and `<unk>` may be among them."""

    @abc.abstractmethod
    def first_state(self, *, begin: bool = True) -> Hashable:
        """Returns the state before the first word.

        Args:
            begin: Whether a sentence begins here: the state after `<s>`. Otherwise
                nothing is known of what came before.
        """

    @abc.abstractmethod
    def step(self, state: Any, word: str) -> tuple[float, Hashable]:
        """Returns the common logarithm (base 10) of a word, and the next state.

        The logarithm is −inf for an impossible word. A beam search raises an error if
        it is NaN or +inf, or if the state is not hashable.

        Args:
            state: What `first_state` or the step before returned. Equal states must
                give equal probabilities.
            word: One of `words`; `</s>` for the end of the sentence, or `<unk>` for a
                word that the model does not know.
        """

    @functools.cached_property
    def index(self) -> dict[str, int]:
        """Number of each word."""
        return {word: number for number, word in enumerate(self.words)}

    @functools.cached_property
    def unknown(self) -> int:
        """Number of the unknown word; one more than the last if none stands for it."""
        return self.index.get(UNKNOWN, len(self.words))

    def score(
        self, sentence: str | Sequence[str], *, begin: bool = True, end: bool = True
    ) -> float:
        """Returns the common logarithm of the probability of a sentence.

        Args:
            sentence: Words between spaces, or a sequence of words.
            begin: Whether the sentence begins with the first word.
            end: Whether it ends with the last word.
        """
        return sum(self.word_scores(sentence, begin=begin, end=end))

    def word_scores(
        self, sentence: str | Sequence[str], *, begin: bool = True, end: bool = True
    ) -> list[float]:
        """Returns the common logarithm of each word; with `end`, that of the end too.

        Args:
            sentence: Words between spaces, or a sequence of words.
            begin: Whether the sentence begins with the first word.
            end: Whether it ends with the last word.
        """
        words = sentence.split() if isinstance(sentence, str) else sentence
        state, scores = self.first_state(begin=begin), []
        for word in [*words, END] if end else words:
            log_prob, state = self.step(state, word)
            scores.append(log_prob)
        return scores

    def perplexity(self, sentences: Iterable[str | Sequence[str]]) -> float:
        """Returns the perplexity of sentences, the end of each counted as a word."""
        scores = [score for s in sentences for score in self.word_scores(s)]
        return float(10 ** -np.mean(scores))
