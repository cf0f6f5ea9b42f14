"""What a beam search is given, as arrays that compile."""

from typing import NamedTuple

import numpy as np

from speechkit.decoders._trie import Trie

# What the language model reads.
NOTHING, WORDS, LABELS = range(3)
# Nodes of the automaton of hotwords.
INSIDE, START = 1, 2


class Classes(NamedTuple):
    """What each class of the logits is.

    Attributes:
        blank: The CTC blank.
        delimiter: Class between two words; −1 if there is none.
        starts: `(classes,)`: whether a class begins a word, or is the delimiter.
        first: `(classes + 1,)`: where the characters of each class begin.
        characters: The characters of all classes, one after the other, from 1 up.
        longest: How many steps of an automaton a class takes at most: one for each
            character, and one for the end of the word before.
    """

    blank: int
    delimiter: int
    starts: np.ndarray
    first: np.ndarray
    characters: np.ndarray
    longest: int


class Limits(NamedTuple):
    """How wide the search is; see `CTCBeamSearchDecoder`."""

    beam_width: int
    beam_threshold: float
    token_threshold: float
    max_tokens: int


class Language(NamedTuple):
    """A language model and its weights.

    Attributes:
        unit: `NOTHING`, `WORDS` or `LABELS`.
        weight: Weight of a common logarithm, to give a natural one.
        word_bonus: Added for each word.
        unknown_score: Added for each unknown word.
        first_state: State before the first word.
        end_word: The end of a sentence; −1 if it is not scored.
        unknown_word: What stands for all unknown words.
        label_words: `(classes,)`: the word that each class is, for `LABELS`.
        first: As in `NGramTrie`, like those that follow.
    """

    unit: int
    weight: float
    word_bonus: float
    unknown_score: float
    first_state: int
    end_word: int
    unknown_word: int
    label_words: np.ndarray
    first: np.ndarray
    symbols: np.ndarray
    log_probs: np.ndarray
    backoffs: np.ndarray
    suffixes: np.ndarray
    states: np.ndarray


class Lexicon(NamedTuple):
    """Words, or whole phrases, as a trie of characters; 0 is the end of a word.

    Attributes:
        strict: Whether nothing else is allowed.
        first: As in `Trie`.
        symbols: As in `Trie`.
        values: `(nodes,)`: the word that ends here for the language model; −1 if none.
    """

    strict: bool
    first: np.ndarray
    symbols: np.ndarray
    values: np.ndarray


class Hotwords(NamedTuple):
    """Phrases as an automaton of characters; 0 is the end of a word.

    A search begins at the node `START`, and comes to the node `INSIDE` within a word
    that begins no phrase. Below `INSIDE` are the phrases that need not begin or end
    with a word.

    Attributes:
        first: As in `Trie`.
        symbols: As in `Trie`.
        suffixes: Longest other node that a node ends with; −1 if none.
        weights: What is won on reaching a node.
        lent: Share of a weight that is lent while the phrase is not yet whole.
        hopes: The most that the rest of a phrase may yet win, at least 0.
        risks: The most that it may yet lose, at most 0.
        labels: Classes with a character of a phrase, and those that end a word.
        most: The most that one label can win.
        reach: The largest absolute weight; 0 without hotwords.
    """

    first: np.ndarray
    symbols: np.ndarray
    suffixes: np.ndarray
    weights: np.ndarray
    lent: np.ndarray
    hopes: np.ndarray
    risks: np.ndarray
    labels: np.ndarray
    most: float
    reach: float


class Task(NamedTuple):
    """All that does not change during a search."""

    classes: Classes
    limits: Limits
    language: Language
    words: Lexicon
    phrases: Lexicon
    hotwords: Hotwords


def no_lexicon() -> Lexicon:
    """Returns a lexicon that allows everything and knows nothing."""
    trie = empty_trie()
    return Lexicon(False, *trie, np.full(1, -1, "int32"))


def empty_trie() -> Trie:
    """Returns a trie of the empty sequence alone."""
    return Trie(np.ones(2, "int32"), np.full(1, -1, "int32"))
