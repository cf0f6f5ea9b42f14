"""What a user asks of a beam search, as the arrays that it works on."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from speechkit.decoders import _trie
from speechkit.decoders._beam_search.inputs import (
    LABELS,
    NOTHING,
    WORDS,
    Classes,
    Hotwords,
    Language,
    Lexicon,
    empty_trie,
    no_lexicon,
)
from speechkit.decoders._class_texts import MARKER, ClassTexts
from speechkit.decoders.language_models.language_model import BEGIN, END, UNKNOWN
from speechkit.decoders.language_models.ngram_language_model import (
    SPACE,
    NGramLanguageModel,
)
from speechkit.decoders.language_models.shallow_fusion import ShallowFusion


class Alphabet:
    """The characters of the classes as numbers from 1 up; 0 is the end of a word.

    Args:
        class_texts: The texts of the classes.
    """

    def __init__(self, class_texts: ClassTexts):
        self.texts = class_texts.texts
        self.delimiter = class_texts.delimiter
        self.has_words = class_texts.has_words
        self._blank = class_texts.blank
        self._spellings = [text.removeprefix(MARKER) for text in self.texts]
        if self.delimiter >= 0:
            self._spellings[self.delimiter] = ""
        characters = sorted(set("".join(self._spellings)))
        self._codes = np.array([ord(character) for character in characters], "uint32")

    def classes(self) -> Classes:
        """Returns the classes as arrays."""
        lengths = [len(spelling) for spelling in self._spellings]
        starts = np.array([text.startswith(MARKER) for text in self.texts])
        starts[self.delimiter] |= self.delimiter >= 0
        return Classes(
            self._blank,
            self.delimiter,
            starts,
            np.cumsum([0, *lengths]).astype("int32"),
            self._numbers("".join(self._spellings)).astype("int32"),
            max(starts + np.array(lengths)),
        )

    def spell(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Returns the words that can be spelled, as numbers padded with −1, and which.

        Spaces within become the end of a word.
        """
        lengths = np.array([len(word) for word in words], "int64")
        rows = np.repeat(np.arange(len(words)), lengths)
        columns = np.arange(len(rows)) - np.repeat(
            np.cumsum(lengths) - lengths, lengths
        )
        matrix = np.full((len(words), int(lengths.max(initial=0))), -1, "int64")
        matrix[rows, columns] = self._numbers("".join(words))
        known = (matrix != -2).all(axis=1) & (lengths > 0)
        return matrix[known], np.flatnonzero(known)

    def phrases(self, phrases: Iterable[str]) -> list[str]:
        """Returns phrases with single spaces, or without any if there are no words."""
        return [(" " if self.has_words else "").join(p.split()) for p in phrases]

    def _numbers(self, text):
        codes = np.frombuffer(text.encode("utf-32-le"), "uint32")
        places = np.searchsorted(self._codes, codes)
        found = self._codes[np.minimum(places, len(self._codes) - 1)] == codes
        return np.where(codes == ord(" "), 0, np.where(found, places + 1, -2))


def language(fusion: ShallowFusion | None, alphabet: Alphabet) -> Language:
    """Returns the language model as arrays."""
    if fusion is None:
        return _outside(NOTHING, 0.0, 0.0, 0.0)
    if fusion.unit == "word" and not alphabet.has_words:
        raise ValueError(
            "`fusion` must be of the unit 'label' where no class is the word delimiter "
            f"or begins with {MARKER}. Received: unit={fusion.unit!r}"
        )
    weights = (
        float(fusion.weight * math.log(10)),
        float(fusion.word_bonus),
        float(fusion.unknown_score),
    )
    model = fusion.model
    if not isinstance(model, NGramLanguageModel):
        return _outside(WORDS, *weights)
    spaced = {" ": SPACE, MARKER: SPACE}
    texts = [spaced.get(text, text) for text in alphabet.texts]
    if alphabet.delimiter >= 0:
        texts[alphabet.delimiter] = SPACE
    label_words = [model.index.get(text, model.unknown) for text in texts]
    return Language(
        WORDS if fusion.unit == "word" else LABELS,
        *weights,
        model.first_state(begin=fusion.boundaries),
        model.index[END] if fusion.boundaries else -1,
        model.unknown,
        np.array(label_words, "int32"),
        *model.trie,
    )


def _outside(unit, weight, word_bonus, unknown_score):
    """Returns a language model without n-grams: none, or one that Python asks."""
    none, integers, trie = np.zeros(1, "f"), np.zeros(1, "int32"), empty_trie()
    return Language(
        unit,
        weight,
        word_bonus,
        unknown_score,
        first_state=0,
        end_word=-1,
        unknown_word=0,
        label_words=integers,
        first=trie.first,
        symbols=trie.symbols,
        log_probs=none,
        backoffs=none,
        suffixes=integers,
        states=integers,
    )


def lexicon(
    words: Iterable[str] | None, fusion: ShallowFusion | None, alphabet: Alphabet
) -> Lexicon:
    """Returns the words that are allowed, or those that the language model knows."""
    model = fusion.model if fusion is not None and fusion.unit == "word" else None
    if words is not None:
        listed = list(dict.fromkeys(words))
        if model is None:
            return _lexicon(listed, [0] * len(listed), True, alphabet)
        numbers = [model.index.get(word, model.unknown) for word in listed]
        return _lexicon(listed, numbers, True, alphabet)
    if model is None:
        return no_lexicon()
    special = {BEGIN, END, UNKNOWN, "<UNK>"}
    listed = [word for word in model.words if word not in special]
    numbers = [model.index[word] for word in listed]
    return _lexicon(listed, numbers, False, alphabet)


def phrases(allowed: Iterable[str] | None, alphabet: Alphabet) -> Lexicon:
    """Returns the phrases that are allowed as arrays."""
    if allowed is None:
        return no_lexicon()
    listed = alphabet.phrases(allowed)
    if alphabet.has_words:
        # A clip may end with a delimiter.
        listed += [f"{phrase} " for phrase in listed]
    return _lexicon(listed, [0] * len(listed), True, alphabet)


def _lexicon(words, numbers, strict, alphabet):
    spelled, known = alphabet.spell(words)
    trie, ends = _trie.build(spelled)
    values = np.full(len(trie.symbols), -1, "int32")
    values[ends] = np.array(numbers, "int32")[known]
    return Lexicon(strict, *trie, values)


def hotwords(weights: Mapping[str, float], alphabet: Alphabet) -> Hotwords:
    """Returns the automaton of the hotwords, but for what links its nodes."""
    end = " " if alphabet.has_words else ""
    listed = [phrase + end for phrase in alphabet.phrases(weights)]
    spelled, known = alphabet.spell(listed)
    trie, ends = _trie.build(spelled)
    own, partials = np.zeros(len(trie.symbols)), np.zeros(len(trie.symbols))
    own[ends] = np.array([*weights.values()], "float64")[known]
    lengths = (spelled >= 0).sum(axis=1)
    nodes, parents = ends, _trie.parents(trie)
    for depth in range(spelled.shape[1] - 1, 0, -1):
        nodes = np.where(lengths > depth, parents[nodes], nodes)
        inside = lengths > depth
        lent = own[ends] * depth / lengths
        np.maximum.at(partials, nodes[inside], lent[inside])
    suffixes = np.full(len(trie.symbols), -1, "int32")
    return Hotwords(
        not alphabet.has_words, *trie, suffixes, own, partials, np.zeros_like(own)
    )
