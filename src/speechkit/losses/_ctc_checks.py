"""Checks of the input of the CTC loss: of values where it has them, not in graphs."""

import keras
import numpy as np
from keras import ops

from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.time.host_values import values_of as _values


def check_shapes(labels, logits, logit_lengths=None):
    """Raises `ValueError` unless shapes fit together and lengths are integers."""
    lengths_shape = () if logit_lengths is None else logit_lengths.shape
    ranks = (len(labels.shape), len(logits.shape), len(lengths_shape))
    is_known = ranks == (2, 3, 0 if logit_lengths is None else 1)
    batches = {labels.shape[0], logits.shape[0], *lengths_shape} - {None}
    if not is_known or len(batches) > 1:
        received = f"labels={tuple(labels.shape)}, logits={tuple(logits.shape)}"
        if logit_lengths is not None:
            received += f", logit_lengths={tuple(lengths_shape)}"
        raise ValueError(
            "`labels` must have the axes (batch, labels), `logits` the axes (batch, "
            "frames, classes) and `logit_lengths` the axis (batch,). Received shapes: "
            + received
        )
    if logit_lengths is not None and not keras.backend.is_int_dtype(
        logit_lengths.dtype
    ):
        raise ValueError(
            "`logit_lengths` must be integers, the valid frames of each clip. "
            f"Received: dtype={keras.backend.standardize_dtype(logit_lengths.dtype)}"
        )


def check_values(labels, logits, logit_lengths, blank_index: int):
    """Raises `ValueError` for labels, lengths or logits that make no sense."""
    labels, lengths = _values(labels), _values(logit_lengths)
    if labels is not None:
        problem = problem_of_labels(labels, logits.shape[-1], blank_index)
        if problem:
            raise ValueError(problem)
    if lengths is not None and logits.shape[1] is not None:
        _check_lengths(lengths, logits.shape[1])
    if lengths is not None and _values(logits[:, :1, :1]) is not None:
        _check_softmax(logits, lengths)


def check_weights(sample_weight, labels):
    """Raises `ValueError` unless there is one weight for each clip, or for all."""
    if sample_weight is None:
        return
    shape = tuple(ops.convert_to_tensor(sample_weight).shape)
    clips = tuple(ops.convert_to_tensor(labels).shape)[:1]
    fits = len({*shape[:1], *clips} - {None}) < 2
    if shape and (not fits or len(shape) > 2 or (len(shape) == 2 and shape[1] != 1)):
        count = f" for each of {clips[0]} clips" if clips and clips[0] else ""
        raise ValueError(
            "`sample_weight` must have the axis (batch,): a clip has one loss and one "
            f"weight{count}. Received shape: {shape}"
        )


def check_feasible(labels, logit_lengths):
    """Raises `ValueError` if a clip has fewer frames than its labels need."""
    labels, lengths = _values(labels), _values(logit_lengths)
    if labels is None or lengths is None:
        return
    problem = problem_of_frames(labels, lengths)
    if problem:
        raise ValueError(problem)


def problem_of_labels(labels, num_classes, blank_index, name="labels") -> str | None:
    """Returns a sentence on the first label that is none; `None` if all are.

    Args:
        labels: `(batch, labels)`, an array.
        num_classes: Number of classes, the blank included.
        blank_index: Class of the blank, from 0.
        name: Name of the labels.
    """
    whole = np.asarray(ctc.whole_labels(labels))
    wrong = ~np.asarray(ctc.proper_labels(whole, num_classes, blank_index))
    if not wrong.any():
        return None
    clip, place = np.argwhere(wrong)[0].tolist()
    return (
        f"`{name}` must be from 0 to {num_classes - 1} without the blank "
        f"{blank_index}, then -1 to the end. Received: {name}[{clip}]="
        f"{_in_digits(labels[clip])}, with {_in_digits(labels[clip])[place]} at place "
        f"{place}"
    )


def problem_of_frames(labels, logit_lengths, name="labels") -> str | None:
    """Returns a sentence on the first clip with too few frames; `None` if none has.

    Args:
        labels: `(batch, labels)`, an array.
        logit_lengths: `(batch,)`, an array.
        name: Name of the labels.
    """
    needed = np.asarray(ctc.frames_needed(ctc.whole_labels(labels)))
    (clips,) = np.nonzero(needed > logit_lengths)
    if not clips.size:
        return None
    clip = int(clips[0])
    return (
        f"`{name}` must fit into the frames of their clip, with one more between two "
        f"that are equal. Received: clip {clip} with {int(logit_lengths[clip])} frames "
        f"for labels that need {int(needed[clip])}"
    )


def _in_digits(labels):
    """Returns labels as a list, whole numbers without a point."""
    return [int(x) if x == np.floor(x) else x for x in labels.tolist()]


def _check_lengths(lengths, num_frames):
    if not ((lengths >= 0) & (lengths <= num_frames)).all():
        raise ValueError(
            f"`logit_lengths` must be from 0 to {num_frames}, the frames of `logits`. "
            f"Received: logit_lengths={lengths.tolist()}"
        )


def _check_softmax(logits, lengths):
    # The sum of a frame is finite if all of it is, and takes one pass.
    sums = np.asarray(ops.sum(logits, axis=-1))
    valid = np.arange(sums.shape[1]) < lengths[:, None]
    clips, frames = np.nonzero(valid & ~np.isfinite(sums))
    if not clips.size:
        return
    # The largest is NaN if one is, infinite if one is, and −∞ if all are.
    best = np.asarray(logits)[clips, frames].max(axis=-1)
    bad = np.unique(clips[~np.isfinite(best)])
    if bad.size:
        raise ValueError(
            "`logits` must have no NaN and no +inf in a valid frame, and -inf for some "
            f"classes at most. Received: others in the clips {bad.tolist()}"
        )
