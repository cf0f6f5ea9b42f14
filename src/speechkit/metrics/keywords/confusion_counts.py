"""Which class was taken for which."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from speechkit import _checks


def confusion_counts(
    references: Sequence[int], hypotheses: Sequence[int], *, num_classes: int
) -> npt.NDArray[np.int64]:
    """Counts each pair of a true and a recognised class.

    The share of its diagonal is the accuracy; `plots.confusion_matrix` draws it.

    Args:
        references: True classes.
        hypotheses: Recognised classes, in the same order.
        num_classes: Number of classes; they count from 0.

    Returns:
        `(num_classes, num_classes)`: rows are true classes, columns recognised ones.

    Raises:
        ValueError: If the lengths differ or a class is out of range.

    Example:
        >>> confusion_counts([0, 1, 1], [0, 1, 0], num_classes=2).tolist()
        [[1, 0], [1, 1]]
    """
    _checks.check_int("num_classes", num_classes)
    rows, columns = (
        _classes(name, classes, num_classes)
        for name, classes in (("references", references), ("hypotheses", hypotheses))
    )
    if len(rows) != len(columns):
        raise ValueError(
            "`hypotheses` must be as many as `references`. "
            f"Received: {len(columns)} hypotheses, {len(rows)} references"
        )
    pairs = np.bincount(rows * num_classes + columns, minlength=num_classes**2)
    return pairs.reshape(num_classes, num_classes).astype("int64")


def _classes(name, classes, num_classes):
    array = np.asarray(classes)
    whole = array.size == 0 or np.issubdtype(array.dtype, np.integer)
    if array.ndim != 1 or not whole or ((array < 0) | (array >= num_classes)).any():
        raise ValueError(
            f"`{name}` must be a sequence of integers from 0 to {num_classes - 1}. "
            f"Received: {name}={str(classes)[:60]}"
        )
    return array.astype("int64")
