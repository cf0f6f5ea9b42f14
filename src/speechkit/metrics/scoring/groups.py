"""Parts of a score: whose errors they are, and of how long utterances."""

import bisect
from collections.abc import Sequence

from speechkit._names import alike
from speechkit.metrics.scoring.score import Score


def by_speaker(score: Score) -> dict[str, Score]:
    """Returns the score of each speaker, in the order of their names.

    Raises:
        ValueError: If the speaker of an utterance is not known.

    Example:
        >>> from speechkit import metrics
        >>> result = metrics.score(["a b", "c"], ["a", "c"], speakers=["ann", "ben"])
        >>> {name: part.error_rate for name, part in by_speaker(result).items()}
        {'ann': 0.5, 'ben': 0.0}
    """
    parts: dict[str, list] = {}
    for utterance in score.utterances:
        if utterance.speaker is None:
            raise ValueError(
                "`score` must know the speaker of every utterance. "
                f"Received: none of {utterance.utterance_id!r}"
            )
        parts.setdefault(alike(utterance.speaker), []).append(utterance)
    return {name: Score(tuple(parts[name])) for name in sorted(parts)}


def by_length(
    score: Score, edges: Sequence[int] = (1, 6, 11, 21, 41)
) -> dict[tuple[int, int | None], Score]:
    """Returns the score of the utterances of each length, the short ones first.

    Args:
        score: The score to divide.
        edges: Number of reference tokens with which each further part begins, in
            rising order. The first part holds what is shorter than the first edge.

    Returns:
        The parts by their fewest and most tokens, `None` for no limit; empty parts are
        left out.

    Raises:
        ValueError: If `edges` do not rise.

    Example:
        >>> from speechkit import metrics
        >>> parts = by_length(metrics.score(["a", "b c d"], ["a", "b"]), edges=(1, 3))
        >>> {lengths: part.error_rate for lengths, part in parts.items()}
        {(1, 2): 0.0, (3, None): 0.6666666666666666}
    """
    edges = [*edges]
    if edges != sorted(set(edges)) or (edges and edges[0] < 1):
        raise ValueError(f"`edges` must rise from 1 or more. Received: edges={edges}")
    parts: list[list] = [[] for _ in range(len(edges) + 1)]
    for utterance in score.utterances:
        length = utterance.alignment.counts.reference_length
        parts[bisect.bisect_right(edges, length)].append(utterance)
    limits = zip([0, *edges], [*(edge - 1 for edge in edges), None], strict=True)
    return {
        limit: Score(tuple(part))
        for limit, part in zip(limits, parts, strict=True)
        if part
    }
