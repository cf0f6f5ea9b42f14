"""The rows of the table of a score."""

from collections.abc import Mapping

from speechkit.metrics.scoring.groups import by_speaker
from speechkit.metrics.scoring.score import Score

HEAD = ("", "Snt", "Tok", "Corr", "Sub", "Del", "Ins", "Err", "S.Err")


def score_rows(
    score: Score, parts: Mapping[str, Score] | None = None
) -> list[tuple[str, ...]]:
    """Returns a row for each part, and one for all.

    Without `parts` they are the speakers, if those are known.

    The columns are those of `HEAD`: a name, two numbers and six percentages.
    """
    if parts is None:
        known = all(u.speaker is not None for u in score.utterances)
        parts = by_speaker(score) if known else {}
    return [*(_row(*item) for item in parts.items()), _row("all", score)]


def _row(name, score):
    counts = score.counts
    parts = (counts.hits, counts.substitutions, counts.deletions, counts.insertions)
    length = counts.reference_length
    shares = [part / length if length else float("nan") for part in parts]
    rates = (*shares, counts.error_rate, score.sentence_error_rate)
    numbers = (str(len(score.utterances)), str(length))
    return (name, *numbers, *(f"{100 * rate:.1f}" for rate in rates))
