"""Hotwords found while a text grows, as by Aho and Corasick (1975), compiled."""

import numpy as np

from speechkit.decoders._beam_search.lookup import END_OF_WORD, find
from speechkit.ops.runtime.compiling import compiled_inline


@compiled_inline
def follow(hotwords, node, symbol):
    """Returns the node of the automaton after one more symbol; −1 is none."""
    while node >= 0:
        child = find(hotwords.first, hotwords.symbols, node, symbol)
        if child >= 0:
            return child
        node = hotwords.suffixes[node]
    return 0 if hotwords.anywhere or symbol == END_OF_WORD else -1


@compiled_inline
def hear(hotwords, node, classes, label, ends_word):
    """Returns the node of the automaton after a label, and what was won."""
    won = 0.0
    if ends_word:
        node = follow(hotwords, node, END_OF_WORD)
        won += hotwords.weights[node] if node >= 0 else 0.0
    for place in range(classes.first[label], classes.first[label + 1]):
        node = follow(hotwords, node, classes.characters[place])
        won += hotwords.weights[node] if node >= 0 else 0.0
    return node, won


@compiled_inline
def most_gain(hotwords, node, classes):
    """Returns the most that any label can add to a score."""
    if node < 0:
        # A label of several steps may begin a word, and a hotword with it.
        return hotwords.gains[0] if classes.longest > 1 else 0.0
    return hotwords.gains[node]


@compiled_inline
def gain_by(hotwords, node, classes, label):
    """Returns the most that a label can add to a score, what it is lent included."""
    if classes.longest > 1 or node < 0:
        return most_gain(hotwords, node, classes)
    symbol = END_OF_WORD
    if not classes.starts[label]:
        symbol = classes.characters[classes.first[label]]
    after = follow(hotwords, node, symbol)
    if after < 0:
        return 0.0
    gain = hotwords.weights[after] + hotwords.partials[after] - hotwords.partials[node]
    return max(gain, 0.0)


@compiled_inline
def link(hotwords, longest):
    """Fills in the suffixes of an automaton, and what depends on them."""
    weights, partials = hotwords.weights, hotwords.partials
    for node in range(len(hotwords.symbols)):
        for child in range(hotwords.first[node], hotwords.first[node + 1]):
            symbol = hotwords.symbols[child]
            if node > 0:
                suffix = follow(hotwords, hotwords.suffixes[node], symbol)
            else:
                suffix = 0 if hotwords.anywhere else -1
            hotwords.suffixes[child] = suffix
            if suffix >= 0:
                weights[child] += weights[suffix]
                partials[child] = max(partials[child], partials[suffix])
    most = np.max(weights) * longest + np.max(partials)
    for node in range(len(hotwords.symbols)):
        hotwords.gains[node] = most - partials[node]
        if longest == 1:
            hotwords.gains[node] = _gain_of(hotwords, node)


@compiled_inline
def _gain_of(hotwords, node):
    gain, start = 0.0, node
    while node >= 0:
        for child in range(hotwords.first[node], hotwords.first[node + 1]):
            won = hotwords.weights[child] + hotwords.partials[child]
            gain = max(gain, won - hotwords.partials[start])
        node = hotwords.suffixes[node]
    return gain
