"""Tests of the notation of references: all their ways, enumerated."""

import pytest

from speechkit.text import Arc, any_reference, parse_reference


def ways(reference, place=0):
    """Returns what may be said from a place on; optional words in brackets."""
    if place == reference.num_places - 1:
        return {""}
    return {
        " ".join(filter(None, [f"({a.word})" if a.optional else a.word, rest]))
        for a in reference.arcs
        if a.start == place
        for rest in ways(reference, a.end)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {""}),
        ("so late", {"so late"}),
        ("so { it's / it is } late", {"so it's late", "so it is late"}),
        ("{ @ / an } hour", {"hour", "an hour"}),
        ("(uh) yes (no) ()", {"(uh) yes (no) ()"}),
        ("{ a { b / c } / d }", {"a b", "a c", "d"}),
        ("{ a / b } { c / d }", {"a c", "a d", "b c", "b d"}),
        ("{a}", {"{a}"}),
    ],
)
def test_notation_has_all_its_ways(text, expected):
    assert ways(parse_reference(text)) == expected


def test_empty_brackets_are_a_word():
    assert parse_reference("()").arcs == (Arc(0, 1, "()"),)


def test_arcs_lead_forward_in_the_order_of_their_ends():
    reference = parse_reference("a { b { c / d } / @ / (e) f } g")

    ends = [arc.end for arc in reference.arcs]

    assert all(arc.start < arc.end for arc in reference.arcs)
    assert ends == sorted(ends)
    assert set(ends) == set(range(1, reference.num_places))


def test_several_references_are_ways_of_one():
    reference = any_reference(["{ a", ["new york", "is"], ""])

    assert ways(reference) == {"{ a", "new york is", ""}
    assert Arc(0, reference.num_places - 1, None) in reference.arcs


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a { b / c", "`{` without `}`"),
        ("a b } c", "`}` without a brace before it"),
        ("a / b", "`/` without a brace before it"),
        ("{ a / }", "an empty alternative, for which `@` stands"),
        ("{ }", "an empty alternative"),
    ],
)
def test_rejects_notation_that_is_not_closed(text, problem):
    with pytest.raises(ValueError, match=rf"`{{ a / b }}`. Received: {problem}"):
        parse_reference(text)


def test_rejects_no_references():
    with pytest.raises(ValueError, match="`references` must be at least one"):
        any_reference([])
