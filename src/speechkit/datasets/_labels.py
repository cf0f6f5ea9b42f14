"""From texts to arrays of labels."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from speechkit.datasets.recording import Recording

PADDING = -1
_LARGEST = np.iinfo(np.int32).max


def encode_texts(
    recordings: Iterable[Recording],
    encode: Callable[[str], int | Sequence[int]],
    *,
    num_classes: int | None = None,
    blank_index: int | None = 0,
) -> list[npt.NDArray[np.int32]]:
    """Encodes each text into a scalar, or each into a vector, of labels from 0 up.

    Args:
        recordings: They have the texts.
        encode: Gives the label or the labels of a text.
        num_classes: Number of classes; `None` checks no upper limit.
        blank_index: Class of the blank, which is in no vector. `None` means none.

    Raises:
        ValueError: If `encode` gives anything else, or scalars and vectors.
    """
    encoded: list[npt.NDArray[np.int32]] = []
    for recording in recordings:
        labels = np.asarray(encode(recording.text))
        blank = blank_index if labels.ndim else None
        reason = wrong_label(labels.reshape(-1), num_classes, blank)
        alike = not encoded or labels.ndim == encoded[0].ndim
        if reason or not alike or labels.ndim > 1:
            raise ValueError(
                "`encode` must give one integer of 0 or more for every text, or a "
                "sequence of them for every text, without the blank. Received: "
                f"{labels.tolist()!r} for {recording.text!r} of {recording.path}"
                + (f", with {reason}" if reason else "")
            )
        encoded.append(labels.astype(np.int32))
    return encoded


def wrong_label(
    labels: np.ndarray, num_classes: int | None, blank_index: int | None
) -> str:
    """Returns the first label that cannot be trained on, and why; or nothing."""
    for place, label in enumerate(labels.tolist()):
        if isinstance(label, bool) or not isinstance(label, int):
            return f"{label!r}, which is no integer, at place {place}"
        if label == blank_index:
            return f"{label}, the blank, at place {place}"
        if label < 0:
            return f"{label}, below 0, at place {place}"
        if num_classes is not None and label >= num_classes:
            return f"{label}, beyond the {num_classes} classes, at place {place}"
        if label > _LARGEST:
            return f"{label}, beyond 32 bits, at place {place}"
    return ""


def stack_labels(
    labels: Sequence[npt.NDArray[np.int32]], length: int | None
) -> npt.NDArray[np.int32]:
    """Stacks scalars, or vectors padded with -1 to `length` or to the longest."""
    if not labels[0].ndim:
        return np.stack(labels)
    length = length or max(1, *map(len, labels))  # losses need one label or more
    stacked = np.full((len(labels), length), PADDING, np.int32)
    for row, vector in zip(stacked, labels, strict=True):
        row[: len(vector)] = vector
    return stacked
