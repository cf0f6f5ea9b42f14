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
        ("{a}", {"a"}),
        # As sclite reads them: white space around braces and slashes does not matter.
        ("{the / this} way", {"the way", "this way"}),
        ("{ fi /@ }", {"fi", ""}),
        ("{a/b c}d", {"a d", "b c d"}),
        ("{ {a/b}/{@/c d} }", {"a", "b", "", "c d"}),
        ("{a}{b}", {"a b"}),
        ("and/or / @", {"and/or /"}),
        ("{and/or}", {"and", "or"}),
        ("run;verb {a;x/b;y;z}", {"run a", "run b"}),
        (r"a\;b ; ;x", {"a;b ; ;x"}),
        ("cat* * **", {"cat * *"}),
        ("(uh;x) (uh)*", {"(uh (uh)"}),
    ],
)
def test_notation_has_all_its_ways(text, expected):
    assert ways(parse_reference(text)) == expected


def test_brackets_are_part_of_the_word_where_no_word_is_optional():
    reference = parse_reference("(uh) {(a)/b}", optional_words=False)

    assert {arc.word for arc in reference.arcs} == {"(uh)", "(a)", "b"}
    assert not any(arc.optional for arc in reference.arcs)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("turn left", ("turn", "left")),
        ("turn {left}", ("turn", "left")),
        ("turn (left)", None),
        ("turn @ left", None),
        ("turn { left / right }", None),
    ],
)
def test_words_are_those_of_a_reference_without_a_choice(text, words):
    assert parse_reference(text).words == words


def test_every_word_is_changed_and_nothing_stays_nothing():
    reference = parse_reference("A { B / @ } (C)").map(str.lower)

    assert ways(reference) == {"a b (c)", "a (c)"}


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
        ("a b{c/d}", "a brace inside of a word"),
        ("a}", "`}` without a brace before it"),
        ("{" * 60 + "a" + "}" * 60, "more than 50 braces inside each other"),
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
