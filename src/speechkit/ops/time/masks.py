"""The Keras mask of a tensor: the one place that reads it and writes it."""

# Keras keeps masks as attributes where tensors take any, and in a table of its own
# where they do not, such as under `jit` on JAX. Its public API has no word for them.
from keras.src.backend import get_keras_mask, set_keras_mask


def get_mask(values):
    """Returns the mask that `values` carry; `None` if they carry none.

    Args:
        values: A tensor, or anything else, which carries no mask.

    Example:
        >>> import keras
        >>> features = keras.layers.Masking()(keras.ops.array([[[1.0], [0.0]]]))
        >>> get_mask(features).numpy().tolist()
        [[True, False]]
    """
    return get_keras_mask(values)


def set_mask(values, mask):
    """Returns `values`, which carry `mask` from now on.

    Args:
        values: A tensor.
        mask: `(batch, time)`, or `None`, which leaves `values` as they are.
    """
    if mask is not None:
        set_keras_mask(values, mask)
    return values
