"""The lattice of connectionist temporal classification, in probabilities.

A frame of `lattice` takes logarithms and exponentials of every state; here it takes
products and sums, in float64. What differs by too much for float64 would be lost, so
three things are done. A block of frames is divided by its sum. A label that is
improbable in all frames is lifted by one factor in all alignments, which changes no
share. And what may have been lost is bounded: where the bound is not far below the last
digit of the result, the lattice in logarithms takes over.
"""

import tensorflow as tf

from speechkit.ops.ctc import lattice
from speechkit.ops.runtime import sequences_tensorflow as sequences

# Frames for each step of the loop. With fewer, the loop itself takes the time.
_BLOCK = 8


@tf.function(
    input_signature=[
        tf.TensorSpec((None, None, None), tf.float64),
        tf.TensorSpec((None, 1, None), tf.float64),
        tf.TensorSpec((None, None), tf.int32),
        tf.TensorSpec((None,), tf.int32),
        tf.TensorSpec((None,), tf.bool),
    ],
    autograph=False,
)
def posteriors(label_scores, blank_scores, labels, frames, feasible):
    """Returns what `lattice.posteriors` returns, in float64.

    Args:
        label_scores: `(frames, labels, batch)`, as there; finite in padding.
        blank_scores: `(frames, 1, batch)`, as there; finite in padding.
        labels: `(labels, batch)`, as there.
        frames: `(batch,)`, as there.
        feasible: `(batch,)`: false for a clip whose result does not matter.
    """
    total, shares, excess = _in_probabilities(
        label_scores, blank_scores, labels, frames, feasible
    )
    return tf.cond(
        tf.reduce_all(tf.logical_or(excess < lattice.MAX_EXCESS, ~feasible)),
        lambda: (total, shares),
        lambda: lattice.posteriors(label_scores, blank_scores, labels, frames),
    )


def _in_probabilities(label_scores, blank_scores, labels, frames, feasible):
    """Returns log-likelihood, shares, and what the best pieces exceed the sum by."""
    num_frames = tf.shape(label_scores)[0]
    label_scores, blank_scores, labels = _padded(label_scores, blank_scores, labels)
    valid = lattice.valid_frames(blank_scores, frames)
    label_scores, blank_scores, peaks = lattice.relative_scores(
        label_scores, blank_scores, valid
    )
    lifts = _lifts(label_scores, labels)
    label_weights, blank_weights = tf.exp(label_scores), tf.exp(blank_scores)
    arrived, sums, end = _recursion(label_weights, blank_weights, labels, lifts)
    scales = tf.math.log(sums)
    total = tf.split(tf.math.log(end) + tf.reduce_sum(scales, axis=0), 2)[1]
    before = tf.repeat(tf.cumsum(scales, exclusive=True), _BLOCK, axis=0)
    excess = sum(lattice.both_ways(before[:, None])) - total
    excess = tf.where(valid & feasible, excess, lattice.NEVER)
    shares = _shares(arrived, label_weights, excess, lifts)
    total += tf.reduce_sum(peaks, axis=(0, 1)) - tf.reduce_sum(lifts, axis=0)
    return total, shares[:num_frames, 1:-1], tf.reduce_max(excess, axis=(0, 1))


def _padded(label_scores, blank_scores, labels):
    """Returns the same for whole blocks, and with no label before the first and last.

    So a step moves all labels by one in a single operation, and none has to be cut.
    """
    num_frames = tf.shape(label_scores)[0]
    length = sequences.count_of(num_frames, _BLOCK) * _BLOCK
    more = [0, length - num_frames]
    never = tf.constant(lattice.NEVER, label_scores.dtype)
    return (
        tf.pad(label_scores, [more, [1, 1], [0, 0]], constant_values=never),
        sequences.padded(blank_scores, length),
        tf.pad(labels, [[1, 1], [0, 0]], constant_values=-1),
    )


def _lifts(label_scores, labels):
    """Returns `(labels, batch)`: minus the best score of each label in its clip."""
    best = tf.reduce_max(label_scores, axis=0)
    return tf.where(
        labels >= 0, tf.minimum(-best, lattice.MAX_LIFT), tf.zeros_like(best)
    )


def _recursion(label_weights, blank_weights, labels, lifts):
    """Returns what arrives in the labels, what blocks are divided by, and what ends.

    Row `j` of the blanks is the blank before label `j`.

    Returns:
        What arrives in each frame before its own weight, in the unit of its block,
        `(frames, labels, 2 * batch)`; `(blocks, 2 * batch)`; and `(2 * batch,)`, what
        is in the last states in the end.
    """
    label_weights, blank_weights = (
        sequences.divided(weights, -1, _BLOCK)
        for weights in lattice.two_way(label_weights, blank_weights)
    )
    num_blocks = tf.shape(label_weights)[0]
    transitions = _transitions(labels, lifts)
    start = lattice.two_way_start(labels[1:-1])
    blank = tf.cast(tf.pad(start, [[1, 0], [0, 0]]), lifts.dtype)

    def block(index, label, blank, all_arrived, all_sums):
        weights = label_weights[index], blank_weights[index]
        arrived, label, blank = _through_block(label, blank, weights, transitions)
        whole = tf.reduce_sum(label + blank, axis=0, keepdims=True)
        whole = tf.maximum(whole, lattice.TINY)
        all_arrived = all_arrived.write(index, arrived)
        all_sums = all_sums.write(index, whole[0])
        return index + 1, label / whole, blank / whole, all_arrived, all_sums

    arrays = [tf.TensorArray(lifts.dtype, size=num_blocks) for _ in range(2)]
    _, label, blank, all_arrived, all_sums = tf.while_loop(
        lambda index, *_: index < num_blocks,
        block,
        (0, tf.zeros_like(blank), blank, *arrays),
    )
    return all_arrived.concat(), all_sums.stack(), label[-2] + blank[-1]


def _transitions(labels, lifts):
    """Returns what enters a label from a blank and a label, and the row before each."""
    lifts = tf.exp(tf.concat([lifts, tf.reverse(lifts, [0])], axis=1))
    transitions = lattice.two_way_transitions(labels)
    enters, skips = (lifts * tf.cast(possible, lifts.dtype) for possible in transitions)
    # The last row, which holds nothing, comes before the first.
    num_labels = tf.shape(labels)[0]
    earlier = tf.math.floormod(tf.range(-1, num_labels - 1), num_labels)
    return enters, skips, earlier


def _through_block(label, blank, weights, transitions):
    """Returns what arrives in the labels in each frame of a block, and what leaves it.

    At a hundred frames, the time goes into starting operations: there are few.
    """
    enters, skips, earlier = transitions
    arrived = []
    for label_weight, blank_weight in zip(*map(tf.unstack, weights), strict=True):
        before = tf.gather(label, earlier)
        arrived.append(label + (enters * blank + skips * before))
        label = arrived[-1] * label_weight
        blank = (blank + before) * blank_weight
    return tf.stack(arrived), label, blank


def _shares(arrived, label_weights, excess, lifts):
    """Returns the posteriors of the labels from what arrives in them both ways."""
    forward, backward = lattice.both_ways(arrived)
    # A weight times its lift is at most one: neither factor leaves float64.
    factors = tf.exp(excess) * tf.exp(-lifts)
    return (forward * label_weights) * (tf.reverse(backward, [1]) * factors)
