"""Cuts two files of words with times where both are silent, as sclite does."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from speechkit.text.transcripts.ctm import TimedAlternatives, TimedWord

Words = Sequence[TimedWord | TimedAlternatives]

# Words of a chunk that are looked at first; more, while there is no common silence.
_FIRST_LENGTH = 50


class _Line(NamedTuple):
    """Holds a line of a file: its time, and the word or alternatives it belongs to."""

    start: float
    end: float
    place: int
    in_alternatives: bool


def cut_in_common_silences(
    reference: Words, hypothesis: Words
) -> Iterator[tuple[Words, Words]]:
    """Yields pairs of stretches that belong together, in the order of time.

    A cut lies in the last silence of both sides within fifty words, or within twice,
    four times … as many where there is none; the rest is one stretch if it is shorter.
    Alternatives are never cut. (Where there is no common silence within fifty words,
    sclite cuts behind one or two words.)
    """
    if not reference or not hypothesis:
        yield reference, hypothesis
        return
    sides = (_Side(reference), _Side(hypothesis))
    while any(side.first < len(side.lines) for side in sides):
        length = _FIRST_LENGTH
        while not _find_cut(*sides, length):
            length *= 2
        yield sides[0].take(), sides[1].take()


class _Side:
    """Holds the lines of a file, where a stretch begins, and where it may end."""

    def __init__(self, words):
        self.words = words
        self.lines = [line for n, word in enumerate(words) for line in _lines(n, word)]
        self.first = 0
        self.last = 0

    @property
    def line(self):
        return self.lines[max(self.last, 0)]

    @property
    def more_than_one(self):
        return self.last > self.first

    def is_shorter_than(self, length):
        return len(self.lines) - 1 - self.first < length

    def try_end(self, place):
        """Ends the stretch at a line, or at the last before it that may be an end."""
        self.last = min(place, len(self.lines) - 1)
        self._leave_alternatives()

    def step_back(self):
        """Ends the stretch earlier; returns whether alternatives were passed."""
        self.last -= 1
        return self._leave_alternatives()

    def _leave_alternatives(self):
        last = self.last
        while self.last >= self.first and self.line.in_alternatives:
            self.last -= 1
        return self.last < last

    def silence(self):
        """Returns from when to when no word is behind the end."""
        behind = self.last + 1
        last = behind == len(self.lines)
        return self.line.end, float("inf") if last else self.lines[behind].start

    def take(self):
        """Returns the words of the stretch; the next one begins behind it."""
        places = [line.place for line in self.lines[self.first : self.last + 1]]
        self.first = max(self.first, self.last + 1)
        return self.words[places[0] : places[-1] + 1] if places else ()


def _lines(place, word):
    if isinstance(word, TimedWord):
        end = word.start_seconds + word.duration_seconds
        yield _Line(word.start_seconds, end, place, False)
        return
    # The marks of alternatives have no time, which sclite reads as 0.
    mark = _Line(0.0, 0.0, place, True)
    for run in word.alternatives:
        yield mark
        for one in run:
            end = one.start_seconds + one.duration_seconds
            yield _Line(one.start_seconds, end, place, True)
    yield mark


def _find_cut(reference, hypothesis, length):
    """Sets the ends of both stretches; returns whether there is a place for them."""
    if reference.is_shorter_than(length) and hypothesis.is_shorter_than(length):
        reference.last = len(reference.lines) - 1
        hypothesis.last = len(hypothesis.lines) - 1
        return True
    for side in (reference, hypothesis):
        side.try_end(side.first + length)
    _follow(reference, hypothesis)
    while reference.more_than_one and hypothesis.more_than_one:
        if _overlap(reference.silence(), hypothesis.silence()) >= 0:
            return True
        later, other = reference, hypothesis
        if reference.line.start <= hypothesis.line.start:
            later, other = hypothesis, reference
        if not later.step_back():
            _catch_up(later, other)
    return False


def _follow(reference, hypothesis):
    """Moves the end of the later side back to that of the other."""
    passed = True
    while passed:
        passed = False
        if reference.line.start > hypothesis.line.start:
            passed = _catch_up(hypothesis, reference)
        elif reference.line.start < hypothesis.line.start:
            passed = _catch_up(reference, hypothesis)


def _catch_up(side, later):
    """Moves the end of `later` back while it begins after that of the other side.

    Returns whether alternatives were passed, at which it stops.
    """
    while (
        later.last >= later.first
        and later.line.start > side.line.start
        and _overlap(later.line[:2], side.line[:2]) < 0
    ):
        if later.step_back():
            return True
    return False


def _overlap(one, other):
    return min(one[1], other[1]) - max(one[0], other[0])
