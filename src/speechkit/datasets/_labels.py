"""From texts to arrays of labels."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

PADDING = -1


def encode_texts(
    texts: Iterable[str], encode: Callable[[str], int | Sequence[int]]
) -> list[npt.NDArray[np.int32]]:
    """Encodes each text into a scalar, or each into a vector, of labels from 0 up.

    Raises:
        ValueError: If `encode` gives anything else, or scalars and vectors.
    """
    encoded: list[npt.NDArray[np.int32]] = []
    for text in texts:
        labels = np.asarray(encode(text))
        integers = labels.size == 0 or (
            np.issubdtype(labels.dtype, np.integer) and labels.min() >= 0
        )
        alike = not encoded or labels.ndim == encoded[0].ndim
        if not integers or not alike or labels.ndim > 1:
            raise ValueError(
                "`encode` must give one integer of 0 or more for every text, or a "
                f"sequence of them for every text. Received: {labels.tolist()!r} "
                f"for {text!r}"
            )
        encoded.append(labels.astype(np.int32))
    return encoded


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
