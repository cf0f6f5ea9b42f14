"""Connectionist temporal classification: the loss of unaligned labels."""

import math

import keras
from keras import ops

from speechkit import _checks
from speechkit.losses import _ctc_checks
from speechkit.losses._label_report import LabelReport
from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.time import lengths, masks, precision

_POLICIES = ("infinite", "zero", "raise")


def ctc_loss(
    labels,
    logits,
    *,
    logit_lengths=None,
    mask=None,
    blank_index: int = 0,
    infeasible: str = "infinite",
    label_smoothing: float = 0.0,
):
    """Returns −log of the probability of the labels, summed over all alignments.

    Padded frames may hold anything, NaN too. Computed in float32 for half precision,
    and the sum over alignments in float64 on TensorFlow. The gradient is exact; it has
    no gradient of its own.

    Two equal labels in a row need one frame more. A clip that has fewer frames than its
    labels need is infeasible: its loss is the one that `infeasible` names, its gradient
    zero. A clip with neither frames nor labels has the loss zero.

    A class whose logit is −∞ has the probability zero. NaN or +∞ in a valid frame, or a
    frame with −∞ for every class, has no softmax: such a clip has the loss NaN and the
    gradient NaN, whatever its labels and `infeasible` are, so that a broken model is
    noticed (`keras.callbacks.TerminateOnNaN`). No clip changes the results of another.

    On TensorFlow and a processor, functions that Numba compiles do the work, if
    Numba is installed, 2 to 4 times as fast as a graph of operations. A
    graph calls them through Python. XLA cannot, so XLA and a GPU run the operations:
    `model.compile(..., jit_compile=False)` trains faster on a processor. The first
    call compiles the functions, in some seconds, and keeps them on disk.
    `speechkit.config.set_kernels` chooses between the two. A `tf.function` that was
    traced outside of XLA keeps the compiled functions, so it must not be called later
    inside a function with `jit_compile=True`.

    Types and shapes are always checked, and values in eager calls on TensorFlow. In a
    graph no value can raise: there a clip whose labels are out of range or hold the
    blank is infeasible, and lengths beyond the last frame mean all frames. A graph of
    TensorFlow warns of the first clip with such labels, and of the first with too few
    frames unless `infeasible` is `"zero"`. XLA and JAX cannot: check the labels in the
    pipeline, with `datasets.padded_batches` or `datasets.check_labels`.

    Args:
        labels: `(batch, labels)` integers from 0, never the blank; −1 after the last
            label of a clip.
        logits: `(batch, frames, classes)`, before softmax.
        logit_lengths: `(batch,)` integers: valid frames of each clip. `None` means
            what `mask` says.
        mask: Boolean `(batch, frames)`. `None` means the mask that `logits` carry, if
            any; without one all frames are valid.
        blank_index: Class of the blank; negative counts from the last class.
        infeasible: `"infinite"`; `"zero"`, which leaves the clip out of training; or
            `"raise"`, which is `"infinite"` in a graph.
        label_smoothing: Share, from 0 and below 1, of the loss that is not CTC but the
            Kullback–Leibler divergence of each frame from equal probabilities, summed
            over the valid frames. It keeps a model from being too sure, and is infinite
            where a class has the logit −∞.

    Returns:
        `(batch,)`.

    Raises:
        ValueError: If `blank_index` is not a class, if shapes do not fit, if `mask` is
            not boolean or `logit_lengths` are not integers, or, in an eager call, if a
            valid frame has no softmax, a label is no class or is the blank, a length is
            beyond the last frame, or labels do not fit and `infeasible` is `"raise"`.

    Example:
        >>> logits = keras.ops.zeros((1, 2, 2))  # 3 of 4 alignments collapse to "1"
        >>> print(round(float(ctc_loss(keras.ops.array([[1]]), logits)[0]), 4))
        0.2877

    References:
        Graves et al., Connectionist Temporal Classification: Labelling Unsegmented
        Sequence Data with Recurrent Neural Networks, 2006. Kim et al., Improved
        Training for Online End-to-End Speech Recognition Systems, 2018, section 2.4
        for label smoothing. https://arxiv.org/abs/1711.02212
    """
    _checks.check_choice("infeasible", infeasible, _POLICIES)
    _checks.check_rate("label_smoothing", label_smoothing)
    return reported_loss(
        labels,
        logits,
        logit_lengths=logit_lengths,
        mask=mask,
        blank_index=blank_index,
        infeasible=infeasible,
        label_smoothing=label_smoothing,
        report=LabelReport(),
    )


