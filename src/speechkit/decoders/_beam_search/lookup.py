"""Steps through tries and n-grams, compiled."""

from speechkit.ops.runtime.compiling import compiled_inline

END_OF_WORD = 0


@compiled_inline
def find(first, symbols, node, symbol):
    """Returns the child of a node by its symbol, or −1."""
    low, high = first[node], first[node + 1]
    if low == high or symbol < symbols[low]:
        return -1
    # Symbols are different and in order: none lies further on than if all were there.
    guess = low + symbol - symbols[low]
    if guess < high:
        if symbols[guess] == symbol:
            return guess
        high = guess
    end = high
    while low < high:
        middle = (low + high) // 2
        if symbols[middle] < symbol:
            low = middle + 1
        else:
            high = middle
    return low if low < end and symbols[low] == symbol else -1


@compiled_inline
def score_word(language, state, word):
    """Returns the common logarithm of a word's probability, and the next state."""
    total = 0.0
    while state > 0:
        node = find(language.first, language.symbols, state, word)
        if node >= 0:
            return total + language.log_probs[node], language.states[node]
        total += language.backoffs[state]
        state = language.suffixes[state]
    return total + language.log_probs[1 + word], language.states[1 + word]


@compiled_inline
def spell(lexicon, node, classes, label, ends_word):
    """Returns the node of a trie after a label's characters; −1 is none."""
    if ends_word and node >= 0:
        node = find(lexicon.first, lexicon.symbols, node, END_OF_WORD)
    for place in range(classes.first[label], classes.first[label + 1]):
        if node < 0:
            break
        symbol = classes.characters[place]
        node = find(lexicon.first, lexicon.symbols, node, symbol)
    return node
