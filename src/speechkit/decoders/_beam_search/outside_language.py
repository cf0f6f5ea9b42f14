"""A language model that is no arrays: Python asks it for a word at a time."""

import math

import numpy as np

from speechkit.decoders._beam_search.arrays import (
    LENGTH,
    LEXICON,
    STATE,
    WORD_SCORE,
    WORD_STATE,
)
from speechkit.decoders.language_models.language_model import (
    END,
    UNKNOWN,
    LanguageModel,
)


class OutsideLanguage:
    """Scores the words of one clip where the search will look for their scores.

    A node of the tree remembers the score of the word that it ends with. Written there
    before the search wants it, the score keeps the search from asking the arrays of an
    n-gram model. Each word is asked for once in each context.
    """

    def __init__(self, model: LanguageModel, boundaries: bool):
        self._model = model
        self._boundaries = boundaries
        first = _checked_state(model.first_state(begin=boundaries), "first_state")
        self._states = [first]
        self._numbers = {first: 0}
        self._found: dict[tuple[int, str], tuple[float, int]] = {}

    def score_words(self, task, tree, beams):
        """Writes the score of the word that each beam ends with, and the next state."""
        nodes = beams.nodes[: beams.used[0]]
        missing = np.isnan(tree.numbers[nodes, WORD_SCORE])
        nodes = nodes[missing & (tree.integers[nodes, LENGTH] > 0)]
        places = tree.integers[nodes, LEXICON]
        words = np.where(places >= 0, task.words.values[places], -1)
        states = tree.integers[nodes, STATE]
        triples = zip(nodes.tolist(), words.tolist(), states.tolist(), strict=True)
        unknown, language = self._model.unknown, task.language
        for node, number, state in triples:
            if number < 0 and task.words.strict:
                continue  # the search knows that it is not allowed
            word = unknown if number < 0 else number
            text = UNKNOWN if word == unknown else self._model.words[word]
            log_prob, after = self._step(state, text)
            score = language.weight * log_prob + language.word_bonus
            tree.integers[node, WORD_STATE] = after
            tree.numbers[node, WORD_SCORE] = score + (
                language.unknown_score if word == unknown else 0.0
            )

    def end_scores(self, task, tree, nodes):
        """Returns what the end of the sentence adds after each of these prefixes."""
        if not self._boundaries:
            return np.zeros(len(nodes))
        rows = tree.integers[nodes]
        states = np.where(rows[:, LENGTH] > 0, rows[:, WORD_STATE], rows[:, STATE])
        log_probs = [self._step(state, END)[0] for state in states.tolist()]
        return task.language.weight * np.array(log_probs)

    def _step(self, state, word):
        """Returns the common logarithm of a word after a state, and the next state."""
        key = (state, word)
        if key not in self._found:
            log_prob, after = self._model.step(self._states[state], word)
            after = _checked_state(after, "step")
            if not log_prob < math.inf:
                raise ValueError(
                    "`LanguageModel.step` must return a logarithm below infinity, −inf "
                    f"for what is impossible. Received: {log_prob!r} for {word!r}"
                )
            number = self._numbers.setdefault(after, len(self._states))
            if number == len(self._states):
                self._states.append(after)
            self._found[key] = (log_prob, number)
        return self._found[key]


def _checked_state(state, method):
    """Returns the state of a language model after checking that it can be looked up."""
    try:
        hash(state)
    except TypeError:
        raise TypeError(
            f"`LanguageModel.{method}` must return a hashable state: a tuple, not a "
            f"list, for instance. Received: {state!r}"
        ) from None
    return state
