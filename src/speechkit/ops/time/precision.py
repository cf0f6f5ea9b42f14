"""Precision of intermediate results."""

import keras

# JAX has no 64 bits unless it is told to: it would take 32 instead, and warn.
WIDE_INT, WIDE_FLOAT = (
    ("int32", "float32") if keras.backend.backend() == "jax" else ("int64", "float64")
)


def working_dtype(compute_dtype: str) -> str:
    """Returns the dtype in which levels, logs and statistics are computed.

    Args:
        compute_dtype: The `compute_dtype` of a layer.

    Returns:
        `"float64"` for `"float64"`, otherwise `"float32"`.

    Example:
        >>> working_dtype("float16")
        'float32'
    """
    return "float64" if compute_dtype == "float64" else "float32"
