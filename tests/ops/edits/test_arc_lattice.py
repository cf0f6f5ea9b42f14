"""Tests of ties in the alignment of sclite, by hand from the order of its steps."""

import pytest

from speechkit import text
from speechkit.ops.edits import arc_lattice, fragments

COSTS = arc_lattice.Costs(substitution=4000, gap=3000, optional=2000, nothing=1)


def aligned(reference, hypothesis, equal=None):
    sides = map(text.parse_reference, (reference, hypothesis))
    steps = arc_lattice.cheapest_steps(*sides, COSTS, equal)
    words = [tuple(arc.word if arc else "*" for arc in step) for step in steps]
    return " ".join(f"{left or '@'}:{right or '@'}" for left, right in words)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "steps"),
    [
        pytest.param("{ x / y }", "z", "x:z", id="first-of-equal-alternatives"),
        pytest.param("z", "{ x / y }", "z:x", id="first-of-the-hypothesis"),
        pytest.param("{ x / y }", "{ v / w }", "x:v", id="first-of-both"),
        # Three substitutions cost 12, and with a deletion 15.
        pytest.param("{ a b c d / e f g }", "u v w", "e:u f:v g:w", id="cheaper"),
        pytest.param("{ @ / a }", "", "@:*", id="nothing"),
        # A way through braces costs no more for the braces.
        pytest.param("{ { { a } } / b }", "c", "a:c", id="deep-braces-are-free"),
        pytest.param("a { b / @ } c", "a c", "a:a @:* c:c", id="nothing-between"),
        pytest.param("", "", "", id="empty"),
        pytest.param("", "a", "*:a", id="no-reference"),
        pytest.param("(a) b", "b (c)", "a:* b:b *:c", id="optional-on-both-sides"),
    ],
)
def test_of_equal_costs_the_arc_written_first_is_taken(reference, hypothesis, steps):
    assert aligned(reference, hypothesis) == steps


def test_words_that_count_as_the_same_cost_nothing():
    steps = aligned("frag- a", "b fragment a", fragments.equal)

    assert steps == "*:b frag-:fragment a:a"


@pytest.mark.parametrize(
    ("word", "other", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("fr-", "fry", True),
        ("fry", "fr-", True),
        ("fr-", "fr", True),
        ("fr-", "f", False),
        ("-ry", "fry", True),
        ("-ry", "ry", True),
        ("-ry", "y", False),
        ("-", "fry", False),
        ("-", "-", True),
        ("-r-", "fr-", True),
        ("co-op", "co", False),
    ],
)
def test_a_part_of_a_word_is_the_word(word, other, same):
    assert fragments.equal(word, other) is same
