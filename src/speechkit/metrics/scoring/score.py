"""Alignments of all utterances, and their sums."""

import dataclasses
from collections.abc import Iterable

from speechkit.metrics.scoring.alignment import Alignment
from speechkit.metrics.scoring.error_counts import ErrorCounts


@dataclasses.dataclass(frozen=True)
class Utterance:
    """An alignment and whose it is.

    Attributes:
        utterance_id: Name of the utterance.
        alignment: Its reference and hypothesis.
        speaker: Who speaks; `None` if unknown.
    """

    utterance_id: str
    alignment: Alignment
    speaker: str | None = None


@dataclasses.dataclass(frozen=True)
class Score:
    """Holds the alignments of a corpus; rates are of sums, never means of rates.

    Attributes:
        utterances: One for each reference, in its order.
    """

    utterances: tuple[Utterance, ...]

    @property
    def counts(self) -> ErrorCounts:
        """Hits and errors of all utterances together."""
        return add_counts(self.utterances)

    @property
    def error_rate(self) -> float:
        """Errors by reference tokens, over the corpus."""
        return self.counts.error_rate

    @property
    def sentence_errors(self) -> int:
        """Number of utterances with at least one error."""
        return sum(u.alignment.counts.errors > 0 for u in self.utterances)

    @property
    def sentence_error_rate(self) -> float:
        """Share of utterances with at least one error; 0 if there are none."""
        if not self.utterances:
            return 0.0
        return self.sentence_errors / len(self.utterances)


def add_counts(utterances: Iterable[Utterance]) -> ErrorCounts:
    """Returns the counts of utterances together."""
    total = ErrorCounts()
    for utterance in utterances:
        total += utterance.alignment.counts
    return total
