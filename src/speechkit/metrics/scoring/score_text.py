"""Scores as tables of text."""

from collections.abc import Mapping

from speechkit.metrics.scoring._score_rows import HEAD, score_rows
from speechkit.metrics.scoring.score import Score


def score_to_text(score: Score, *, parts: Mapping[str, Score] | None = None) -> str:
    """Writes a score as the table of a paper: a line a speaker, and one for all.

    `Snt` and `Tok` are numbers of utterances and of reference tokens; the rest are
    percentages: hits, substitutions, deletions, insertions and errors of the reference
    tokens, and utterances with errors. Without speakers there is one line.

    Args:
        score: The score.
        parts: Scores that have a line each, by their titles, in place of the speakers.

    Example:
        >>> from speechkit import metrics
        >>> print(score_to_text(metrics.score(["a b", "c d"], ["a", "c d"])))
             Snt  Tok   Corr    Sub    Del    Ins    Err  S.Err
        all    2    4   75.0    0.0   25.0    0.0   25.0   50.0
    """
    rows = [HEAD, *score_rows(score, parts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    widths = [widths[0], *(max(w, 4 if i < 2 else 6) for i, w in enumerate(widths[1:]))]
    return "\n".join(
        " ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
