"""The lattice of connectionist temporal classification, in logarithms.

A clip with labels `1 … n` has label states `1 … n` and blank states `0 … n`, blank `j`
after label `j`. Every array has the clips on its last axis, so that a recursion over
labels moves whole rows. Scores are logits: logarithms of weights that need not add up
to one.
"""

import math

from keras import ops

# The logarithm of zero.
NEVER = -math.inf

# Of the same sums in probabilities, in float64, as kernels compute them:
# The logarithm of the largest lift, so that the product of two stays in float64.
MAX_LIFT = 300.0
# The logarithm of how much the best pieces of all alignments may exceed their sum. What
# is lost in a state is below e^-708 of the pieces, so below e^-58 of the sum.
MAX_EXCESS = 650.0
# The least by which anything is divided.
TINY = 1e-300


def posteriors(label_scores, blank_scores, best_scores, labels, frames):
    """Returns the weight of all alignments and the posteriors of their states.

    Args:
        label_scores: `(frames, labels, batch)`, with at least one frame: scores of the
            labels, below infinity; any finite number in padding.
        blank_scores: `(frames, 1, batch)`: the same of the blank.
        best_scores: `(frames, 1, batch)`: the best score of any class; any finite
            number in padding.
        labels: `(labels, batch)` integers; −1 after the last label of a clip.
        frames: `(batch,)` integers: valid frames of each clip.

    Returns:
        `(batch,)` logarithms of the weight of all alignments, relative to that of the
        best class of each frame, −∞ where there is none; and `(frames, labels, batch)`,
        the share of this weight that goes through each label in each frame, zero in
        padded frames.
    """
    valid = valid_frames(blank_scores, frames)
    label_scores, blank_scores, peaks = relative_scores(
        label_scores, blank_scores, valid
    )
    label_scores, blank_scores = two_way(label_scores, blank_scores)
    to_labels, to_blanks, total = _recursion(label_scores, blank_scores, labels)
    through = ops.concatenate(
        [_joined(to_blanks, blank_scores), _joined(to_labels[:, 1:], label_scores)],
        axis=1,
    )
    # Relative to the sum over the states of each frame, whose rounding is the same.
    shares = ops.exp(through - _finite_sum(through))
    shares = shares[:, 1 + ops.shape(labels)[0] :]
    shares = ops.where(valid, shares, ops.zeros_like(shares))
    return total + sum_of_peaks(peaks, best_scores, valid), shares


def valid_frames(scores, frames):
    """Returns `(frames, 1, batch)`: true for the valid frames of each clip."""
    positions = ops.arange(ops.shape(scores)[0], dtype="int32")
    return positions[:, None, None] < frames[None, None, :]


def relative_scores(label_scores, blank_scores, valid):
    """Returns the scores of labels and blanks relative to the best score of a frame.

    Padded frames let nothing into a label and keep what is in a blank: forward, what
    has arrived waits there for the end, and backward, for the start.

    Returns:
        `(frames, labels, batch)`; `(frames, 1, batch)`; and the best scores,
        `(frames, 1, batch)`: zero where there is none.
    """
    peaks = ops.max(label_scores, axis=1, keepdims=True, initial=NEVER)
    peaks = ops.maximum(peaks, blank_scores)
    peaks = ops.where(ops.isfinite(peaks), peaks, 0.0)
    blank_scores = ops.where(valid, blank_scores - peaks, 0.0)
    return label_scores - ops.where(valid, peaks, -NEVER), blank_scores, peaks


def sum_of_peaks(peaks, best_scores, valid):
    """Returns `(batch,)`: the sum of the peaks relative to the best scores."""
    return ops.sum(ops.where(valid, peaks - best_scores, 0.0), axis=(0, 1))


def two_way(label_values, blank_values):
    """Returns both directions as one batch of twice the size.

    Backward, frames and labels come in reverse order, so that one recursion runs on
    both.

    Returns:
        `(frames, labels, 2 * batch)`, and `(frames, 1, 2 * batch)`.
    """
    backward = ops.flip(ops.flip(label_values, axis=0), axis=1)
    label_values = ops.concatenate([label_values, backward], axis=2)
    backward = ops.flip(blank_values, axis=0)
    return label_values, ops.concatenate([blank_values, backward], axis=2)


def two_way_transitions(labels):
    """Returns whether a label may follow the blank, and the label, before it.

    Returns:
        Two arrays `(labels, 2 * batch)`, for both directions.
    """
    both = ops.concatenate([labels, ops.flip(labels, axis=0)], axis=1)
    earlier = ops.pad(both, [[1, 0], [0, 0]], constant_values=-1)[:-1]
    is_label = both >= 0
    may_skip = ops.logical_and(is_label, ops.logical_and(earlier >= 0, both != earlier))
    return is_label, may_skip


def two_way_start(labels):
    """Returns `(1 + labels, 2 * batch)`: true for the blank in which a clip starts.

    Backward, the labels that are missing come first, and a clip starts behind them.
    """
    missing = ops.sum(ops.cast(labels < 0, "int32"), axis=0)
    first = ops.concatenate([ops.zeros_like(missing), missing], axis=0)
    return ops.arange(1 + ops.shape(labels)[0], dtype="int32")[:, None] == first[None]


def both_ways(values):
    """Returns the two halves of a two-way array, both with time running forward."""
    forward, backward = ops.split(values, 2, axis=2)
    return forward, ops.flip(backward, axis=0)


def _recursion(label_scores, blank_scores, labels):
    """Returns the sums that arrive in labels and blanks, and the sum at the end.

    The first two are those of each frame, before its own score, relative to all that
    leaves the frame before; label 0 stands for none. The last is read off the end of
    the way back.
    """
    dtype = blank_scores.dtype
    enters, skips = (_logarithms(truth, dtype) for truth in two_way_transitions(labels))
    blank = _logarithms(two_way_start(labels), dtype)
    label = ops.full_like(blank, NEVER)

    def step(carry, scores):
        label, blank, scale = carry
        entering = ops.logaddexp(blank[:-1] + enters, label[:-1] + skips)
        to_labels = ops.logaddexp(label[1:], entering)
        to_blanks = ops.logaddexp(blank, label)
        to_labels = ops.concatenate([label[:1], to_labels], axis=0)
        label, blank = to_labels + scores[1:], to_blanks + scores[:1]
        whole = _finite_sum(ops.concatenate([label, blank], axis=0), axis=0)
        # Keras wants as many results as there are values to carry on.
        outputs = to_labels, to_blanks, whole
        return (label - whole, blank - whole, scale + whole), outputs

    none = ops.full_like(blank_scores, NEVER)
    scores = ops.concatenate([blank_scores, none, label_scores], axis=1)
    carry = (label, blank, ops.zeros_like(blank[:1]))
    (label, blank, scale), (to_labels, to_blanks, _) = ops.scan(step, carry, scores)
    total = scale[0] + ops.logaddexp(label[-1], blank[-1])
    return to_labels, to_blanks, ops.split(total, 2)[1]


def _logarithms(truths, dtype):
    return ops.cast(ops.where(truths, 0.0, NEVER), dtype)


def _joined(arrived, scores):
    """Returns the logarithm of all alignments through each state of each frame."""
    forward, backward = both_ways(arrived)
    return forward + ops.flip(backward, axis=1) + ops.split(scores, 2, axis=2)[0]


def _finite_sum(values, axis=1):
    """Returns the logarithm of a sum, or zero for that of nothing: it is subtracted."""
    total = ops.logsumexp(values, axis=axis, keepdims=True)
    return ops.where(ops.isfinite(total), total, 0.0)
