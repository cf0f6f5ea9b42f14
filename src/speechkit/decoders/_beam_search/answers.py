"""The beams of a search as texts with scores and times."""

import math
from collections.abc import Sequence

import numpy as np

from speechkit.decoders import _describing
from speechkit.decoders._beam_search import joining
from speechkit.decoders._beam_search.arrays import Search
from speechkit.decoders._beam_search.endings import conclude_all, spelled
from speechkit.decoders._class_texts import ClassTexts
from speechkit.decoders.hypothesis import Hypothesis
from speechkit.ops.ctc.compiled import best_path_numba


def hypotheses(
    searches: Sequence[Search],
    classes: ClassTexts,
    log_probs: np.ndarray,
    num_hypotheses: int,
    *,
    final: bool,
    language=None,
) -> list[Hypothesis]:
    """Returns the best readings, best first; with `final` they are whole sentences.

    Args:
        searches: The search that knows no hotwords, and that for hotwords if there are
            any.
        classes: Texts of the classes.
        log_probs: `(frames, classes)`: all frames so far.
        num_hypotheses: How many readings at most.
        final: Whether the clip ends here.
        language: Language model that Python asks after each word.
    """
    plain, *wider = searches
    nodes, scores = _readings(plain, final, language)
    if wider:
        others, other_scores = _readings(wider[0], final, language)
        texts, scores = joining.joined(
            wider[0].task,
            ([spelled(plain.tree, node) for node in nodes], scores),
            ([spelled(wider[0].tree, node) for node in others], other_scores),
            log_probs,
            final=final,
        )
    totals = scores.sum(axis=1)
    shares = _describing.shares(totals)
    # A large weight rounds what it is added to.
    order = np.lexsort([-scores[:, :2].sum(axis=1), -totals])[:num_hypotheses]
    labels = [texts[i] if wider else spelled(plain.tree, nodes[i]) for i in order]
    found = [
        _hypothesis(classes, row, scores[i], float(shares[i]), log_probs)
        for i, row in zip(order, labels, strict=True)
    ]
    return _describing.possible(found)


def _readings(search, final, language):
    """Returns the node of each text that is allowed, and its scores."""
    task, tree, beams = search.task, search.tree, search.beams
    count = int(beams.used[0])
    nodes, scores = np.zeros(count, "int32"), np.zeros((count, 3))
    conclude_all(task, tree, beams, final, nodes, scores)
    if final and language is not None:
        scores[:, 1] += language.end_scores(task, tree, nodes)
    return _merged(nodes, scores)


def _merged(nodes, scores):
    """Returns one row for each text that is allowed, with all its paths."""
    allowed = scores[:, 1] > -math.inf
    nodes, scores = nodes[allowed], scores[allowed]
    kept, firsts, places = np.unique(nodes, return_index=True, return_inverse=True)
    acoustic = np.full(len(kept), -math.inf)
    np.logaddexp.at(acoustic, places, scores[:, 0])
    return kept, np.column_stack([acoustic, scores[firsts, 1:]])


def _hypothesis(classes, labels, scores, confidence, log_probs):
    spans, means = best_path_numba.label_spans(
        log_probs, labels, classes.blank, classes.delimiter
    )
    return _describing.hypothesis(
        classes, labels.tolist(), spans, means, scores, confidence
    )
