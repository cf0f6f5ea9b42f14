"""What a user asks of a beam search, as the arrays that it works on."""

import math
import warnings
from collections.abc import Iterable, Mapping

import numpy as np

from speechkit.decoders import _trie
from speechkit.decoders._beam_search.alphabet import Alphabet
from speechkit.decoders._beam_search.inputs import (
    LABELS,
    NOTHING,
    WORDS,
    Hotwords,
    Language,
    Lexicon,
    empty_trie,
    no_lexicon,
)
from speechkit.decoders._class_texts import MARKER
from speechkit.decoders.language_models.language_model import BEGIN, END, UNKNOWN
from speechkit.decoders.language_models.ngram_language_model import (
    SPACE,
    NGramLanguageModel,
)
from speechkit.decoders.language_models.shallow_fusion import ShallowFusion
from speechkit.text import _spelling


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
    if fusion.unit == "label":
        _check_labels(model, texts)
    return Language(
        WORDS if fusion.unit == "word" else LABELS,
        *weights,
        model.first_state(begin=fusion.boundaries),
        model.index[END] if fusion.boundaries else -1,
        model.unknown,
        np.array(label_words, "int32"),
        *model.trie,
    )


def _check_labels(model, texts):
    """Raises if the model knows none of the labels but the space."""
    labels = [text for text in texts if text not in ("", SPACE)]
    if labels and not any(text in model.index for text in labels):
        raise ValueError(
            "`fusion` must have a model whose words are the texts of the classes. "
            f"Received: words such as {model.words[:5]} for classes such as "
            f"{labels[:5]}"
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
    _check_words(listed, alphabet)
    numbers = [model.index[word] for word in listed]
    return _lexicon(listed, numbers, False, alphabet)


def _check_words(words, alphabet):
    """Raises if a language model is of other letters; warns of words that are."""
    _, known = alphabet.spell(words)
    unspelled = sorted({*words} - {words[place] for place in known})
    if not unspelled:
        return
    shown = _spelling.described(unspelled[:3], alphabet.spells_word, alphabet.lacks)
    counts = f"{len(unspelled)} of the {len(words)} words"
    alike = [_spelling.spelled_variant(x, alphabet.spells_word) for x in unspelled]
    if not known.size or sum(map(bool, alike)) > len(words) / 2:
        raise ValueError(
            "`fusion` must have a model of words that the classes can spell. "
            f"Received: {counts} cannot be spelled, such as {shown}"
        )
    warnings.warn(
        f"The classes cannot spell {counts} of the language model, such as {shown}. "
        "These words are never found.",
        stacklevel=5,
    )


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
    listed = alphabet.phrases(weights)
    inside = [
        not alphabet.has_words or _spelling.is_unspaced(phrase) for phrase in listed
    ]
    ended = [x if y else f"{x} " for x, y in zip(listed, inside, strict=True)]
    spelled, known = alphabet.spell(ended)
    own = np.array([*weights.values()], "float64")[known]
    # The first symbol, which no class has, leads to the nodes `INSIDE` and `START`.
    marks = len(alphabet) + np.where(np.array(inside, "bool")[known], 1, 2)
    rows = np.insert(spelled, 0, marks, axis=1)
    both = np.full((2, rows.shape[1]), -1)
    both[:, 0] = len(alphabet) + 1, len(alphabet) + 2
    trie, ends = _trie.build(np.concatenate([both, rows]))
    ends = ends[2:]
    won, lent = np.zeros(len(trie.symbols)), np.zeros(len(trie.symbols))
    won[ends] = own
    lengths = (rows >= 0).sum(axis=1)
    nodes, parents = ends, _trie.parents(trie)
    for depth in range(rows.shape[1] - 1, 1, -1):
        nodes = np.where(lengths > depth, parents[nodes], nodes)
        longer = lengths > depth
        shares = own[longer] * (depth - 1) / (lengths[longer] - 1)
        np.maximum.at(lent, nodes[longer], shares)
    classes = alphabet.classes()
    return Hotwords(
        *trie,
        np.full(len(trie.symbols), -1, "int32"),
        won,
        lent,
        np.zeros_like(lent),
        np.zeros_like(lent),
        _labels_of(classes, trie.symbols),
        float(np.maximum(own, 0).sum() * classes.longest),
        float(np.abs(own).max(initial=0)),
    )


def _labels_of(classes, symbols):
    """Returns the classes that have one of these characters, or end a word."""
    numbers = np.repeat(np.arange(len(classes.starts)), np.diff(classes.first))
    having = numbers[np.isin(classes.characters, symbols)]
    return np.union1d(having, np.flatnonzero(classes.starts)).astype("int32")
