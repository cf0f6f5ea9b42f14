"""Checks of labels in a pipeline of batches, for training with CTC."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from speechkit import _checks
from speechkit.datasets._labels import wrong_label


def check_labels(num_classes: int, *, blank_index: int = 0) -> Callable:
    """Returns a function that checks the labels of each batch of a dataset.

    `padded_batches` checks its own labels. In another pipeline, a label that is the
    blank or no class would make the loss of its clip infinite, or leave the clip out of
    the training with `infeasible="zero"`.

    Args:
        num_classes: Number of classes of the model, the blank included.
        blank_index: Class of the blank, from 0.

    Returns:
        A function for `tf.data.Dataset.map`, which takes and gives `(inputs, labels)`
        or `(inputs, labels, sample_weight)` with labels `(batch, labels)`, and ends
        the pass with an error that names the clip and the label.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> batches = tf.data.Dataset.from_tensors(([[0.5]], [[1, 2, -1]]))
        >>> batches = batches.map(check_labels(num_classes=3))
        >>> next(iter(batches))[1].numpy().tolist()
        [[1, 2, -1]]
    """
    _checks.check_int("num_classes", num_classes, minimum=2)
    _checks.check_int("blank_index", blank_index, 0, maximum=num_classes - 1)

    def check(labels):
        for clip, row in enumerate(labels):
            valid = np.flatnonzero(row != -1)
            end = valid[-1] + 1 if valid.size else 0
            reason = wrong_label(row[:end], num_classes, blank_index)
            if reason:
                raise ValueError(
                    "Labels must be integers of classes, never the blank, and -1 "
                    f"after the last. Received: {reason} in clip {clip} of a batch"
                )
        return labels

    def check_batch(inputs, labels, sample_weight=None):
        checked = tf.numpy_function(check, [labels], labels.dtype)
        batch = inputs, tf.ensure_shape(checked, labels.shape)
        return batch if sample_weight is None else (*batch, sample_weight)

    return check_batch
