"""Hotwords found while a text grows, as by Aho and Corasick (1975), compiled."""

from speechkit.decoders._beam_search.inputs import INSIDE, START
from speechkit.decoders._beam_search.lookup import END_OF_WORD, find
from speechkit.ops.runtime.compiling import compiled_inline


@compiled_inline
def follow(hotwords, node, symbol):
    """Returns the node of the automaton after one more symbol."""
    while node >= 0:
        child = find(hotwords.first, hotwords.symbols, node, symbol)
        if child >= 0:
            return child
        node = hotwords.suffixes[node]
    return START if symbol == END_OF_WORD else INSIDE


@compiled_inline
def hear(hotwords, node, classes, label, ends_word):
    """Returns the node of the automaton after a label, and what was won."""
    won = 0.0
    if ends_word:
        node = follow(hotwords, node, END_OF_WORD)
        won += hotwords.weights[node]
    for place in range(classes.first[label], classes.first[label + 1]):
        node = follow(hotwords, node, classes.characters[place])
        won += hotwords.weights[node]
    return node, won


@compiled_inline
def last_won(hotwords, node):
    """Returns what is won where a clip, and with it a word, ends."""
    return hotwords.weights[follow(hotwords, node, END_OF_WORD)]


@compiled_inline
def won_by(hotwords, classes, labels, final):
    """Returns the sum of the weights that labels win; `final` ends the last word."""
    node, won, length = START, 0.0, 0
    for label in labels:
        ends_word = classes.starts[label] and length > 0
        node, more = hear(hotwords, node, classes, label, ends_word)
        won += more
        length = 0 if ends_word else length
        length += classes.first[label + 1] - classes.first[label]
    if final and length > 0:
        won += last_won(hotwords, node)
    return won


@compiled_inline
def most_hoped(hotwords, node, classes, label):
    """Returns the most that a label can win, with what it gives hope of."""
    if classes.longest > 1:
        return hotwords.most + hotwords.reach
    symbol = END_OF_WORD
    if not classes.starts[label]:
        symbol = classes.characters[classes.first[label]]
    node = follow(hotwords, node, symbol)
    return max(hotwords.weights[node], 0.0) + hotwords.hopes[node]


@compiled_inline
def advances(hotwords, node, classes, label):
    """Returns whether a label may continue, begin or end a phrase."""
    if classes.starts[label]:
        return True
    for place in range(classes.first[label], classes.first[label + 1]):
        node = follow(hotwords, node, classes.characters[place])
    return node > START


@compiled_inline
def link(hotwords):
    """Fills in the suffixes of an automaton, and what depends on them."""
    weights, lent = hotwords.weights, hotwords.lent
    hopes, risks = hotwords.hopes, hotwords.risks
    for node in range(len(hotwords.symbols) - 1, 0, -1):
        for child in range(hotwords.first[node], hotwords.first[node + 1]):
            hopes[node] = max(hopes[node], hopes[child], weights[child])
            risks[node] = min(risks[node], risks[child], weights[child])
    risks[START] = risks[INSIDE] = 0.0
    hotwords.suffixes[START] = INSIDE
    hopes[START] = max(hopes[START], hopes[INSIDE])
    # A suffix is shorter, or as long and inside a word: it comes earlier.
    for node in range(INSIDE, len(hotwords.symbols)):
        for child in range(hotwords.first[node], hotwords.first[node + 1]):
            suffix = follow(hotwords, hotwords.suffixes[node], hotwords.symbols[child])
            hotwords.suffixes[child] = suffix
            weights[child] += weights[suffix]
            lent[child] = max(lent[child], lent[suffix])
            hopes[child] = max(hopes[child], hopes[suffix])
            risks[child] = min(risks[child], risks[suffix])
