"""Padded batches whose padding is NaN, and what of an output is valid."""

import keras
import numpy as np

from speechkit.ops.time.masks import get_mask, set_mask


def masked(values, lengths):
    """Returns `values` with NaN behind each length, and the mask that says so."""
    mask = np.arange(values.shape[1]) < np.asarray(lengths)[:, None]
    behind = mask.reshape(mask.shape + (1,) * (values.ndim - 2))
    tensor = keras.ops.convert_to_tensor(np.where(behind, values, np.nan))
    tensor = keras.ops.cast(tensor, "float32")
    set_mask(tensor, keras.ops.convert_to_tensor(mask))
    return tensor


def valid_part(outputs, clip):
    """Returns the valid frames of one clip; all of it if there is no mask."""
    mask = get_mask(outputs)
    values = np.asarray(outputs)[clip]
    return values if mask is None else values[np.asarray(mask)[clip]]
