"""Connectionist temporal classification: the loss of unaligned labels, its gradient.

Graves et al., Connectionist Temporal Classification: Labelling Unsegmented Sequence
Data with Recurrent Neural Networks, 2006.
"""

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.ops.ctc import reference
from speechkit.ops.runtime import choosing
from speechkit.ops.time import lengths, precision

if keras.backend.backend() == "tensorflow":
    from speechkit.ops.ctc.compiled import call_tensorflow as _compiled
    from speechkit.ops.ctc.graph import loss_tensorflow as _graph
else:
    _compiled = _graph = reference  # type: ignore[misc]

# Where scores are added up: in a file of 8 bits, the sums of a long clip would not fit.
SCORE_SCOPE = "best_path_score"


def ctc_loss(logits, labels, logit_lengths, blank_index: int):
    """Returns −log of the probability of the labels, summed over all alignments.

    The gradient is that of the sum over alignments itself: softmax minus the posterior
    probability of each class in each frame. Padded frames may hold anything.

    A class whose logit is −∞ has the probability zero. A frame has no softmax if it
    holds NaN or +∞, or −∞ for every class; a clip with such a valid frame has the loss
    NaN and the gradient NaN in all its valid frames, whatever its labels are. A clip
    never changes the results of another.

    Args:
        logits: `(batch, frames, classes)` in float32 or float64.
        labels: `(batch, labels)` integers; −1 after the last label of a clip.
        logit_lengths: `(batch,)` integers: valid frames of each clip.
        blank_index: Class of the blank, from 0.

    Returns:
        `(batch,)`. Infinite, with gradient zero, where no alignment has a probability:
        where the labels, with a blank between two that are equal, need more frames than
        the clip has, where a label is the blank or no class, and where its logits are
        −∞. Zero where there are neither frames nor labels.
    """
    labels = whole_labels(labels)
    frames = valid_frames(logits, logit_lengths)
    is_proper = ops.all(proper_labels(labels, logits.shape[-1], blank_index), axis=1)
    is_feasible = ops.logical_and(is_proper, frames_needed(labels) <= frames)
    labels = ops.where(is_proper[:, None], labels, -1)
    compute = choosing.choose(_KERNELS, logits.dtype)
    loss = compute(logits, labels, frames, is_feasible, blank_index)
    # Not `loss < inf`: TensorFlow makes `≥` of "not `<`", and NaN is neither.
    has_gradient = ops.logical_and(is_feasible, ops.logical_not(ops.isinf(loss)))
    has_gradient = ops.logical_or(has_gradient, ops.isnan(loss))
    return ops.where(has_gradient, loss, ops.full_like(loss, float("inf")))


def _trial(dtype):
    """Returns the problem of `choosing.Kernels`.

    The second clip is sure of other classes, so sums of probabilities do not reach; the
    third is shorter.
    """
    logits = np.sin(np.arange(3 * 4 * 3)).reshape(3, 4, 3).astype(dtype)
    logits[1] *= 400
    labels = np.array([[1, 1], [1, 2], [2, -1]], "int32")
    return (logits,), (labels, np.array([4, 4, 2], "int32"), np.full(3, True), 0)


_KERNELS = choosing.Kernels(
    "CTC losses", _graph.ctc_loss, _compiled.ctc_loss, reference.ctc_loss, _trial
)


def best_classes(logits):
    """Returns the most probable class of each frame, `(batch, frames)`; ties: first."""
    # Keras's `argmax` needs an operator that is not built into TFLite.
    _, best = ops.top_k(logits, 1)
    return ops.cast(best[:, :, 0], "int32")


def best_path_score(logits):
    """Returns the log probability of the best class of all frames, `(batch,)`."""
    with keras.name_scope(SCORE_SCOPE):
        log_probs = ops.log_softmax(logits, axis=-1)
        # With a first value, for a clip without frames.
        best = ops.max(log_probs, axis=-1, initial=-1e30)
        return ops.sum(best, axis=1)


def valid_frames(logits, logit_lengths):
    """Returns `(batch,)` int32: lengths from 0 to the frames that there are."""
    frames = ops.minimum(lengths.in_32_bits(logit_lengths), ops.shape(logits)[1])
    return ops.maximum(frames, 0)


def whole_labels(labels):
    """Returns labels in int32; −2, which is none, for other numbers."""
    dtype = keras.backend.standardize_dtype(labels.dtype)
    if dtype in ("int8", "int16", "int32", "uint8", "uint16"):
        return ops.cast(labels, "int32")
    is_float = keras.backend.is_float_dtype(dtype)
    wide = precision.working_dtype(dtype) if is_float else precision.WIDE_INT
    labels = ops.cast(labels, wide)
    is_whole = ops.logical_and(labels >= -1, labels <= lengths.LARGEST)
    if is_float:
        is_whole = ops.logical_and(is_whole, labels == ops.floor(labels))
        # In float32, the largest integer is one beyond 32 bits.
        is_whole = ops.logical_and(is_whole, labels < lengths.LARGEST)
    return ops.cast(ops.where(is_whole, labels, -2), "int32")


def proper_labels(labels, num_classes: int, blank_index: int):
    """Returns `(batch, labels)`: false for the blank, no class, or a −1 before it."""
    is_class = ops.logical_and(labels >= 0, labels < num_classes)
    is_label = ops.logical_and(is_class, labels != blank_index)
    later = ops.pad(labels, [[0, 0], [0, 1]], constant_values=-1)[:, 1:]
    is_end = ops.logical_and(labels == -1, later == -1)
    return ops.logical_or(is_label, is_end)


def frames_needed(labels):
    """Returns `(batch,)`: one for each label, one more between two that are equal."""
    is_label = labels >= 0
    earlier = ops.pad(labels, [[0, 0], [1, 0]], constant_values=-1)[:, :-1]
    repeats = ops.logical_and(is_label, labels == earlier)
    counts = ops.cast(is_label, "int32") + ops.cast(repeats, "int32")
    return ops.sum(counts, axis=1)


def check_blank_index(blank_index: int, num_classes: int) -> int:
    """Returns `blank_index` counted from 0; raises `ValueError` if it is no class."""
    blank_index = _checks.to_plain(blank_index)
    if (
        not isinstance(blank_index, int)
        or isinstance(blank_index, bool)
        or not -num_classes <= blank_index < num_classes
    ):
        raise ValueError(
            f"`blank_index` must be an integer from {-num_classes} to "
            f"{num_classes - 1}. Received: blank_index={blank_index!r}"
        )
    return blank_index % num_classes
