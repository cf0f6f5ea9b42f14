"""Tests of the cuts between words with times, by hand and by what must stay whole."""

import pytest

from speechkit.text import TimedAlternatives, TimedWord
from speechkit.text.transcripts.timed_chunks import cut_in_common_silences


def words(number, duration, shift=0.0):
    """Words that begin a second apart."""
    return [TimedWord("c", "1", n + shift, duration, f"w{n}") for n in range(number)]


def lengths(reference, hypothesis):
    stretches = [*cut_in_common_silences(reference, hypothesis)]
    for side, whole in enumerate((reference, hypothesis)):
        assert [word for pair in stretches for word in pair[side]] == whole
    return [tuple(map(len, pair)) for pair in stretches]


def test_a_short_channel_is_one_stretch():
    assert lengths(words(50, 0.5), words(50, 0.5)) == [(50, 50)]


def test_a_long_one_is_cut_behind_fifty_words_and_one():
    assert lengths(words(120, 0.5), words(110, 0.5)) == [(51, 51), (51, 51), (18, 8)]


def test_a_cut_lies_where_both_are_silent():
    # The silences of one side lie in the words of the other, but for one behind w20.
    heard = words(120, 0.6, shift=0.45)
    heard[20] = TimedWord("c", "1", 20.3, 0.1, "w20")

    found = lengths(words(120, 0.5), heard)

    assert found[0] == (21, 21)


def test_without_a_common_silence_all_is_one_stretch():
    assert lengths(words(70, 0.95), words(70, 0.95, shift=0.5)) == [(70, 70)]


@pytest.mark.parametrize("sizes", [(0, 0), (0, 80), (80, 0), (1, 200), (200, 1)])
def test_nothing_is_lost_where_a_side_has_few_words(sizes):
    said, heard = (words(size, 0.5) for size in sizes)

    assert sum(length[0] for length in lengths(said, heard)) == sizes[0]


@pytest.mark.parametrize("side", [0, 1])
def test_alternatives_are_never_cut(side, random):
    sides = [words(150, 0.5), words(150, 0.5, shift=0.1)]
    for n in random.choice(150, 60, replace=False):
        word = sides[side][n]
        sides[side][n] = TimedAlternatives(((word, word), (), (word,)))

    assert len(lengths(*sides)) > 1
