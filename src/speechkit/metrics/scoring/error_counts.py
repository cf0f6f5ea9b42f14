"""Counts of an alignment, and the rates that follow from them."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class ErrorCounts:
    """Counts hits and errors of references; counts add up with `+`.

    Attributes:
        hits: Reference tokens that were recognised.
        substitutions: Reference tokens that were taken for others.
        deletions: Reference tokens that were missed.
        insertions: Tokens of the hypotheses without one of the reference.

    Example:
        >>> counts = ErrorCounts(hits=7, substitutions=2, deletions=1, insertions=1)
        >>> counts.errors, counts.reference_length, counts.error_rate
        (4, 10, 0.4)
    """

    hits: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    def __add__(self, other: "ErrorCounts") -> "ErrorCounts":
        return ErrorCounts(
            self.hits + other.hits,
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
        )

    @property
    def errors(self) -> int:
        """Substitutions, deletions and insertions."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def reference_length(self) -> int:
        """Number of reference tokens."""
        return self.hits + self.substitutions + self.deletions

    @property
    def hypothesis_length(self) -> int:
        """Number of tokens of the hypotheses."""
        return self.hits + self.substitutions + self.insertions

    @property
    def error_rate(self) -> float:
        """Errors by reference tokens; if those are words, the word error rate.

        Without a reference token it is 0, or infinite if there are errors.
        """
        if self.reference_length:
            return self.errors / self.reference_length
        return float("inf") if self.errors else 0.0

    @property
    def match_error_rate(self) -> float:
        """Errors by steps of the alignment, never above 1; 0 without any token."""
        steps = self.hits + self.errors
        return self.errors / steps if steps else 0.0

    @property
    def word_information_preserved(self) -> float:
        """Share of hits in the reference by their share in the hypothesis.

        It is 1 if both are empty and 0 if only one is.
        """
        if not self.reference_length and not self.hypothesis_length:
            return 1.0
        if not self.hits:
            return 0.0
        recall = self.hits / self.reference_length
        return recall * (self.hits / self.hypothesis_length)

    @property
    def word_information_lost(self) -> float:
        """What `word_information_preserved` leaves of 1."""
        return 1 - self.word_information_preserved
