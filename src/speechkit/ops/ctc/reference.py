"""Loss and gradient of connectionist temporal classification on any backend."""

from keras import ops

from speechkit.ops.ctc import lattice
from speechkit.ops.time import lengths


def ctc_loss(logits, labels, frames, feasible, blank_index: int):
    """Returns the loss of each clip; arguments as in `loss_tensorflow.ctc_loss`.

    The recursion itself is never differentiated: the posteriors of the states are the
    gradient with respect to what the states emit.
    """
    # One frame more, never valid, so that there is a frame even if there is none.
    logits = ops.pad(logits, [[0, 0], [0, 1], [0, 0]])
    mask = lengths.length_mask(logits, frames)
    log_probs = ops.log_softmax(lengths.zero_padding(logits, mask), axis=-1)
    log_probs = ops.maximum(log_probs, lattice.NEVER)
    classes = ops.where(labels >= 0, labels, blank_index)
    of_labels = ops.take_along_axis(log_probs, classes[:, None, :], axis=2)
    of_labels = ops.transpose(of_labels, (1, 2, 0))
    of_blanks = ops.transpose(log_probs[:, :, blank_index])[:, None]
    total, shares = lattice.posteriors(
        ops.stop_gradient(of_labels),
        ops.stop_gradient(of_blanks),
        ops.transpose(labels),
        frames,
    )
    total, shares = ops.stop_gradient(total), ops.stop_gradient(shares)
    valid = ops.cast(ops.transpose(mask)[:, None], shares.dtype)
    blank_shares = valid - ops.sum(shares, axis=1, keepdims=True)
    expected = ops.sum(shares * of_labels, axis=(0, 1))
    expected = expected + ops.sum(blank_shares * of_blanks, axis=(0, 1))
    # Adds zero to the loss, and the posteriors to its gradient.
    return -total - (expected - ops.stop_gradient(expected))
