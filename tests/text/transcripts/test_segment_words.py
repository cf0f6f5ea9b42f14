"""Tests of which segment a word belongs to, by hand."""

import pytest

from speechkit.text import Segment, TimedWord, words_of_segments

SEGMENTS = [
    Segment("a", "1", "ann", 1.0, 2.0, ""),
    Segment("a", "1", "ben", 2.0, 3.0, ""),
    Segment("a", "1", "ann", 4.0, 5.0, ""),
    Segment("a", "2", "eve", 0.0, 9.0, ""),
]


@pytest.mark.parametrize(
    ("start", "duration", "place"),
    [
        pytest.param(1.0, 0.5, 0, id="inside"),
        pytest.param(1.9, 0.4, 1, id="middle-in-the-next"),
        pytest.param(2.0, 0.0, 1, id="on-the-edge"),
        pytest.param(0.0, 0.1, 0, id="before-all"),
        pytest.param(3.1, 0.0, 2, id="behind-the-second"),
        pytest.param(3.0, 0.0, 2, id="on-the-end-of-the-second"),
        pytest.param(2.5, 0.9, 1, id="middle-before-the-end"),
        pytest.param(8.0, 1.0, 2, id="after-all"),
    ],
)
def test_middle_of_a_word_decides(start, duration, place):
    found = words_of_segments(SEGMENTS, [TimedWord("a", "1", start, duration, "w")])

    assert [len(words) for words in found] == [int(p == place) for p in range(4)]


def test_words_come_in_the_order_of_time():
    words = [TimedWord("a", "2", start, 0.1, str(start)) for start in (3, 1, 2)]

    found = words_of_segments(SEGMENTS, words)

    assert [word.word for word in found[3]] == ["1", "2", "3"]


@pytest.mark.parametrize("where", [("a", "3"), ("b", "1")])
def test_rejects_words_of_a_recording_without_segments(where):
    with pytest.raises(ValueError, match=f"that have a segment. .*{' '.join(where)}"):
        words_of_segments(SEGMENTS, [TimedWord(*where, 0, 1, "w")])
