"""Tests of `Alignment` itself; those of `align` say how it comes about."""

import dataclasses

import pytest

from speechkit.metrics import Alignment, ErrorCounts


def test_pairs_and_counts_follow_the_operations():
    alignment = Alignment(("a", "b", "c", "d"), ("a", "x", "y"), "HSIDO")

    assert alignment.pairs == [
        ("a", "a"),
        ("b", "x"),
        (None, "y"),
        ("c", None),
        ("d", None),
    ]
    assert alignment.counts == ErrorCounts(1, 1, 1, 1)
    as_sclite = dataclasses.replace(alignment, optional_is_hit=True)
    assert as_sclite.counts == ErrorCounts(2, 1, 1, 1)


@pytest.mark.parametrize("operations", ["H", "HHH", "HI", "HX", "DD"])
def test_rejects_operations_that_do_not_take_each_token(operations):
    message = f"letters of 'HSDIOX' that take each token once. .*'{operations}'"

    with pytest.raises(ValueError, match=message):
        Alignment(("a", "b"), ("a", "b"), operations)
