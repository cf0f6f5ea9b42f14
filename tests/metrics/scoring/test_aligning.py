"""Tests of `align` against the textbook recursion and enumeration."""

import hypothesis
import jiwer
import numpy as np
import pytest
from hypothesis import strategies

from speechkit.metrics import ErrorCounts, align, score
from speechkit.text import any_reference, parse_reference

TOKENS = strategies.lists(strategies.sampled_from("abc"), max_size=6)
SMALL = hypothesis.settings(max_examples=300, deadline=None, derandomize=True)
# What an error costs: a substitution, a deletion or insertion.
COSTS = {"levenshtein": (1, 1), "sclite": (4, 3)}


def least_cost(reference, hypothesis_, substitution, gap):
    """Returns the cost of the best alignment, by the textbook recursion."""
    row = [gap * column for column in range(len(hypothesis_) + 1)]
    for token in reference:
        last, row = row, [row[0] + gap]
        for column, other in enumerate(hypothesis_):
            both = last[column] + (0 if token == other else substitution)
            row.append(min(both, last[column + 1] + gap, row[column] + gap))
    return row[-1]


def cost_of(counts, substitution, gap):
    return substitution * counts.substitutions + gap * (
        counts.deletions + counts.insertions
    )


@hypothesis.given(
    reference=TOKENS, heard=TOKENS, costs=strategies.sampled_from(sorted(COSTS))
)
@SMALL
def test_no_alignment_is_cheaper(reference, heard, costs):
    alignment = align(reference, heard, costs=costs)

    least = least_cost(reference, heard, *COSTS[costs])
    assert cost_of(alignment.counts, *COSTS[costs]) == least
    for letter, (said, taken) in zip(
        alignment.operations, alignment.pairs, strict=True
    ):
        assert (letter == "H") == (said == taken)


@hypothesis.given(
    references=strategies.lists(TOKENS, min_size=1, max_size=3),
    heard=TOKENS,
    costs=strategies.sampled_from(sorted(COSTS)),
)
@SMALL
def test_of_several_references_the_best_counts(references, heard, costs):
    alignment = align(any_reference(references), heard, costs=costs)

    least = min(least_cost(tokens, heard, *COSTS[costs]) for tokens in references)
    assert cost_of(alignment.counts, *COSTS[costs]) == least
    assert [*alignment.reference] in references


@pytest.mark.parametrize(
    ("reference", "heard", "operations"),
    [
        pytest.param("a b c", "a b c", "HHH", id="equal"),
        # The rules of sclite: one hit between two gaps costs 6, two errors cost 8.
        pytest.param("a b", "b c", "DHI", id="shifted"),
        pytest.param("a", "b", "S", id="substituted"),
        # Of equal costs, from the end: first both, then an insertion, then a deletion.
        pytest.param("a b", "c", "DS", id="both-before-deletion"),
        pytest.param("a", "b c", "IS", id="both-before-insertion"),
        pytest.param("a b", "b a", "DHI", id="insertion-before-deletion"),
        pytest.param("", "a b", "II", id="nothing-said"),
        pytest.param("a b", "", "DD", id="nothing-heard"),
        pytest.param("", "", "", id="nothing"),
        pytest.param("so { it's / it is } late", "so it is late", "HHHH", id="second"),
        pytest.param("so { it's / it is } late", "so it's late", "HHH", id="first"),
        pytest.param("for { @ / an } hour", "for hour", "HH", id="nothing-is-right"),
        pytest.param("for { @ / an } hour", "for a hour", "HIH", id="inserted"),
        pytest.param("i (uh) see", "i see", "HOH", id="optional-left-out"),
        pytest.param("i (uh) see", "i uh see", "HHH", id="optional-said"),
        # To take "um" for "uh" costs 4, to leave one out and insert the other 5.
        pytest.param("i (uh) see", "i um see", "HSH", id="optional-substituted"),
        # To leave one out costs 2, and to delete the other 3.
        pytest.param("a (uh)", "b", "SO", id="optional-rather-than-deleted"),
        # Two left out cost 4, and one deletion 3.
        pytest.param("{ (a) (b) / c }", "", "D", id="deleted-rather-than-two-optional"),
        pytest.param("{ a { b / c } / d } e", "a c e", "HHH", id="nested"),
    ],
)
def test_rules_of_sclite(reference, heard, operations):
    alignment = align(parse_reference(reference), heard, costs="sclite")

    assert alignment.operations == operations


def test_an_optional_word_left_out_counts_as_nothing_and_in_sclite_as_a_hit():
    reference = parse_reference("i (uh) see")

    counts = [
        align(reference, "i see", costs=costs).counts
        for costs in ("levenshtein", "sclite")
    ]

    assert counts == [ErrorCounts(hits=2), ErrorCounts(hits=3)]


def random_texts(random, number):
    """Pairs of texts of few different words, so that many alignments are as good."""
    for _ in range(number):
        sizes = random.integers(9, size=2)
        yield tuple(" ".join(random.choice([*"abc"], size)) for size in sizes)


def test_notation_without_alternatives_is_aligned_as_plain_text(random):
    for reference, heard in random_texts(random, 3000):
        plain = align(reference, heard)

        assert align(parse_reference(reference), heard) == plain
        assert align(any_reference([reference]), heard) == plain
        assert align(reference, parse_reference(heard)) == plain


