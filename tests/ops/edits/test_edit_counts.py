"""Tests of `edit_counts` against rapidfuzz and the host, whose alignments it takes."""

import hypothesis
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import strategies
from rapidfuzz.distance import Levenshtein

from speechkit.ops.edits import edit_counts, operations


def counts_of(reference, heard):
    """Returns hits, substitutions, deletions and insertions of two sequences."""
    kinds = [edit.tag for edit in Levenshtein.editops(reference, heard)]
    substitutions, deletions, insertions = map(
        kinds.count, ("replace", "delete", "insert")
    )
    hits = len(reference) - substitutions - deletions
    return hits, substitutions, deletions, insertions


@hypothesis.given(
    width=strategies.integers(0, 12),
    height=strategies.integers(0, 12),
    symbols=strategies.integers(1, 5),
    seed=strategies.integers(0, 2**32 - 1),
)
@hypothesis.settings(max_examples=50, deadline=None, derandomize=True)
def test_counts_are_those_of_rapidfuzz(width, height, symbols, seed):
    random = np.random.default_rng(seed)
    tokens = [random.integers(symbols, size=(8, size)) for size in (width, height)]
    lengths = [
        random.integers(0, size, size=8, endpoint=True).astype("int32")
        for size in (width, height)
    ]

    counts = edit_counts.edit_counts(*tokens, *lengths)

    expected = [
        counts_of(*(side[:size].tolist() for side, size in zip(*clip, strict=True)))
        for clip in zip(
            zip(*tokens, strict=True), zip(*lengths, strict=True), strict=True
        )
    ]
    np.testing.assert_array_equal(np.stack(counts, axis=1), expected)


@pytest.mark.parametrize("symbols", [2, 3, 5, 20])
def test_counts_are_those_of_the_host(random, symbols):
    tokens = random.integers(symbols, size=(2, 3000, 24)).astype("int32")
    # Half of the pairs are the same with a fifth of errors.
    kept = random.random(size=tokens[0].shape) > 0.1
    tokens[1] = np.where(kept & (np.arange(3000) % 2 == 0)[:, None], *tokens)
    lengths = random.integers(25, size=(2, 3000)).astype("int32")

    counts = tf.function(edit_counts.edit_counts)(*tokens, *lengths)

    pairs = [
        [[*side[:size]] for side, size in zip(sides, sizes, strict=True)]
        for sides, sizes in zip(
            np.swapaxes(tokens, 0, 1).tolist(), lengths.T.tolist(), strict=True
        )
    ]
    expected = [operations.count_operations([pair]) for pair in pairs]
    np.testing.assert_array_equal(np.stack(counts, axis=1), expected)


@pytest.mark.parametrize(
    ("size", "jit_compile"),
    [
        pytest.param(300, False, id="graph"),
        pytest.param(300, True, id="xla"),
        # The narrowest that need 64 bits.
        pytest.param(1024, False, id="wide-graph"),
        pytest.param(8192, True, id="wide-xla"),
    ],
)
def test_long_sequences_are_counted_in_a_compiled_function(random, size, jit_compile):
    tokens = random.integers(8, size=(2, 1, size)).astype("int32")
    lengths = np.full(1, size, "int32")
    compiled = tf.function(edit_counts.edit_counts, jit_compile=jit_compile)

    counts = compiled(*tokens, lengths, lengths)

    expected = [counts_of(*pair) for pair in np.swapaxes(tokens, 0, 1).tolist()]
    np.testing.assert_array_equal(np.stack(counts, axis=1), expected)


def test_common_ends_are_hits_before_all_else():
    # Without them "D H H H I", with as few errors and no substitution, would be taken.
    reference, heard = np.array([[1, 2, 2, 1]]), np.array([[2, 2, 1, 1]])
    length = np.array([4])

    counts = edit_counts.edit_counts(reference, heard, length, length)

    expected = counts_of([1, 2, 2, 1], [2, 2, 1, 1])
    assert expected == (2, 2, 0, 0)
    assert tuple(int(count[0]) for count in counts) == expected


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_widths_may_be_unknown_until_the_graph_runs(random, jit_compile):
    tokens = random.integers(4, size=(2, 3, 20)).astype("int32")
    lengths = np.array([[20, 7, 0], [15, 17, 3]], "int32")
    signature = [tf.TensorSpec((None, None), "int32")] * 2
    signature += [tf.TensorSpec((None,), "int32")] * 2
    compiled = tf.function(
        edit_counts.edit_counts, input_signature=signature, jit_compile=jit_compile
    )

    counts = compiled(tokens[0], tokens[1, :, :17], *lengths)

    expected = [
        counts_of(*(side[:size].tolist() for side, size in zip(*clip, strict=True)))
        for clip in zip(np.swapaxes(tokens, 0, 1), lengths.T, strict=True)
    ]
    np.testing.assert_array_equal(np.stack(counts, axis=1), expected)
