"""Loss and gradient of connectionist temporal classification on any backend."""

import math

from keras import ops

from speechkit.ops.ctc import lattice
from speechkit.ops.time import lengths


def ctc_loss(logits, labels, frames, is_feasible, blank_index: int):
    """Returns the loss of each clip; arguments as in `loss_tensorflow.ctc_loss`.

    The recursion itself is never differentiated: the posteriors of the states are the
    gradient with respect to their scores.
    """
    del is_feasible  # no alignment has a probability then
    # One frame more, never valid, so that there is a frame even if there is none.
    logits = ops.pad(logits, [[0, 0], [0, 1], [0, 0]])
    mask = lengths.length_mask(logits, frames)
    logits = lengths.zero_padding(logits, mask)
    best = ops.stop_gradient(ops.max(logits, axis=-1, initial=lattice.NEVER))
    log_sums = ops.logsumexp(logits - best[:, :, None], axis=-1)
    has_softmax = ops.all(ops.isfinite(log_sums), axis=1)
    scores = ops.where(has_softmax[:, None, None], logits, 0.0)
    log_sums, best = (
        ops.transpose(ops.where(mask & has_softmax[:, None], x, 0.0))[:, None]
        for x in (log_sums, best)
    )
    classes = ops.where(labels >= 0, labels, blank_index)
    label_scores = ops.take_along_axis(scores, classes[:, None, :], axis=2)
    label_scores = ops.transpose(label_scores, (1, 2, 0))
    blank_scores = ops.transpose(scores[:, :, blank_index])[:, None]
    total, shares = lattice.posteriors(
        ops.stop_gradient(label_scores),
        ops.stop_gradient(blank_scores),
        best,
        ops.transpose(labels),
        frames,
    )
    total, shares = ops.stop_gradient(total), ops.stop_gradient(shares)
    valid = ops.cast(ops.transpose(mask)[:, None], shares.dtype)
    blank_shares = valid - ops.sum(shares, axis=1, keepdims=True)
    expected = ops.sum(shares * _finite(label_scores), axis=(0, 1))
    expected += ops.sum(blank_shares * _finite(blank_scores), axis=(0, 1))
    loss = ops.sum(log_sums, axis=(0, 1)) - total
    # Subtracts zero from the loss, and the posteriors from its gradient.
    loss -= expected - ops.stop_gradient(expected)
    return loss + _not_a_number(logits, ops.logical_not(has_softmax))


def _finite(scores):
    """Returns the scores with zeros for −∞, whose share is zero."""
    return ops.where(ops.isfinite(scores), scores, 0.0)


def _not_a_number(logits, is_wanted):
    """Returns `(batch,)`: zero; or NaN, as the gradient, where that is wanted."""
    logits = ops.where(is_wanted[:, None, None], logits, 0.0)
    factors = ops.cast(ops.where(is_wanted, math.nan, 0.0), logits.dtype)
    return ops.sum(logits, axis=(1, 2)) * factors
