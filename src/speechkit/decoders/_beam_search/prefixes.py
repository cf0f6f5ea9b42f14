"""What one more label makes of a prefix: words, phrases, hotwords, language scores."""

import math

from speechkit.decoders._beam_search.arrays import (
    BONUS,
    CHILD,
    HOTWORD,
    LABEL,
    LANGUAGE,
    LENGTH,
    LEXICON,
    PARENT,
    PENDING,
    PHRASE,
    PLACE,
    SIBLING,
    STATE,
    WORD_SCORE,
    WORD_STATE,
)
from speechkit.decoders._beam_search.hotwords import hear, last_won
from speechkit.decoders._beam_search.inputs import LABELS, WORDS
from speechkit.decoders._beam_search.lookup import score_word, spell
from speechkit.ops.runtime.compiling import compiled_inline


@compiled_inline
def finish_word(task, tree, node):
    """Returns the score of the word that a prefix ends with, and the next state."""
    integers, numbers = tree.integers[node], tree.numbers[node]
    if not math.isnan(numbers[WORD_SCORE]):
        return numbers[WORD_SCORE], integers[WORD_STATE]
    language, place = task.language, integers[LEXICON]
    word = task.words.values[place] if place >= 0 else -1
    score, state = 0.0, integers[STATE]
    if task.words.strict and word < 0:
        score = -math.inf
    elif language.unit == WORDS:
        word = language.unknown_word if word < 0 else word
        log_prob, state = score_word(language, state, word)
        score = language.weight * log_prob + language.word_bonus
        if word == language.unknown_word:
            score += language.unknown_score
    numbers[WORD_SCORE] = score
    integers[WORD_STATE] = state
    return score, state


@compiled_inline
def extend(task, tree, node, label, integers, numbers):
    """Writes the row of a longer prefix; returns what is added to its score."""
    classes, before = task.classes, tree.integers[node]
    language_score = tree.numbers[node, LANGUAGE]
    state, place, length = before[STATE], before[LEXICON], before[LENGTH]
    ends_word = classes.starts[label] and length > 0
    if ends_word:
        score, state = finish_word(task, tree, node)
        if score == -math.inf:
            return score
        language_score += score
        place, length = 0, 0
    if task.language.unit == LABELS:
        word = task.language.label_words[label]
        log_prob, state = score_word(task.language, state, word)
        language_score += task.language.weight * log_prob + task.language.word_bonus
    place = spell(task.words, place, classes, label, False)
    if task.words.strict and place < 0:
        return -math.inf
    phrase = before[PHRASE]
    if task.phrases.strict:
        phrase = spell(task.phrases, phrase, classes, label, ends_word)
        if phrase < 0:
            return -math.inf
    hotword, won = before[HOTWORD], 0.0
    if task.hotwords.reach > 0:
        hotword, won = hear(task.hotwords, hotword, classes, label, ends_word)
    length += classes.first[label + 1] - classes.first[label]
    integers[LEXICON], integers[PHRASE], integers[HOTWORD] = place, phrase, hotword
    integers[STATE], integers[LENGTH] = state, length
    numbers[LANGUAGE] = language_score
    numbers[BONUS] = tree.numbers[node, BONUS] + won
    numbers[PENDING] = _pending(task, place, hotword)
    return language_score + numbers[BONUS] + numbers[PENDING]


@compiled_inline
def _pending(task, place, hotword):
    """Returns what a word that is not yet whole is lent or charged."""
    pending = task.hotwords.lent[hotword]
    if task.language.unit == WORDS and place < 0:
        pending += task.language.unknown_score
    return pending


@compiled_inline
def descend(tree, node, label, integers, numbers):
    """Returns the node of a longer prefix; makes it of its row if the tree has none."""
    child = tree.integers[node, CHILD]
    while child >= 0:
        if tree.integers[child, LABEL] == label:
            return child
        child = tree.integers[child, SIBLING]
    child = tree.size[0]
    tree.size[0] += 1
    tree.integers[child] = integers
    tree.numbers[child] = numbers
    tree.numbers[child, WORD_SCORE] = math.nan
    row = tree.integers[child]
    row[PARENT], row[LABEL], row[CHILD], row[PLACE] = node, label, -1, -1
    row[SIBLING] = tree.integers[node, CHILD]
    tree.integers[node, CHILD] = child
    return child


@compiled_inline
def conclude(task, tree, node):
    """Returns the language score and the bonus of a prefix as a whole sentence."""
    score, bonus = tree.numbers[node, LANGUAGE], tree.numbers[node, BONUS]
    integers = tree.integers[node]
    state, hotword = integers[STATE], integers[HOTWORD]
    if integers[LENGTH] > 0:
        word_score, state = finish_word(task, tree, node)
        score += word_score
        bonus += last_won(task.hotwords, hotword)
    if task.language.end_word >= 0:
        log_prob, _ = score_word(task.language, state, task.language.end_word)
        score += task.language.weight * log_prob
    if task.phrases.strict and task.phrases.values[integers[PHRASE]] < 0:
        score = -math.inf
    return score, bonus
