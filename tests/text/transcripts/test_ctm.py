"""Tests of conversation time marks, as NIST's manual describes them."""

import pytest

from speechkit.text import TimedWord, read_ctm, write_ctm


def test_lines_have_a_word_and_its_time(tmp_path):
    path = tmp_path / "a.ctm"
    path.write_text(";; a comment\n7654 A 11.34 0.2  yes -6.763\n\n7654 B 12 .5 no\n")

    words = read_ctm(path)

    assert words == (
        TimedWord("7654", "A", 11.34, 0.2, "yes", -6.763),
        TimedWord("7654", "B", 12.0, 0.5, "no"),
    )
    assert words[1].middle_seconds == 12.25


def test_unknown_confidence_is_none(tmp_path):
    path = tmp_path / "a.ctm"
    path.write_text("a 1 0 1 yes NA lex\n")

    assert read_ctm(path) == (TimedWord("a", "1", 0, 1, "yes", None),)


def test_reading_undoes_writing_in_the_order_of_time(tmp_path):
    words = [
        TimedWord("a", "1", 0.25, 0.5, "yes", 0.5),
        TimedWord("a", "1", 1.0, 0.125, "打开"),
        TimedWord("b", "1", 0.0, 2.0, "no", 1.0),
    ]

    write_ctm(reversed(words), tmp_path / "a.ctm")

    assert read_ctm(tmp_path / "a.ctm") == tuple(words)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a 1 0.5 0.2", "must have a recording, .* Received: 4 fields"),
        ("a 1 x 0.2 yes", "must have the start in seconds, 0 or more. Received: x"),
        ("a 1 * * <ALT_BEGIN>", r"must have the start in seconds, 0 or more"),
        (
            "a 1 0.5 -1 yes",
            "must have the duration in seconds, 0 or more. Received: -1",
        ),
        ("a 1 nan 1 yes", "must have the start in seconds, 0 or more. Received: nan"),
        ("a 1 0.5 1 yes no", "must have a number for the confidence. Received: no"),
    ],
)
def test_rejects_wrong_lines(tmp_path, line, message):
    path = tmp_path / "a.ctm"
    path.write_text(f"a 1 0 1 yes\n{line}\n")

    with pytest.raises(ValueError, match=f"a.ctm`, line 2, {message}"):
        read_ctm(path)


@pytest.mark.parametrize("field", ["recording", "channel", "word"])
def test_rejects_white_space_in_a_field(tmp_path, field):
    fields = {"recording": "a", "channel": "1", "word": "yes", field: "a b"}
    word = TimedWord(start_seconds=0, duration_seconds=1, **fields)

    with pytest.raises(ValueError, match=f"`{field}` must be text without white space"):
        write_ctm([word], tmp_path / "a.ctm")
