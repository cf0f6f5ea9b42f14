"""N-grams as a trie with the links by which a score backs off."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from speechkit.decoders import _trie


class NGramTable(NamedTuple):
    """The n-grams of one order.

    Attributes:
        words: `(ngrams, order)` integers.
        log_probs: `(ngrams,)` common logarithms.
        backoffs: `(ngrams,)` common logarithms.
    """

    words: np.ndarray
    log_probs: np.ndarray
    backoffs: np.ndarray


class NGramTrie(NamedTuple):
    """One node for each n-gram; node 0 is the empty context, `1 + word` a unigram.

    Attributes:
        first: As in `Trie`.
        symbols: As in `Trie`; the last word of the n-gram.
        log_probs: Common logarithm of the probability of that word in its context.
        backoffs: What a score gains when this context does not hold the next word.
        suffixes: Node of the longest n-gram that ends like this one.
        states: Node of the context that the next word is looked up in.
    """

    first: np.ndarray
    symbols: np.ndarray
    log_probs: np.ndarray
    backoffs: np.ndarray
    suffixes: np.ndarray
    states: np.ndarray


class RepeatedError(ValueError):
    """Says which n-gram comes a second time.

    Args:
        order: Its length, which tells the table.
        place: Its row there.
    """

    def __init__(self, order: int, place: int):
        super().__init__(order, place)
        self.order, self.place = order, place

    def __str__(self) -> str:
        return (
            "`tables` must have each n-gram once. "
            f"Received: row {self.place} of the {self.order}-grams again"
        )


def build(tables: Sequence[NGramTable]) -> NGramTrie:
    """Returns the trie of the n-grams.

    A context that has no n-gram of its own gets one, with the probability to which it
    would back off, so no score changes.

    Raises:
        RepeatedError: If an n-gram comes twice.
    """
    trie, ends = _trie.build(_padded([table.words for table in tables]))
    if np.bincount(ends).max(initial=0) > 1:
        raise _repeated(ends, [len(table.words) for table in tables])
    log_probs = np.full(len(trie.symbols), np.nan, "float32")
    backoffs = np.zeros(len(trie.symbols), "float32")
    log_probs[ends] = np.concatenate([table.log_probs for table in tables])
    backoffs[ends] = np.concatenate([table.backoffs for table in tables])
    log_probs[0] = 0
    suffixes = _link(trie, log_probs, backoffs)
    states = _states(trie, backoffs, suffixes, len(tables))
    return NGramTrie(*trie, log_probs, backoffs, suffixes, states)


def score(trie: NGramTrie, state: int, word: int) -> tuple[float, int]:
    """Returns the common logarithm of a word's probability, and the next state."""
    total = 0.0
    node = _trie.child(_shape(trie), state, word)
    while node < 0:
        total += float(trie.backoffs[state])
        state = int(trie.suffixes[state])
        node = _trie.child(_shape(trie), state, word)
    return total + float(trie.log_probs[node]), int(trie.states[node])


def tables(trie: NGramTrie) -> list[NGramTable]:
    """Returns the n-grams by order, those that `build` added among them."""
    parents = _trie.parents(_shape(trie))
    nodes = np.arange(trie.first[0], trie.first[1])
    words = trie.symbols[nodes][:, None]
    result = []
    while len(nodes):
        result.append(NGramTable(words, trie.log_probs[nodes], trie.backoffs[nodes]))
        begin, end = trie.first[nodes[0]], trie.first[nodes[-1] + 1]
        rows = parents[begin:end] - nodes[0]
        nodes = np.arange(begin, end)
        words = np.column_stack([words[rows], trie.symbols[nodes]])
    return result


def _shape(trie):
    return _trie.Trie(trie.first, trie.symbols)


def _repeated(ends, lengths):
    _, firsts = np.unique(ends, return_index=True)
    place = int(np.setdiff1d(np.arange(len(ends)), firsts)[0])
    order = int(np.searchsorted(np.cumsum(lengths), place, side="right"))
    return RepeatedError(order + 1, place - sum(lengths[:order]))


def _padded(matrices):
    width = matrices[-1].shape[1]
    return np.concatenate(
        [
            np.pad(matrix, [(0, 0), (0, width - matrix.shape[1])], constant_values=-1)
            for matrix in matrices
        ]
    )


def _link(trie, log_probs, backoffs):
    """Returns the suffixes, and fills in the probabilities of added contexts."""
    parents = _trie.parents(trie)
    suffixes = np.zeros(len(trie.symbols), "int32")
    nodes = np.arange(trie.first[1], trie.first[trie.first[1]])
    while len(nodes):
        dropped = parents[nodes]
        gained = np.zeros(len(nodes))
        found = np.full(len(nodes), -1)
        while (lost := found < 0).any():
            gained[lost] += backoffs[dropped[lost]]
            dropped[lost] = suffixes[dropped[lost]]
            found[lost] = _trie.children(trie, dropped[lost], trie.symbols[nodes[lost]])
        suffixes[nodes] = found
        added = np.isnan(log_probs[nodes])
        log_probs[nodes[added]] = gained[added] + log_probs[found[added]]
        nodes = np.arange(trie.first[nodes[0]], trie.first[nodes[-1] + 1])
    return suffixes


def _states(trie, backoffs, suffixes, order):
    """Returns for each node the longest suffix that a next word can depend on."""
    useful = (np.diff(trie.first) > 0) | (backoffs != 0)
    useful[0] = True
    states = np.arange(len(suffixes), dtype="int32")
    for _ in range(order):
        states = np.where(useful[states], states, suffixes[states])
    return states