def test_an_optional_word_that_is_not_taken_changes_no_count(random):
    for reference, heard in random_texts(random, 3000):
        words = reference.split()
        words.insert(random.integers(len(words) + 1), "(uh)")

        alignment = align(parse_reference(" ".join(words)), heard)

        plain = align(reference, heard)
        assert alignment.counts == plain.counts
        assert alignment.operations.replace("O", "") == plain.operations


def test_optional_words_of_both_sides_keep_their_places():
    said, heard = parse_reference("(uh) a b (c)"), parse_reference("(um) a (x) d (y)")

    alignment = align(said, heard)

    assert alignment.operations == "OXHXSOX"
    assert alignment.counts == ErrorCounts(hits=1, substitutions=1)
    assert alignment.pairs[:3] == [("uh", None), (None, "um"), ("a", "a")]


def test_an_alternative_that_is_not_taken_changes_no_count(random):
    for reference, heard in random_texts(random, 1000):
        words = reference.split()
        words.insert(random.integers(len(words) + 1), "{ x / @ / y z }")
        longer = [*heard.split(), "{ @ / v w }"]

        alignment = align(
            parse_reference(" ".join(words)), parse_reference(" ".join(longer))
        )

        assert alignment == align(reference, heard)


def test_rates_do_not_change_with_an_optional_word_elsewhere():
    plain = score(["a b", "c"], ["b a", "c"])

    scored = score([parse_reference("a b"), parse_reference("(uh) c")], ["b a", "c"])

    assert scored.counts == plain.counts == ErrorCounts(2, 0, 1, 1)
    assert scored.counts.match_error_rate == jiwer.mer(["a b", "c"], ["b a", "c"])
    assert scored.counts.word_information_lost == jiwer.wil(["a b", "c"], ["b a", "c"])


def test_an_optional_word_that_was_said_is_a_hit():
    # Left out, "a" for "uh" would be one error, too, but without a hit.
    alignment = align(parse_reference("(uh) a"), "uh")

    assert alignment.operations == "HD"
    assert alignment.counts == ErrorCounts(hits=1, deletions=1)


def test_notation_in_plain_text_is_text():
    assert align("{ a / b }", "a").counts.deletions == 4


def test_mixed_units_are_characters_and_words():
    alignment = align("打开WiFi", "打开 wifi", unit="mixed")

    assert alignment.reference == ("打", "开", "WiFi")
    assert alignment.operations == "HHS"


@pytest.mark.parametrize(
    ("reference", "heard", "unit", "operations"),
    [
        pytest.param(parse_reference("你好"), "你好", "characters", "HH", id="chinese"),
        pytest.param(parse_reference("ab c"), "ab c", "characters", "HHHH", id="space"),
        pytest.param(parse_reference("你好 ab"), "你 好ab", "mixed", "HHH", id="mixed"),
        pytest.param(
            "你们", parse_reference("{ 你们 / 他 }"), "mixed", "HH", id="heard"
        ),
        pytest.param(
            parse_reference("{ a { bc / d } / @ } e"),
            "a d e",
            "characters",
            "HHHHH",
            id="nested",
        ),
        pytest.param(
            parse_reference("(uh) (um) a"), "um a", "characters", "HHHH", id="o"
        ),
        pytest.param(parse_reference("(uh)"), "u", "characters", "HD", id="part-of-it"),
        pytest.param(
            any_reference(["你好", "您好"]), "您好", "characters", "HH", id="any"
        ),
        # Tokens stay as they are, and no space stands between them.
        pytest.param(
            any_reference([["n", "i hao"]]),
            ["n", "i hao"],
            "characters",
            "HH",
            id="tokens",
        ),
        pytest.param(parse_reference("@"), "", "characters", "", id="nothing"),
    ],
)
def test_the_unit_divides_each_alternative(reference, heard, unit, operations):
    assert align(reference, heard, unit=unit).operations == operations


@pytest.mark.parametrize("unit", ["characters", "mixed"])
@pytest.mark.parametrize("costs", ["sclite", "levenshtein"])
def test_notation_without_a_choice_is_divided_as_plain_text(random, unit, costs):
    for _ in range(100):
        texts = [
            " ".join("".join(random.choice([*"a你"], 2)) for _ in range(size))
            for size in random.integers(4, size=2)
        ]
        graphs = map(parse_reference, texts)

        assert align(*graphs, unit=unit, costs=costs) == align(
            *texts, unit=unit, costs=costs
        )


def test_a_hundred_thousand_words_are_aligned():
    random = np.random.default_rng(0)
    said = [f"w{n}" for n in random.integers(3000, size=100_000)]
    heard = [word for word in said if random.random() > 0.05]

    counts = align(said, heard).counts

    assert counts.deletions == counts.errors == 100_000 - len(heard)


@pytest.mark.parametrize("value", [b"turn left", None, [1, 2]])
def test_rejects_what_is_no_text(value):
    with pytest.raises(TypeError, match="`reference` must be a text or a sequence"):
        align(value, "a")
    with pytest.raises(TypeError, match="`hypothesis` must be a text or a sequence"):
        align("a", value)


def test_rejects_unknown_costs():
    message = "`costs` must be one of 'sclite', 'levenshtein'. Received: costs='kaldi'"

    with pytest.raises(ValueError, match=message):
        align("a", "b", costs="kaldi")
