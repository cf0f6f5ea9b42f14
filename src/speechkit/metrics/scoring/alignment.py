"""The pairs of tokens of a reference and a hypothesis."""

import dataclasses

from speechkit.metrics.scoring.error_counts import ErrorCounts

# Whether an operation takes a token of the reference, and one of the hypothesis.
_TAKES = {
    "H": (True, True),
    "S": (True, True),
    "D": (True, False),
    "I": (False, True),
    "O": (True, False),
    "X": (False, True),
}


@dataclasses.dataclass(frozen=True)
class Alignment:
    """Pairs the tokens of a reference with those of a hypothesis.

    Attributes:
        reference: Tokens of the reference; of alternatives, those that fit best.
        hypothesis: Tokens of the hypothesis.
        operations: One letter for each step: `H` for a hit, `S` for a substitution,
            `D` for a deletion, `I` for an insertion, and `O` for an optional word of
            the reference that was left out, `X` for one of the hypothesis.
        optional_is_hit: Whether `O` and `X` count as hits, as in sclite. Otherwise they
            count as nothing, as if the word were not there.

    Raises:
        ValueError: If the operations do not take each token once.

    Example:
        >>> Alignment(("turn", "left"), ("turn", "it", "left"), "HIH").pairs
        [('turn', 'turn'), (None, 'it'), ('left', 'left')]
    """

    reference: tuple[str, ...]
    hypothesis: tuple[str, ...]
    operations: str
    optional_is_hit: bool = dataclasses.field(default=False, kw_only=True)

    def __post_init__(self):
        letters = {letter: self.operations.count(letter) for letter in _TAKES}
        taken = [
            sum(count for letter, count in letters.items() if _TAKES[letter][side])
            for side in (0, 1)
        ]
        known = sum(letters.values()) == len(self.operations)
        if not known or taken != [len(self.reference), len(self.hypothesis)]:
            raise ValueError(
                "`operations` must be letters of 'HSDIOX' that take each token once. "
                f"Received: operations={self.operations[:40]!r}, "
                f"{len(self.reference)} and {len(self.hypothesis)} tokens"
            )

    @property
    def counts(self) -> ErrorCounts:
        """Hits, substitutions, deletions and insertions."""
        hits, *errors, missed, added = map(self.operations.count, "HSDIOX")
        return ErrorCounts(hits + self.optional_is_hit * (missed + added), *errors)

    @property
    def pairs(self) -> list[tuple[str | None, str | None]]:
        """One pair (reference, hypothesis) a step; `None` where a side has none."""
        sides = iter(self.reference), iter(self.hypothesis)
        return [
            (
                next(sides[0]) if _TAKES[letter][0] else None,
                next(sides[1]) if _TAKES[letter][1] else None,
            )
            for letter in self.operations
        ]
