"""Tests of the best ways through alternatives against every pair of ways."""

import itertools

import hypothesis
from hypothesis import strategies

from speechkit import text
from speechkit.ops.edits import lattice

runs = strategies.lists(strategies.sampled_from("abc"), max_size=2)
# A word, an optional word, or alternatives: each is a list of runs, the first first.
parts = strategies.one_of(
    strategies.sampled_from("abc").map(lambda word: [[word]]),
    strategies.sampled_from("abc").map(lambda word: [[word], []]),
    strategies.lists(runs, min_size=2, max_size=3),
)
sides = strategies.lists(parts, max_size=4)


def notation_of(side):
    return text.parse_reference(
        " ".join(
            "{ " + " / ".join(" ".join(run) or "@" for run in part) + " }"
            if len(part) > 1
            else part[0][0]
            for part in side
        )
    )


def ways_of(side):
    """All ways, in the order in which they are written."""
    return [[*itertools.chain(*way)] for way in itertools.product(*side)]


def fewest_errors_and_most_hits(reference, heard):
    """Errors, and hits with a minus, by the textbook recursion."""
    row = [(column, 0) for column in range(len(heard) + 1)]
    for token in reference:
        last, row = row, [(row[0][0] + 1, 0)]
        for column, other in enumerate(heard):
            errors, hits = last[column]
            both = (errors, hits - 1) if token == other else (errors + 1, hits)
            gaps = [(errors + 1, hits) for errors, hits in (last[column + 1], row[-1])]
            row.append(min(both, *gaps))
    return row[-1]


def words_of(steps):
    return tuple(
        [step[side].word for step in steps if step[side] and step[side].word]
        for side in (0, 1)
    )


@hypothesis.given(reference=sides, heard=sides)
@hypothesis.settings(max_examples=400, deadline=None, derandomize=True)
def test_the_best_ways_are_chosen_as_documented(reference, heard):
    steps = lattice.steps_of_best_ways(notation_of(reference), notation_of(heard))

    every = itertools.product(ways_of(reference), ways_of(heard))
    best = min(
        every,  # `min` takes the first of equals, which is written first
        key=lambda ways: (fewest_errors_and_most_hits(*ways), sum(map(len, ways))),
    )
    assert words_of(steps) == best


@hypothesis.given(reference=sides, heard=sides)
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
def test_an_optional_word_is_an_alternative_to_nothing(reference, heard):
    braces, optional = (
        text.parse_reference(" ".join(wordings[kind] for wordings in wordings_of(side)))
        for kind, side in ((0, reference), (1, reference))
    )

    steps = [
        lattice.steps_of_best_ways(graph, notation_of(heard))
        for graph in (braces, optional)
    ]

    taken = [(arc, other) for arc, other in steps[1] if other or not arc.optional]
    assert words_of(taken) == words_of(steps[0])


def wordings_of(side):
    """Each part in braces, and as an optional word where it is one."""
    for part in side:
        braces = "{ " + " / ".join(" ".join(run) or "@" for run in part) + " }"
        is_optional = len(part) == 2 and len(part[0]) == 1 and not part[1]
        yield braces, f"({part[0][0]})" if is_optional else braces