def reported_loss(
    labels,
    logits,
    *,
    logit_lengths=None,
    mask=None,
    blank_index: int = 0,
    infeasible: str = "infinite",
    label_smoothing: float = 0.0,
    report: LabelReport,
):
    """Returns `ctc_loss` of the same arguments; `report` warns of labels in graphs."""
    if mask is None:
        mask = masks.get_mask(logits)
    logits, labels = ops.convert_to_tensor(logits), ops.convert_to_tensor(labels)
    if logit_lengths is not None:
        logit_lengths = ops.convert_to_tensor(logit_lengths)
    _ctc_checks.check_shapes(labels, logits, logit_lengths)
    mask = masks.check_mask(mask, logits)
    if logit_lengths is None:
        logit_lengths = lengths.mask_lengths(logits, mask)
    blank_index = ctc.check_blank_index(blank_index, logits.shape[-1])
    _ctc_checks.check_values(labels, logits, logit_lengths, blank_index)
    if infeasible == "raise":
        _ctc_checks.check_feasible(labels, logit_lengths)
    logit_lengths = ctc.valid_frames(logits, logit_lengths)
    report.watch(labels, logits, logit_lengths, blank_index, infeasible)
    dtype = keras.backend.standardize_dtype(logits.dtype)
    logits = ops.cast(logits, precision.working_dtype(dtype))
    losses = ctc.ctc_loss(logits, labels, logit_lengths, blank_index)
    is_infeasible = ops.isinf(losses)
    if label_smoothing:
        smoothed = _smoothed(losses, logits, logit_lengths, label_smoothing)
        # A clip without an alignment has no gradient at all.
        losses = ops.where(is_infeasible, losses, smoothed)
    if infeasible == "zero":
        losses = ops.where(is_infeasible, ops.zeros_like(losses), losses)
    return losses


@keras.saving.register_keras_serializable(package="speechkit")
class CTCLoss(keras.losses.Loss):
    """Scores logits against labels whose places in time are unknown.

    The valid frames come from the Keras mask of the logits, so in `model.fit` nothing
    has to be passed. `ctc_loss` is the same as a function, takes explicit lengths and
    lists the checks and what makes it fast.

    A clip with NaN in a valid frame has the loss NaN and the gradient NaN under every
    `infeasible`, so `keras.callbacks.TerminateOnNaN` stops the training of a broken
    model. `ctc_loss` defines the loss for infinite logits, too.

    Args:
        blank_index: Class of the blank; negative counts from the last class.
        infeasible: Loss of a clip with fewer frames than its labels need: `"infinite"`;
            `"zero"`, which leaves the clip out of training; or `"raise"`, which raises
            in an eager call and is `"infinite"` in a graph.
        label_smoothing: Share, from 0 and below 1, of the loss that is not CTC but the
            divergence of each frame from equal probabilities.
        reduction: `"sum_over_batch_size"`, `"sum"` or `None`, as in Keras.
        name: Name of the loss.
        **kwargs: Arguments of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: `(batch, frames, classes)` logits.
        sample_weight: `(batch,)` weights of the clips.

    Example:
        >>> logits = keras.ops.zeros((1, 2, 2))  # 3 of 4 alignments collapse to "1"
        >>> print(round(float(CTCLoss()(keras.ops.array([[1]]), logits)), 4))
        0.2877
    """

    def __init__(
        self,
        blank_index: int = 0,
        *,
        infeasible: str = "infinite",
        label_smoothing: float = 0.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "ctc_loss",
        **kwargs,
    ):
        super().__init__(name=name, reduction=reduction, **kwargs)
        self.blank_index = _checks.check_int(
            "blank_index", blank_index, -_checks.LARGEST_SIZE
        )
        self.infeasible = _checks.check_choice("infeasible", infeasible, _POLICIES)
        self.label_smoothing = _checks.check_rate("label_smoothing", label_smoothing)
        self._report = LabelReport()

    def __call__(self, y_true, y_pred, sample_weight=None):
        # Keras would weigh one loss per clip by one mask per frame: the mask goes in
        # beside the logits instead.
        _ctc_checks.check_weights(sample_weight, y_true)
        mask = masks.get_mask(y_pred)
        if mask is not None:
            y_pred = (y_pred, mask)
        return super().__call__(y_true, y_pred, sample_weight)

    def call(self, y_true, y_pred):
        logits, mask = y_pred if isinstance(y_pred, tuple) else (y_pred, None)
        return reported_loss(
            y_true,
            logits,
            mask=None if mask is None else ops.cast(mask, "bool"),
            blank_index=self.blank_index,
            infeasible=self.infeasible,
            label_smoothing=self.label_smoothing,
            report=self._report,
        )

    def get_config(self):
        config = {
            "blank_index": self.blank_index,
            "infeasible": self.infeasible,
            "label_smoothing": self.label_smoothing,
        }
        return {**super().get_config(), **config}


def _smoothed(losses, logits, logit_lengths, share):
    """Returns the losses with a share of the divergence from equal probabilities."""
    mask = lengths.length_mask(logits, logit_lengths)
    logits = lengths.zero_padding(logits, mask)
    divergence = ops.logsumexp(logits, axis=-1) - ops.mean(logits, axis=-1)
    divergence = divergence - math.log(logits.shape[-1])
    divergence = ops.sum(lengths.zero_padding(divergence, mask), axis=1)
    return (1 - share) * losses + share * divergence
