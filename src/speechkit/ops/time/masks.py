"""The Keras mask of a tensor: the one place that reads, writes and checks it."""

import keras
from keras import ops

# Keras keeps masks as attributes where tensors take any, and in a table of its own
# where they do not, such as under `jit` on JAX. Its public API has no word for them.
from keras.src.backend.common.masking import get_keras_mask, set_keras_mask


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


def check_mask(mask, logits):
    """Returns a mask as a tensor; raises unless it is boolean `(batch, frames)`.

    Args:
        mask: The mask, or `None`, which is returned.
        logits: `(batch, frames, classes)`.

    Raises:
        ValueError: If it has another type or shape: lengths, for instance.
    """
    if mask is None:
        return None
    mask = ops.convert_to_tensor(mask)
    dtype = keras.backend.standardize_dtype(mask.dtype)
    sizes = zip(mask.shape, logits.shape, strict=False)
    fits = all(one in (other, None) or other is None for one, other in sizes)
    if dtype != "bool" or len(mask.shape) != 2 or not fits:
        raise ValueError(
            "`mask` must be boolean with the axes (batch, frames) of the logits, whose "
            f"shape is {tuple(logits.shape)}; lengths go to `logit_lengths`. "
            f"Received: dtype={dtype}, shape={tuple(mask.shape)}"
        )
    return mask
