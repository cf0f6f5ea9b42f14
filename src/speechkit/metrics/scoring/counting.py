"""Counts of a whole corpus, without its alignments."""

from collections.abc import Sequence

from speechkit.metrics.scoring._tokens import find_splitter, tokens_of
from speechkit.metrics.scoring.error_counts import ErrorCounts
from speechkit.ops.edits import operations


def count_errors(
    references: Sequence[str | Sequence[str]],
    hypotheses: Sequence[str | Sequence[str]],
    *,
    unit: str = "words",
) -> ErrorCounts:
    """Counts the hits and the errors of a corpus; the counts of `score`, but faster.

    Args:
        references: Texts, or the tokens of each.
        hypotheses: As many, in the same order.
        unit: What a text is split into, as in `align`.

    Raises:
        TypeError: If a side holds something else than texts or tokens.
        ValueError: If there are not as many hypotheses as references, or there is no
            such unit.

    Example:
        >>> count_errors(["a b", "c d e"], ["a b", "c e e"]).error_rate
        0.2
    """
    check_lengths(references, hypotheses)
    split = find_splitter(unit)
    pairs = (
        (
            _tokens("references", reference, split),
            _tokens("hypotheses", hypothesis, split),
        )
        for reference, hypothesis in zip(references, hypotheses, strict=True)
    )
    return ErrorCounts(*operations.count_operations(pairs))


def check_lengths(
    references: Sequence, others: Sequence, name: str = "hypotheses"
) -> None:
    """Raises unless both are sequences of the same length, and not one text.

    Raises:
        TypeError: If one is no sequence, or one text.
        ValueError: If their lengths differ.
    """
    for title, texts in (("references", references), (name, others)):
        if isinstance(texts, str | bytes) or not isinstance(texts, Sequence):
            raise TypeError(
                f"`{title}` must be a sequence of texts. "
                f"Received: {title} of type {type(texts).__name__}"
            )
    if len(references) != len(others):
        raise ValueError(
            f"`{name}` must be as many as `references`. "
            f"Received: {len(others)} {name}, {len(references)} references"
        )


def _tokens(name, value, split):
    # A text is the usual case, and this loop is all that takes time.
    return split(value) if type(value) is str else tokens_of(name, value, split)
