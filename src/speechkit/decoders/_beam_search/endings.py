"""What the beams are worth where a clip ends, and their labels, compiled."""

import numpy as np

from speechkit.decoders._beam_search.arrays import BONUS, LABEL, LANGUAGE, PARENT
from speechkit.decoders._beam_search.prefixes import conclude
from speechkit.ops.runtime.compiling import borrow, compiled_inline


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
