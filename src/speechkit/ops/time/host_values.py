"""Values of tensors that the host can see: in eager calls, not in graphs."""

import keras
import numpy as np


def values_of(tensor):
    """Returns a tensor as an array, or `None` while it has no values.

    Args:
        tensor: A tensor, an array, or `None`, which has no values.

    Example:
        >>> values_of(keras.ops.array([1, 2])).tolist()
        [1, 2]
    """
    has_values = isinstance(tensor, np.ndarray) or (
        keras.backend.backend() == "tensorflow" and hasattr(tensor, "numpy")
    )
    return np.asarray(tensor) if has_values else None
