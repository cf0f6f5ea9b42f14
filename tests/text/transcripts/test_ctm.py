"""Tests of conversation time marks, as NIST's manual describes them."""

import pytest

from speechkit.text import TimedAlternatives, TimedWord, read_ctm, write_ctm


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
        ("a 1 * * <ALT_BEGIN>", "must be followed by <ALT_END>"),
        ("a 1 * * <ALT>", "must have <ALT_BEGIN>. Received: <ALT>"),
        ("a 1 * * <ALT_END>", "must have <ALT_BEGIN>. Received: <ALT_END>"),
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


# The example of NIST's manual, and a second alternative of two words.
ALTERNATIVES = """7654 A 11.340 0.200 YES
7654 A * * <ALT_BEGIN>
7654 A 12.000 0.340 UM
7654 A * * <ALT>
7654 A 12.000 0.100 UH
7654 A 12.200 0.140 HM
7654 A * * <ALT>
7654 A 12.000 0.000 @
7654 A * * <ALT_END>
7654 A 13.000 0.500 CAN
"""


def test_alternatives_are_read_and_written_back(tmp_path):
    path = tmp_path / "a.ctm"
    path.write_text(ALTERNATIVES)

    yes, either, can = words = read_ctm(path)

    write_ctm(reversed(words), tmp_path / "again.ctm")
    assert (tmp_path / "again.ctm").read_text() == ALTERNATIVES
    assert (yes.word, can.word) == ("YES", "CAN")
    assert isinstance(either, TimedAlternatives)
    assert either.word == "{ UM / UH HM / @ }"
    assert (either.recording, either.channel) == ("7654", "A")
    # The latest middle of a word: of HM, from 12.20 to 12.34.
    assert (either.start_seconds, either.middle_seconds) == (12.0, 12.27)


def test_an_empty_alternative_stands_for_nothing(tmp_path):
    path = tmp_path / "a.ctm"
    marks = ["* * <alt_begin>", "1 1 um", "* * <alt>", "* * <Alt_End>"]
    path.write_text("".join(f"a 1 {mark}\n" for mark in marks))

    (either,) = words = read_ctm(path)

    assert either.word == "{ um / @ }"
    write_ctm(words, path)
    assert read_ctm(path) == words


def test_rejects_alternatives_without_a_word():
    with pytest.raises(ValueError, match="`alternatives` must have a word"):
        TimedAlternatives(((), ()))


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        (["<ALT_BEGIN>", "<ALT_BEGIN>"], "line 2, must have <ALT> or <ALT_END>"),
        (["<ALT_BEGIN>", "<ALT>", "<ALT_END>"], "line 3, must come after a word"),
        (["<ALT_BEGIN>", "<ALT_END>"], "line 2, must come after a word"),
    ],
)
def test_rejects_alternatives_in_disorder(tmp_path, marks, message):
    path = tmp_path / "a.ctm"
    path.write_text("".join(f"a 1 * * {mark}\n" for mark in marks))

    with pytest.raises(ValueError, match=f"a.ctm`, {message}"):
        read_ctm(path)


@pytest.mark.parametrize("field", ["recording", "channel", "word"])
def test_rejects_white_space_in_a_field(tmp_path, field):
    fields = {"recording": "a", "channel": "1", "word": "yes", field: "a b"}
    word = TimedWord(start_seconds=0, duration_seconds=1, **fields)

    with pytest.raises(ValueError, match=f"`{field}` must be text without white space"):
        write_ctm([word], tmp_path / "a.ctm")
