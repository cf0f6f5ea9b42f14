"""Tests of the tie rule against jiwer, and against the rule as it is written down."""

import collections

import hypothesis
import jiwer
import numpy as np
import pytest
from hypothesis import strategies

from speechkit.ops.edits.operations import count_operations, edit_operations

LETTERS = {"equal": "H", "substitute": "S", "delete": "D", "insert": "I"}
TOKENS = strategies.lists(strategies.sampled_from("abc"), max_size=12)


def operations_of_jiwer(pairs):
    """The letters of jiwer's alignments; jiwer refuses references without a word."""
    texts = [[" ".join(side) for side in sides] for sides in zip(*pairs, strict=True)]
    return [
        "".join(
            LETTERS[chunk.type]
            * max(
                chunk.ref_end_idx - chunk.ref_start_idx,
                chunk.hyp_end_idx - chunk.hyp_start_idx,
            )
            for chunk in chunks
        )
        for chunks in jiwer.process_words(*texts).alignments
    ]


def operations_of_the_rule(reference, heard):
    """The rule in the docstring of the module, by the textbook recursion."""
    start = common_start(reference, heard)
    reference, heard = reference[start:], heard[start:]
    end = common_start(reference[::-1], heard[::-1])
    row, column = len(reference) - end, len(heard) - end
    table = np.add.outer(np.arange(row + 1), np.arange(column + 1))
    for i in range(1, row + 1):
        for j in range(1, column + 1):
            both = table[i - 1, j - 1] + (reference[i - 1] != heard[j - 1])
            table[i, j] = min(both, table[i - 1, j] + 1, table[i, j - 1] + 1)
    letters = "H" * end
    while row or column:
        least = table[row, column]
        differ = row and column and reference[row - 1] != heard[column - 1]
        if row and table[row - 1, column] + 1 == least:
            letter, row = "D", row - 1
        elif differ and table[row - 1, column - 1] + 1 == least:
            letter, row, column = "S", row - 1, column - 1
        elif column and table[row, column - 1] + 1 == least:
            letter, column = "I", column - 1
        else:
            letter, row, column = "H", row - 1, column - 1
        letters = letter + letters
    return "H" * start + letters


def common_start(left, right):
    equal = [a == b for a, b in zip(left, right, strict=False)]
    return [*equal, False].index(False)


def random_pairs(random, number, longest, symbols):
    """Pairs of which half are unlike, and half the same with a fifth of errors."""
    for place in range(number):
        size = random.integers(1, longest + 1)
        reference = random.choice([*symbols], size).tolist()
        if place % 2:
            size = random.integers(longest + 1)
            yield reference, random.choice([*symbols], size).tolist()
            continue
        drawn = random.random(size)
        heard = np.where(drawn < 0.1, random.choice([*symbols], size), reference)
        yield reference, np.repeat(heard, 1 + (drawn > 0.9) - (drawn < 0.05)).tolist()


@hypothesis.given(reference=TOKENS, heard=TOKENS)
@hypothesis.settings(max_examples=500, deadline=None, derandomize=True)
def test_the_rule_is_as_written_down(reference, heard):
    expected = operations_of_the_rule(reference, heard)

    assert edit_operations(reference, heard) == expected


@pytest.mark.parametrize("symbols", ["ab", "abcd", "abcdefghijklmnopqrst"])
@pytest.mark.parametrize(("number", "longest"), [(2000, 8), (200, 60), (4, 300)])
def test_alignments_are_those_of_jiwer(random, symbols, number, longest):
    pairs = [*random_pairs(random, number, longest, symbols)]

    found = [edit_operations(*pair) for pair in pairs]

    assert found == operations_of_jiwer(pairs)


@pytest.mark.parametrize("longest", [8, 60, 200])
def test_longer_texts_follow_the_rule_too(random, longest):
    pairs = [*random_pairs(random, 2400 // longest, longest, "abcd")]

    found = [edit_operations(*pair) for pair in pairs]

    assert found == [operations_of_the_rule(*pair) for pair in pairs]


def test_texts_that_rapidfuzz_splits_are_aligned_as_by_jiwer(random):
    pairs = [*random_pairs(random, 4, 8000, "abcd")]

    found = [edit_operations(*pair) for pair in pairs]

    assert max(min(map(len, pair)) for pair in pairs) > 2**11
    assert found == operations_of_jiwer(pairs)


def test_counts_are_those_of_the_alignments(random):
    pairs = [*random_pairs(random, 1000, 10, "abc")]

    counts = count_operations(pairs)

    letters = collections.Counter("".join(edit_operations(*pair) for pair in pairs))
    assert counts == tuple(letters[letter] for letter in "HSDI")
