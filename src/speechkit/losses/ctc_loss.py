"""Connectionist temporal classification: the loss of unaligned labels."""

import keras
from keras import ops

from speechkit.ops import ctc, lengths, precision


def ctc_loss(labels, logits, *, logit_lengths=None, mask=None, blank_index: int = 0):
    """Returns −log of the probability of the labels, summed over all alignments.

    Padded frames may hold anything, NaN too. Computed in float32 for half precision.

    Args:
        labels: `(batch, labels)` integers from 0, never the blank; −1 after the last
            label of a clip.
        logits: `(batch, frames, classes)`, before softmax.
        logit_lengths: `(batch,)` integers: valid frames of each clip. `None` means
            what `mask` says.
        mask: `(batch, frames)`. `None` means the mask that `logits` carry, if any;
            without one all frames are valid.
        blank_index: Class of the blank; negative counts from the last class.

    Returns:
        `(batch,)`. Infinite, with gradient zero, for a clip with fewer frames than
        its labels need; two equal labels in a row need one frame more. Zero for a clip
        with neither frames nor labels.

    Raises:
        ValueError: If `blank_index` is not a class, or the ranks are wrong.

    Example:
        >>> logits = keras.ops.zeros((1, 2, 2))  # 3 of 4 alignments collapse to "1"
        >>> print(round(float(ctc_loss(keras.ops.array([[1]]), logits)[0]), 4))
        0.2877

    References:
        Graves et al., Connectionist Temporal Classification: Labelling Unsegmented
        Sequence Data with Recurrent Neural Networks, 2006.
    """
    if mask is None:
        mask = getattr(logits, "_keras_mask", None)
    logits = ops.convert_to_tensor(logits)
    labels = ops.convert_to_tensor(labels)
    _check_ranks(labels, logits)
    blank_index = ctc.check_blank_index(blank_index, logits.shape[-1])
    if logit_lengths is not None:
        mask = lengths.length_mask(logits, ops.convert_to_tensor(logit_lengths))
    logits = lengths.zero_padding(logits, mask)
    dtype = keras.backend.standardize_dtype(logits.dtype)
    logits = ops.cast(logits, precision.working_dtype(dtype))
    return ctc.ctc_loss(
        ops.log_softmax(logits, axis=-1),
        labels,
        lengths.mask_lengths(logits, mask),
        blank_index,
    )


@keras.saving.register_keras_serializable(package="speechkit")
class CTCLoss(keras.losses.Loss):
    """Scores logits against labels whose places in time are unknown.

    The valid frames come from the Keras mask of the logits, so in `model.fit` nothing
    has to be passed. `ctc_loss` is the same as a function and takes explicit lengths.

    Args:
        blank_index: Class of the blank; negative counts from the last class.
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
        reduction: str | None = "sum_over_batch_size",
        name: str = "ctc_loss",
        **kwargs,
    ):
        super().__init__(name=name, reduction=reduction, **kwargs)
        self.blank_index = blank_index

    def __call__(self, y_true, y_pred, sample_weight=None):
        # Keras would weigh one loss per clip by one mask per frame: the mask goes in
        # beside the logits instead.
        mask = getattr(y_pred, "_keras_mask", None)
        if mask is not None:
            y_pred = (y_pred, mask)
        return super().__call__(y_true, y_pred, sample_weight)

    def call(self, y_true, y_pred):
        logits, mask = y_pred if isinstance(y_pred, tuple) else (y_pred, None)
        mask = None if mask is None else ops.cast(mask, "bool")
        return ctc_loss(y_true, logits, mask=mask, blank_index=self.blank_index)

    def get_config(self):
        return {**super().get_config(), "blank_index": self.blank_index}


def _check_ranks(labels, logits):
    if len(labels.shape) != 2 or len(logits.shape) != 3:
        raise ValueError(
            "`labels` must have the axes (batch, labels) and `logits` the axes "
            "(batch, frames, classes). Received shapes: "
            f"labels={tuple(labels.shape)}, logits={tuple(logits.shape)}"
        )
