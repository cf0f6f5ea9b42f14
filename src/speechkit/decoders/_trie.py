"""Tries as arrays: sequences of symbols that share what they begin with."""

from typing import NamedTuple

import numpy as np


class Trie(NamedTuple):
    """Nodes by depth; node 0 is the empty sequence.

    Attributes:
        first: `(nodes + 1,)`: the children of node `n` are `first[n]` up to, without
            it, `first[n + 1]`, in the order of their symbols.
        symbols: `(nodes,)`: the last symbol of each node; −1 for node 0.
    """

    first: np.ndarray
    symbols: np.ndarray


def build(sequences: np.ndarray) -> tuple[Trie, np.ndarray]:
    """Returns the trie of sequences, and the node at which each of them ends.

    Args:
        sequences: `(sequences, symbols)` integers, −1 after the last symbol.
    """
    span = int(sequences.max(initial=0)) + 1
    ends = np.zeros(len(sequences), "int64")
    parents, symbols, nodes = [np.array([-1])], [np.array([-1])], 1
    for column in sequences.T:
        alive = column >= 0
        keys, places = np.unique(
            ends[alive] * span + column[alive], return_inverse=True
        )
        ends[alive] = nodes + places.reshape(-1)
        parents.append(keys // span)
        symbols.append(keys % span)
        nodes += len(keys)
    first = np.searchsorted(np.concatenate(parents), np.arange(nodes + 1))
    return Trie(first.astype("int32"), np.concatenate(symbols).astype("int32")), ends


def parents(trie: Trie) -> np.ndarray:
    """Returns the parent of each node; −1 for node 0."""
    counts = np.diff(trie.first)
    return np.concatenate([[-1], np.repeat(np.arange(len(counts)), counts)])


def children(trie: Trie, nodes: np.ndarray, symbols: np.ndarray) -> np.ndarray:
    """Returns the child of each node by its symbol, or −1 where there is none."""
    span = max(int(trie.symbols.max()), int(symbols.max(initial=0))) + 1
    keys = parents(trie) * span + trie.symbols
    wanted = nodes.astype("int64") * span + symbols
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, places, -1)


def child(trie: Trie, node: int, symbol: int) -> int:
    """Returns the child of one node by its symbol, or −1 if there is none."""
    begin, end = trie.first[node], trie.first[node + 1]
    place = begin + int(np.searchsorted(trie.symbols[begin:end], symbol))
    return int(place) if place < end and trie.symbols[place] == symbol else -1
