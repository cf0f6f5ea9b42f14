"""The lattice of connectionist temporal classification, in logarithms.

A clip with labels `1 … n` has label states `1 … n` and blank states `0 … n`, blank `j`
after label `j`. Every array has the clips on its last axis, so that a recursion over
labels moves whole rows.
"""

from keras import ops

# A log-probability of nothing. Finite, so that differences of two are not NaN.
NEVER = -1e30

# Of the same sums in probabilities, in float64, as kernels compute them:
# The logarithm of the largest lift, so that the product of two stays in float64.
MAX_LIFT = 300.0
# The logarithm of how much the best pieces of all alignments may exceed their sum. What
# is lost in a state is below e^-708 of the pieces, so below e^-58 of the sum.
MAX_EXCESS = 650.0
# The least by which anything is divided.
TINY = 1e-300


def posteriors(label_scores, blank_scores, labels, frames):
    """Returns the log-likelihood of the labels and the posteriors of their states.

    Args:
        label_scores: `(frames, labels, batch)`, with at least one frame: logarithm of
            what a label weighs in a frame; any number in padding.
        blank_scores: `(frames, 1, batch)`: the same of the blank.
        labels: `(labels, batch)` integers; −1 after the last label of a clip.
        frames: `(batch,)` integers: valid frames of each clip.

    Returns:
        `(batch,)` logarithms of the sum over all alignments, below `NEVER / 2` where
        there is none; and `(frames, labels, batch)`, the share of the sum that goes
        through each label in each frame, zero in padded frames.
    """
    valid = valid_frames(blank_scores, frames)
    label_scores, blank_scores, peaks = relative_scores(
        ops.maximum(label_scores, NEVER), ops.maximum(blank_scores, NEVER), valid
    )
    label_scores, blank_scores = two_way(label_scores, blank_scores)
    to_labels, to_blanks, total = _recursion(label_scores, blank_scores, labels)
    through = ops.concatenate(
        [_joined(to_blanks, blank_scores), _joined(to_labels[:, 1:], label_scores)],
        axis=1,
    )
    shares = ops.exp(through - ops.logsumexp(through, axis=1, keepdims=True))
    shares = shares[:, 1 + ops.shape(labels)[0] :]
    shares = ops.where(valid, shares, ops.zeros_like(shares))
    return total + ops.sum(peaks, axis=(0, 1)), shares


def valid_frames(scores, frames):
    """Returns `(frames, 1, batch)`: true for the valid frames of each clip."""
    positions = ops.arange(ops.shape(scores)[0], dtype="int32")
    return positions[:, None, None] < frames[None, None, :]


def relative_scores(label_scores, blank_scores, valid):
    """Returns the scores of labels and blanks relative to the best score of a frame.

    Padded frames let nothing into a label and keep what is in a blank: forward, what
    has arrived waits there for the end, and backward, for the start.

    Returns:
        `(frames, labels, batch)`; `(frames, 1, batch)`; and what was taken from both,
        `(frames, 1, batch)`: zero in padded frames.
    """
    peaks = ops.max(label_scores, axis=1, keepdims=True, initial=NEVER)
    peaks = ops.where(valid, ops.maximum(peaks, blank_scores), -NEVER)
    blank_scores = ops.where(valid, blank_scores - peaks, 0.0)
    return label_scores - peaks, blank_scores, ops.where(valid, peaks, 0.0)


def two_way(of_labels, of_blanks):
    """Returns both directions as one batch of twice the size.

    Backward, frames and labels come in reverse order, so that one recursion runs on
    both.

    Returns:
        `(frames, labels, 2 * batch)`, and `(frames, 1, 2 * batch)`.
    """
    backward = ops.flip(ops.flip(of_labels, axis=0), axis=1)
    of_labels = ops.concatenate([of_labels, backward], axis=2)
    backward = ops.flip(of_blanks, axis=0)
    return of_labels, ops.concatenate([of_blanks, backward], axis=2)


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
    """Returns what arrives in the states of each frame, before its own score.

    What arrives is relative to the whole of the frame before, and label 0 stands for
    none; the last value is the log-likelihood, read off the end of the way back.
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
        whole = ops.logsumexp(ops.logaddexp(label, blank), axis=0, keepdims=True)
        label = ops.maximum(label - whole, NEVER)
        blank = ops.maximum(blank - whole, NEVER)
        # Keras wants as many results as there are values to carry on.
        return (label, blank, scale + whole), (to_labels, to_blanks, whole)

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
