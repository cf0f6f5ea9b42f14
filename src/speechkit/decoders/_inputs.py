"""Checks of what decoders are given: logits, masks and lengths."""

import keras
import numpy as np
from keras import ops

from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.ctc.prefix_beams import NEVER
from speechkit.ops.time import lengths, masks

# Logit of every class but the blank in a frame that does not count.
_SILENT = -1e4
_LARGEST = float(np.finfo("float32").max)


def silenced(logits, mask, blank: int):
    """Returns logits in float32, sure of the blank in frames that do not count.

    These are the frames outside of the mask, and those without a softmax, as a model
    puts out that has diverged: with NaN, +inf, or −inf for every class. A class whose
    logit is −inf in another frame has the probability 0 there.
    """
    logits = ops.cast(logits, "float32")
    # Built into TFLite, as `isfinite` and `any` are not; false for NaN.
    below = ops.sum(ops.cast(logits <= _LARGEST, "int32"), axis=-1)
    above = ops.sum(ops.cast(logits >= -_LARGEST, "int32"), axis=-1)
    counts = ops.logical_and(below == logits.shape[-1], above > 0)
    if mask is not None:
        counts = ops.logical_and(counts, mask)
    silence = _silence(logits.shape[-1], blank)
    return ops.where(ops.expand_dims(counts, 2), ops.maximum(logits, NEVER), silence)


def valid_frames(
    logits,
    logit_lengths,
    *,
    blank_index: int,
    mask=None,
    num_classes: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Returns logits as an array in float32, and the end of each clip, in frames.

    Frames outside of the mask before the end are sure of the blank.

    Args:
        logits: `(batch, frames, classes)`; any number in frames that do not count.
        logit_lengths: `(batch,)` integers. `None` means what the mask says.
        blank_index: Class of the blank; negative counts from the last class.
        mask: Boolean `(batch, frames)`. `None` means the mask that the logits carry, if
            any; else all frames count.
        num_classes: How many classes there must be. `None` means any.

    Raises:
        ValueError: If shapes or lengths do not match, or a frame that counts holds a
            NaN or +inf, or −inf for every class.
    """
    mask = masks.get_mask(logits) if mask is None else masks.check_mask(mask, logits)
    logits = _array(logits).astype("float32")
    if logits.ndim != 3 or num_classes not in (None, logits.shape[-1]):
        wanted = "" if num_classes is None else f" with {num_classes} classes"
        raise ValueError(
            f"`logits` must have the axes (batch, frames, classes){wanted}. "
            f"Received shape: {logits.shape}"
        )
    if logit_lengths is None:
        logit_lengths = lengths.mask_ends(logits, mask)
        if mask is not None:
            blank = ctc.check_blank_index(blank_index, logits.shape[-1])
            silence = _silence(logits.shape[-1], blank)
            logits = np.where(_array(mask)[:, :, None], logits, silence)
    ends = _check_lengths(logit_lengths, *logits.shape[:2])
    for place, (clip, end) in enumerate(zip(logits, ends, strict=True)):
        check_softmax(clip[:end], clip=place)
    return logits, ends


def clips_of(
    logits, logit_lengths, *, num_classes: int, blank_index: int
) -> list[np.ndarray]:
    """Returns the valid frames of each clip as log probabilities in float32.

    Arguments and errors are those of `valid_frames`.
    """
    logits, ends = valid_frames(
        logits, logit_lengths, blank_index=blank_index, num_classes=num_classes
    )
    clips = zip(logits, ends, strict=True)
    return [log_softmax(clip[:end]) for clip, end in clips]


def check_softmax(logits: np.ndarray, *, clip: int | None = None) -> None:
    """Raises unless each frame of `(frames, classes)` logits has a softmax.

    Args:
        logits: The logits.
        clip: Number of the clip in its batch, for the message.

    Raises:
        ValueError: If one has NaN, +inf, or −inf for every class.
    """
    is_wrong = np.isnan(logits) | np.isposinf(logits)
    is_wrong |= np.isneginf(logits).all(axis=1, keepdims=True)
    if is_wrong.any():
        frame, label = np.argwhere(is_wrong)[0]
        where = f"frame {frame}" + ("" if clip is None else f" of clip {clip}")
        raise ValueError(
            "`logits` must be finite, or −inf for some classes of a frame. Received: "
            f"{logits[frame, label]} for class {label} in {where}"
        )


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Returns log probabilities `(frames, classes)` in float32, `NEVER` for −inf."""
    # What is added to a frame changes no ranking, yet scores are to be probabilities.
    logits = np.maximum(logits, np.float32(NEVER))
    logits = logits - logits.max(axis=1, keepdims=True, initial=-np.inf)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def _silence(num_classes, blank):
    """Returns the logits of a frame that is sure of the blank."""
    is_blank = np.arange(num_classes) == blank
    return np.where(is_blank, 0.0, _SILENT).astype("float32")


def _check_lengths(logit_lengths, batch, frames):
    ends = _array(logit_lengths)
    in_range = np.all((ends >= 0) & (ends <= frames))
    is_whole = np.issubdtype(ends.dtype, np.integer)
    if ends.shape != (batch,) or not in_range or not is_whole:
        raise ValueError(
            f"`logit_lengths` must be {batch} integers from 0 to {frames}. "
            f"Received: logit_lengths={ends.tolist()}"
        )
    return ends


def _array(values):
    is_tensor = keras.ops.is_tensor(values)
    return ops.convert_to_numpy(values) if is_tensor else np.asarray(values)
