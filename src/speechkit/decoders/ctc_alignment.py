"""Alignment: when each of the given labels was said."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.decoders import _inputs
from speechkit.ops.ctc import best_path
from speechkit.ops.ctc import dispatch as ctc

if TYPE_CHECKING:
    from speechkit.text import CharacterVocabulary


@dataclasses.dataclass(frozen=True)
class AlignedSpan:
    """A label or a word with its place in time.

    Attributes:
        label: The label, or the text of the word.
        start_frame: First frame.
        end_frame: Frame after the last.
        start_seconds: Time at which the first frame starts.
        end_seconds: Time at which the last frame ends, which is where the next starts.
        score: Probability of the labels in their frames, from 0 to 1: the geometric
            mean over the frames.
    """

    label: int | str
    start_frame: int
    end_frame: int
    start_seconds: float
    end_seconds: float
    score: float


@dataclasses.dataclass(frozen=True)
class CTCAlignment:
    """The most probable alignment of one clip.

    Attributes:
        labels: The labels in their order.
        log_probability: Logarithm of the probability of this alignment alone.
    """

    labels: tuple[AlignedSpan, ...]
    log_probability: float

    def words(self, vocabulary: "CharacterVocabulary") -> tuple[AlignedSpan, ...]:
        """Returns the words: runs of labels between spaces.

        Args:
            vocabulary: Has the `space_label` and turns labels into text.
        """
        runs: list[list[AlignedSpan]] = [[]]
        for span in self.labels:
            if span.label == vocabulary.space_label:
                runs.append([])
            else:
                runs[-1].append(span)
        return tuple(_joined(run, vocabulary) for run in runs if run)


def ctc_align(
    labels,
    logits,
    *,
    frame_step_seconds: float,
    logit_lengths=None,
    mask=None,
    blank_index: int = 0,
) -> list[CTCAlignment]:
    """Returns the most probable alignment of given labels with each clip.

    A label has the frames in which the best single path emits it; the frames between
    two labels are blanks. A network that sees the future may emit a label well before
    or after its sound: the times are those of the network.

    Args:
        labels: `(batch, labels)` integers, never the blank; −1 after the last label.
        logits: `(batch, frames, classes)`, before softmax.
        frame_step_seconds: Time from one frame to the next, in seconds.
        logit_lengths: `(batch,)` integers: valid frames of each clip. `None` means
            what `mask` says.
        mask: Boolean `(batch, frames)`. `None` means the mask that `logits` carry, if
            any; without one all frames are valid. Frames outside of it are blanks.
        blank_index: Class of the blank; negative counts from the last class.

    Returns:
        One alignment for each clip.

    Raises:
        ValueError: If the labels of a clip are not classes, do not fit its frames or
            have no probability, or a valid frame has no softmax.

    Example:
        >>> logits = 9.0 * ops.one_hot(ops.array([[0, 1, 1, 0, 2]]), 3)
        >>> (clip,) = ctc_align([[1, 2]], logits, frame_step_seconds=0.02)
        >>> [(span.label, span.start_seconds, span.end_seconds) for span in clip.labels]
        [(1, 0.02, 0.06), (2, 0.08, 0.1)]
    """
    _checks.check_number("frame_step_seconds", frame_step_seconds, above=True)
    logits, frames = _inputs.valid_frames(
        logits, logit_lengths, mask=mask, blank_index=blank_index
    )
    blank_index = ctc.check_blank_index(blank_index, logits.shape[-1])
    labels = _label_rows(labels, len(logits))
    _check_labels(labels, frames, logits.shape[-1], blank_index)
    log_probs = np.asarray(ops.log_softmax(logits, axis=-1))
    paths, totals = best_path.best_paths(log_probs, labels, frames, blank_index)
    for clip in np.flatnonzero(np.isneginf(totals)):
        raise ValueError(
            f"The labels of clip {clip} have no probability: each of their alignments "
            "needs a class whose logit is −inf."
        )
    return [
        CTCAlignment(
            _spans(path, row[row >= 0], clip, frame_step_seconds), float(total)
        )
        for path, row, clip, total in zip(paths, labels, log_probs, totals, strict=True)
    ]


def _spans(path, labels, log_probs, step_seconds):
    """Returns the frames of a path in which it is in each label."""
    spans = []
    for place, label in enumerate(labels):
        frames = np.flatnonzero(path == 2 * place + 1)
        start, end = int(frames[0]), int(frames[-1]) + 1
        score = float(np.exp(log_probs[frames, label].mean(dtype="float64")))
        # Without the last digits, in which the product is not exact.
        from_time, to_time = (
            round(start * step_seconds, 9),
            round(end * step_seconds, 9),
        )
        spans.append(AlignedSpan(int(label), start, end, from_time, to_time, score))
    return tuple(spans)


def _joined(spans, vocabulary):
    """Returns the word that consists of some labels."""
    counts = [span.end_frame - span.start_frame for span in spans]
    with np.errstate(divide="ignore"):
        logs = np.log([span.score for span in spans])
    score = float(np.exp(np.average(logs, weights=counts)))
    first, last = spans[0], spans[-1]
    text = vocabulary.decode(span.label for span in spans)
    return AlignedSpan(
        text,
        first.start_frame,
        last.end_frame,
        first.start_seconds,
        last.end_seconds,
        score,
    )


def _label_rows(labels, num_clips):
    """Returns labels as an array after checking its type and shape."""
    try:
        rows = np.asarray(labels)
        received = f"dtype={rows.dtype}, shape={rows.shape}"
    except ValueError:
        rows, received = np.zeros(0), "rows of different lengths"
    is_whole = np.issubdtype(rows.dtype, np.integer) or not rows.size
    if rows.ndim != 2 or len(rows) != num_clips or not is_whole:
        raise ValueError(
            "`labels` must be integers with the axes (batch, labels), one row for each "
            f"of the {num_clips} clips, and −1 after the last label of a row. "
            f"Received: {received}"
        )
    return rows.astype("int64")


def _check_labels(labels, frames, num_classes, blank_index):
    proper = np.asarray(ctc.proper_labels(labels, num_classes, blank_index))
    fits = np.asarray(ctc.frames_needed(labels)) <= frames
    bad = np.flatnonzero(~(proper.all(axis=1) & fits))
    if bad.size:
        clip = int(bad[0])
        raise ValueError(
            f"`labels` must be from 0 to {num_classes - 1} without the blank "
            f"{blank_index}, and fit into the frames of their clip. Received: "
            f"labels[{clip}]={labels[clip].tolist()} for {int(frames[clip])} frames"
        )
