"""Tests of `align` with alternatives on both sides against every pair of their ways."""

import itertools

import hypothesis
import pytest
from hypothesis import strategies
from rapidfuzz.distance import Levenshtein

from speechkit import metrics
from speechkit.text import parse_reference

WORDS = [*"abcd"]


def ways_of(parts):
    """Every run of words that a list of words and of lists of alternatives means."""
    choices = [part if isinstance(part, list) else [[part]] for part in parts]
    return [list(itertools.chain(*way)) for way in itertools.product(*choices)]


def notation_of(parts):
    words = [
        "{ " + " / ".join(" ".join(run) or "@" for run in part) + " }"
        if isinstance(part, list)
        else part
        for part in parts
    ]
    return parse_reference(" ".join(words))


runs = strategies.lists(strategies.sampled_from(WORDS), max_size=2)
sides = strategies.lists(
    strategies.sampled_from(WORDS) | strategies.lists(runs, min_size=2, max_size=3),
    max_size=5,
)


@hypothesis.given(said=sides, heard=sides)
@hypothesis.settings(max_examples=150, deadline=None, derandomize=True)
def test_errors_are_the_fewest_of_all_ways(said, heard):
    alignment = metrics.align(notation_of(said), notation_of(heard))

    fewest = min(
        Levenshtein.distance(*pair)
        for pair in itertools.product(ways_of(said), ways_of(heard))
    )
    assert alignment.counts.errors == fewest
    assert list(alignment.reference) in ways_of(said)
    assert list(alignment.hypothesis) in ways_of(heard)


@hypothesis.given(said=sides, heard=strategies.lists(strategies.sampled_from(WORDS)))
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
@pytest.mark.parametrize("costs", ["sclite", "levenshtein"])
def test_a_hypothesis_without_alternatives_is_aligned_as_its_words(costs, said, heard):
    graph = metrics.align(notation_of(said), notation_of(heard), costs=costs)

    assert graph == metrics.align(notation_of(said), heard, costs=costs)


def test_the_better_alternative_counts():
    heard = parse_reference("turn { the a / the } light")

    alignment = metrics.align("turn the light (uh)", heard)

    assert alignment.hypothesis == ("turn", "the", "light")
    assert alignment.operations == "HHHD"


def test_an_optional_word_may_be_left_out():
    alignment = metrics.align(
        parse_reference("so (uh) late"), parse_reference("so { late / a }")
    )

    assert alignment.operations == "HOH"
