"""The lattice of connectionist temporal classification, in probabilities.

A frame of `lattice` takes logarithms and exponentials of every state; here it takes
products and sums, in float64. What differs by too much for float64 would be lost, so
three things are done. A block of frames is divided by its sum. A label that is
improbable in all frames is lifted by one factor in all alignments, which changes no
share. And the loss of digits is bounded: clips whose bound is not far below the last
digit of the result, and no others, go through the lattice in logarithms.
"""

import functools

import tensorflow as tf

from speechkit.ops.ctc import lattice
from speechkit.ops.runtime import choosing_tensorflow
from speechkit.ops.runtime import sequences_tensorflow as sequences

# Frames for each step of the loop. With fewer, the loop itself takes the time.
_BLOCK = 8


def posteriors(label_scores, blank_scores, best_scores, labels, frames, is_counted):
    """Returns the results of `lattice.posteriors`, in float64.

    Args:
        label_scores: `(frames, labels, batch)`, as there.
        blank_scores: `(frames, 1, batch)`, as there.
        best_scores: `(frames, 1, batch)`, as there.
        labels: `(labels, batch)`, as there.
        frames: `(batch,)`, as there.
        is_counted: `(batch,)`: false for a clip whose result does not matter.
    """
    function = _in_xla if choosing_tensorflow.is_for_xla() else _in_graph
    return function(label_scores, blank_scores, best_scores, labels, frames, is_counted)


def _posteriors(
    of_extreme_clips,
    label_scores,
    blank_scores,
    best_scores,
    labels,
    frames,
    is_counted,
):
    """Returns the posteriors; `of_extreme_clips` replaces those of some clips."""
    total, shares, excess = _in_probabilities(
        label_scores, blank_scores, best_scores, labels, frames, is_counted
    )
    is_extreme = tf.logical_and(is_counted, excess >= lattice.MAX_EXCESS)
    arguments = label_scores, blank_scores, best_scores, labels, frames
    return tf.cond(
        tf.reduce_any(is_extreme),
        lambda: of_extreme_clips(is_extreme, total, shares, arguments),
        lambda: (total, shares),
    )


def _gathered(is_extreme, total, shares, arguments):
    """Returns the results with extreme clips computed in logarithms, and no others."""
    clips = tf.where(is_extreme)[:, 0]
    some = [tf.gather(values, clips, axis=-1) for values in arguments]
    places = tf.maximum(tf.cumsum(tf.cast(is_extreme, tf.int32)) - 1, 0)
    results = [tf.gather(x, places, axis=-1) for x in lattice.posteriors(*some)]
    return _selected(is_extreme, results, (total, shares))


def _computed_for_all(is_extreme, total, shares, arguments):
    """Returns the same where the shapes must be known: logarithms of all clips."""
    return _selected(is_extreme, lattice.posteriors(*arguments), (total, shares))


def _selected(is_extreme, in_logarithms, in_probabilities):
    pairs = zip(in_logarithms, in_probabilities, strict=True)
    return tuple(tf.where(is_extreme, x, y) for x, y in pairs)


_in_graph, _in_xla = (
    tf.function(
        functools.partial(_posteriors, of_extreme_clips),
        input_signature=[
            tf.TensorSpec((None, None, None), tf.float64),
            tf.TensorSpec((None, 1, None), tf.float64),
            tf.TensorSpec((None, 1, None), tf.float64),
            tf.TensorSpec((None, None), tf.int32),
            tf.TensorSpec((None,), tf.int32),
            tf.TensorSpec((None,), tf.bool),
        ],
        autograph=False,
    )
    for of_extreme_clips in (_gathered, _computed_for_all)
)


def _in_probabilities(
    label_scores, blank_scores, best_scores, labels, frames, is_counted
):
    """Returns log-weight, shares, and how far the best pieces exceed the sum."""
    num_frames = tf.shape(label_scores)[0]
    label_scores, blank_scores, best_scores, labels = _padded(
        label_scores, blank_scores, best_scores, labels
    )
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
    excess = tf.where(valid & is_counted, excess, lattice.NEVER)
    shares = _shares(arrived, label_weights, excess, lifts)
    total += lattice.sum_of_peaks(peaks, best_scores, valid) - tf.reduce_sum(
        lifts, axis=0
    )
    return total, shares[:num_frames, 1:-1], tf.reduce_max(excess, axis=(0, 1))


def _padded(label_scores, blank_scores, best_scores, labels):
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
        sequences.padded(best_scores, length),
        tf.pad(labels, [[1, 1], [0, 0]], constant_values=-1),
    )


def _lifts(label_scores, labels):
    """Returns `(labels, batch)`: minus the best score of each label in its clip."""
    best = tf.reduce_max(label_scores, axis=0)
    return tf.where(
        labels >= 0, tf.minimum(-best, lattice.MAX_LIFT), tf.zeros_like(best)
    )


def _recursion(label_weights, blank_weights, labels, lifts):
    """Returns the sums that arrive in labels, the sums of blocks, and the last sum.

    Row `j` of the blanks is the blank before label `j`.

    Returns:
        `(frames, labels, 2 * batch)`: the sums that arrive in a frame, before its own
        weight, in the unit of its block; `(blocks, 2 * batch)`: the sums by which
        blocks are divided; and `(2 * batch,)`: the sum of the last states in the end.
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
    """Returns the factors of a blank and a label before a label, and its row."""
    lifts = tf.exp(tf.concat([lifts, tf.reverse(lifts, [0])], axis=1))
    transitions = lattice.two_way_transitions(labels)
    enters, skips = (lifts * tf.cast(possible, lifts.dtype) for possible in transitions)
    # The last row, which holds nothing, comes before the first.
    num_labels = tf.shape(labels)[0]
    earlier = tf.math.floormod(tf.range(-1, num_labels - 1), num_labels)
    return enters, skips, earlier


def _through_block(label, blank, weights, transitions):
    """Returns the sums that arrive in the frames of a block, and its last states.

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
    """Returns the posteriors of labels from the sums that arrive in them both ways."""
    forward, backward = lattice.both_ways(arrived)
    # A weight times its lift is at most one: neither factor leaves float64.
    factors = tf.exp(excess) * tf.exp(-lifts)
    return (forward * label_weights) * (tf.reverse(backward, [1]) * factors)
