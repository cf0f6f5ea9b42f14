"""Checks of labels in a pipeline of batches, for training with CTC."""

import functools
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from speechkit import _checks
from speechkit.datasets._labels import wrong_label

_INTERMEDIATE = "intermediate_labels"


def check_labels(
    num_classes: int,
    *,
    blank_index: int = 0,
    num_intermediate_classes: int | None = None,
) -> Callable:
    """Returns a function that checks the labels of each batch of a dataset.

    `padded_batches` checks its own labels. In another pipeline, a label that is the
    blank or no class would make the loss of its clip infinite, or leave the clip out of
    the training with `infeasible="zero"`.

    Args:
        num_classes: Number of classes of the model, the blank included.
        blank_index: Class of the blank, from 0.
        num_intermediate_classes: Number of classes of `intermediate_labels`, which a
            dictionary of inputs may have; their blank is 0. `None` checks no upper
            limit.

    Returns:
        A function for `tf.data.Dataset.map`, which takes and gives `(inputs, labels)`
        or `(inputs, labels, sample_weight)` with labels `(batch, labels)`, or a
        dictionary or a tuple of such, and ends the pass with an error that names the
        clip and the label.

    Raises:
        ValueError: If an argument is out of range; when mapped, if labels have other
            axes or are ragged.

    Example:
        >>> batches = tf.data.Dataset.from_tensors(([[0.5]], [[1, 2, -1]]))
        >>> batches = batches.map(check_labels(num_classes=3))
        >>> next(iter(batches))[1].numpy().tolist()
        [[1, 2, -1]]
    """
    _checks.check_int("num_classes", num_classes, minimum=2)
    _checks.check_int("blank_index", blank_index, 0, maximum=num_classes - 1)

    if num_intermediate_classes is not None:
        _checks.check_int("num_intermediate_classes", num_intermediate_classes, 2)

    def check_batch(inputs, labels, sample_weight=None):
        check = functools.partial(_checked, num_classes, blank_index, "Labels")
        labels = tf.nest.map_structure(check, labels)
        if isinstance(inputs, dict) and _INTERMEDIATE in inputs:
            checked = _checked(
                num_intermediate_classes, 0, f"`{_INTERMEDIATE}`", inputs[_INTERMEDIATE]
            )
            inputs = {**inputs, _INTERMEDIATE: checked}
        batch = inputs, labels
        return batch if sample_weight is None else (*batch, sample_weight)

    return check_batch


def _checked(num_classes, blank_index, name, labels):
    """Returns the labels of a batch, whose values are checked when the graph runs."""
    is_dense = isinstance(labels, tf.Tensor)
    if not is_dense or labels.shape.rank not in (2, None):
        received = f"shape={labels.shape}" if is_dense else type(labels).__name__
        raise ValueError(
            f"{name} must be a tensor with the axes (batch, labels), -1 after the last "
            "label of a clip; `ragged.to_tensor(-1)` makes one of rows of different "
            f"lengths. Received: {received}"
        )

    def check(labels):
        for clip, row in enumerate(labels):
            valid = np.flatnonzero(row != -1)
            end = valid[-1] + 1 if valid.size else 0
            reason = wrong_label(row[:end], num_classes, blank_index)
            if reason:
                raise ValueError(
                    f"{name} must be integers of classes, never the blank, and -1 "
                    f"after the last. Received: {reason} in clip {clip} of a batch"
                )
        return labels

    checked = tf.numpy_function(check, [labels], labels.dtype)
    return tf.ensure_shape(checked, labels.shape)
