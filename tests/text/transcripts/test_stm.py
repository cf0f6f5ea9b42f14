"""Tests of segment time marks, as NIST's manual describes them."""

import dataclasses

import pytest

from speechkit.text import Segment, read_stm, write_stm


def test_lines_have_a_stretch_and_its_text(tmp_path):
    path = tmp_path / "a.stm"
    path.write_text(
        ";; a comment\n2345 A ann 0.10 2.03 <o,f0> uh { yes / yeah }  i\n"
        "2345 A ben 2.5 3 < b\n2345 A ann 4 5\n"
        "2345 B x 0 9 ignore_time_segment_in_scoring\n"
        "2345 B x 9 12 <o> IgnoreTimeSegmentInScoring music\n"
    )

    segments = read_stm(path)

    assert segments[:3] == (
        Segment("2345", "A", "ann", 0.1, 2.03, "uh { yes / yeah }  i", "<o,f0>"),
        Segment("2345", "A", "ben", 2.5, 3.0, "< b"),
        Segment("2345", "A", "ann", 4.0, 5.0, ""),
    )
    assert [segment.ignored for segment in segments] == [
        False,
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("gap", [" ", "\t", "  ", "\t ", "\u00a0", "\u3000"])
def test_any_white_space_stands_between_fields(tmp_path, gap):
    path = tmp_path / "a.stm"
    fields = ["a", "1", "ann", "0", "1", "<o,f0>", "turn left"]
    path.write_text(gap.join(fields), encoding="utf-8")

    segment = Segment("a", "1", "ann", 0.0, 1.0, "turn left", "<o,f0>")
    assert read_stm(path) == (segment,)


def test_rejects_a_text_that_would_be_read_as_a_label(tmp_path):
    segment = Segment("a", "1", "ann", 0.0, 1.0, "<laugh> yes")

    with pytest.raises(ValueError, match="`text` must not begin with a word in angle"):
        write_stm([segment], tmp_path / "a.stm")

    labelled = dataclasses.replace(segment, label="<o>")
    write_stm([labelled], tmp_path / "a.stm")
    assert read_stm(tmp_path / "a.stm") == (labelled,)


def test_reading_undoes_writing_in_the_order_of_time(tmp_path):
    segments = [
        Segment("a", "1", "ann", 0.25, 0.5, "yes i do", "<o,f0>"),
        Segment("a", "1", "ben", 1.0, 1.125, ""),
        Segment("b", "1", "ann", 0.0, 2.0, "no"),
    ]

    write_stm(reversed(segments), tmp_path / "a.stm")

    assert read_stm(tmp_path / "a.stm") == tuple(segments)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a 1 ann 0.5", "must have a recording, .* Received: 4 fields"),
        ("a 1 ann x 0.2 yes", "must have the start in seconds, 0 or more. Received: x"),
        ("a 1 ann 0 inf yes", "must have the end in seconds, 0 or more. Received: inf"),
        ("a 1 ann 2 1 yes", "must end after it starts. Received: 2 1"),
    ],
)
def test_rejects_wrong_lines(tmp_path, line, message):
    path = tmp_path / "a.stm"
    path.write_text(f"a 1 ann 0 1 yes\n{line}\n")

    with pytest.raises(ValueError, match=f"a.stm`, line 2, {message}"):
        read_stm(path)


@pytest.mark.parametrize("field", ["recording", "channel", "speaker", "label"])
def test_rejects_white_space_in_a_field(tmp_path, field):
    fields = {"recording": "a", "channel": "1", "speaker": "ann", field: "a b"}
    segment = Segment(start_seconds=0, end_seconds=1, text="yes", **fields)

    with pytest.raises(ValueError, match=f"`{field}` must be text without white space"):
        write_stm([segment], tmp_path / "a.stm")
