"""What the beams are worth where a clip ends, and their labels, compiled."""

import math

import numpy as np

from speechkit.decoders._beam_search.arrays import BONUS, LABEL, LANGUAGE, PARENT
from speechkit.decoders._beam_search.prefixes import conclude
from speechkit.ops.runtime.compiling import borrow, compiled_inline
from speechkit.ops.runtime.logarithms_numba import log_add


@compiled_inline
def conclude_all(task, tree, beams, final, nodes, scores):
    """Writes the node, without a delimiter at its end, and the scores of each beam.

    Args:
        task: What does not change.
        tree: The prefixes.
        beams: The beams.
        final: Whether the clip ends here.
        nodes: `(beams,)`: what is written.
        scores: `(beams, 3)`: likewise; acoustic score, language score and bonus.
    """
    task, tree, beams = borrow(task), borrow(tree), borrow(beams)
    for beam in range(beams.used[0]):
        node = beams.nodes[beam]
        scores[beam, 0] = beams.total[beam]
        scores[beam, 1] = tree.numbers[node, LANGUAGE]
        scores[beam, 2] = tree.numbers[node, BONUS]
        parent = tree.integers[node, PARENT]
        if parent >= 0 and tree.integers[node, LABEL] == task.classes.delimiter:
            node = parent
        if final:
            scores[beam, 1], scores[beam, 2] = conclude(task, tree, node)
        nodes[beam] = node


@compiled_inline
def spelled(tree, node):
    """Returns the labels of a prefix."""
    length, walked = 0, node
    while tree.integers[walked, PARENT] >= 0:
        length += 1
        walked = tree.integers[walked, PARENT]
    labels = np.empty(length, np.int32)
    while length > 0:
        length -= 1
        labels[length] = tree.integers[node, LABEL]
        node = tree.integers[node, PARENT]
    return labels


@compiled_inline
def whole_score(log_probs, labels, blank, delimiter):
    """Returns the log probability of labels over all of their paths, as a search sums.

    Delimiters in a row are one, and those at the ends are none.
    """
    places = np.empty(len(labels) + 2, np.int64)
    places[0], places[-1] = delimiter, delimiter
    places[1:-1] = labels
    end = len(labels) + (1 if delimiter >= 0 else 0)
    in_blank, in_label = np.full(end + 1, -math.inf), np.full(end + 1, -math.inf)
    in_blank[0] = 0.0
    for row in log_probs:
        # From the end, so that the sums of the frame before are still there.
        for place in range(end, -1, -1):
            label = places[place]
            total = log_add(in_blank[place], in_label[place])
            in_blank[place] = total + row[blank]
            if label < 0:
                continue
            enters = total if label == delimiter else in_label[place]
            if place > 0:
                before = in_blank[place - 1]
                if places[place - 1] != label:
                    before = log_add(before, in_label[place - 1])
                enters = log_add(enters, before)
            in_label[place] = enters + row[label]
    score = log_add(in_blank[len(labels)], in_label[len(labels)])
    if end > len(labels) > 0:
        score = log_add(score, log_add(in_blank[end], in_label[end]))
    return score
