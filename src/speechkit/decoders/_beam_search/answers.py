"""The beams of a search as texts with scores and times."""

import math

import numpy as np

from speechkit.decoders import _describing
from speechkit.decoders._beam_search.arrays import Beams, Tree
from speechkit.decoders._beam_search.endings import conclude_all, spelled
from speechkit.decoders._beam_search.inputs import Task
from speechkit.decoders._class_texts import ClassTexts
from speechkit.decoders.hypothesis import Hypothesis
from speechkit.ops.ctc.compiled import best_path_numba


def hypotheses(
    task: Task,
    tree: Tree,
    beams: Beams,
    classes: ClassTexts,
    log_probs: np.ndarray,
    num_hypotheses: int,
    *,
    final: bool,
    language=None,
) -> list[Hypothesis]:
    """Returns the best readings, best first; with `final` they are whole sentences."""
    count = int(beams.used[0])
    nodes, scores = np.zeros(count, "int32"), np.zeros((count, 3))
    conclude_all(task, tree, beams, final, nodes, scores)
    if final and language is not None:
        scores[:, 1] += language.end_scores(task, tree, nodes)
    nodes, scores = _merged(nodes, scores)
    totals = scores.sum(axis=1)
    shares = _describing.shares(totals)
    found = [
        _hypothesis(
            classes, spelled(tree, nodes[i]), scores[i], float(shares[i]), log_probs
        )
        for i in np.argsort(-totals, kind="stable")[:num_hypotheses]
    ]
    return _describing.possible(found)


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
