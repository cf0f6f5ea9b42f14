"""Calls of the host where tensors are at hand, as they are in eager mode."""

from keras import ops


def call_host(function, logits, mask):
    """Returns the labels `(batch, frames)` and scores `(batch,)` that a function finds.

    Args:
        function: Takes both as arrays.
        logits: `(batch, frames, classes)`.
        mask: `(batch, frames)`.
    """
    arrays = ops.convert_to_numpy(logits), ops.convert_to_numpy(mask)
    labels, scores = function(*arrays)
    return ops.convert_to_tensor(labels), ops.convert_to_tensor(scores)
