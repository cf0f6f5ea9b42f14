"""What the language models share: sentences scored word by word."""

import abc
from collections.abc import Iterable, Sequence

import numpy as np

BEGIN, END = "<s>", "</s>"


class LanguageModel(abc.ABC):
    """Scores sentences; a subclass has the context of a first word, and scores one."""

    @abc.abstractmethod
    def first_state(self, *, begin: bool = True):
        """Returns the context of a first word: `<s>`, or without `begin` nothing."""

    @abc.abstractmethod
    def step(self, state, word: str):
        """Returns the common logarithm of a word after a context, and the next one."""

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
