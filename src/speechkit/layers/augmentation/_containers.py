"""Checks and choices shared by the layers that hold other augmentation."""

import keras
from keras import ops

from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.time import lengths


def deserialize(value):
    """Returns a Keras object, made from its configuration if it is one."""
    if isinstance(value, dict):
        return keras.saving.deserialize_keras_object(value)
    return value


def check_layer(name, layer):
    """Returns the layer; raises `ValueError` unless it is augmentation."""
    layer = deserialize(layer)
    if not isinstance(layer, AugmentationLayer):
        raise ValueError(
            f"`{name}` must be augmentation, of which each layer derives from "
            f"`speechkit.layers.AugmentationLayer`. Received: {name}={layer!r}"
        )
    return layer


def check_layers(name, layers):
    """Returns the list of layers; raises `ValueError` unless each is augmentation."""
    if not isinstance(layers, list | tuple) or not layers:
        raise ValueError(
            f"`{name}` must be a list of one or more layers. "
            f"Received: {name}={layers!r}"
        )
    return [check_layer(name, layer) for layer in layers]


def longest_shape(shapes):
    """Returns the shape with the longest time axis, which has room for the others."""
    times = [shape[1] for shape in shapes]
    return (shapes[0][0], None if None in times else max(times), *shapes[0][2:])


def select_by_clip(candidates, choice):
    """Returns one of several outputs for each clip, and its mask.

    Args:
        candidates: Pairs of values, `(batch, time, ...)`, and masks.
        choice: `(batch,)`: the number of the output that each clip takes.
    """
    result, result_mask = None, None
    for number, (values, mask) in enumerate(_equally_long(candidates)):
        if number == 0:
            result, result_mask = values, mask
            continue
        here = ops.expand_dims(ops.equal(choice, number), axis=1)
        if mask is not None:
            result_mask = ops.where(here, mask, result_mask)
        result = ops.where(lengths.expand_mask(here, values), values, result)
    return result, result_mask


def _equally_long(candidates):
    """Returns the pairs, with masks and of one length unless all are already alike."""
    have_one_length = len({values.shape[1] for values, _ in candidates}) == 1
    if have_one_length and all(mask is None for _, mask in candidates):
        return candidates
    longest = _largest([ops.shape(values)[1] for values, _ in candidates])
    return [
        tuple(lengths.lengthened(part, longest) for part in _with_mask(*candidate))
        for candidate in candidates
    ]


def _with_mask(values, mask):
    if mask is None:
        mask = lengths.length_mask(values, lengths.mask_lengths(values, None))
    return values, mask


def _largest(counts):
    if all(isinstance(count, int) for count in counts):
        return max(counts)
    largest = counts[0]
    for count in counts[1:]:
        largest = ops.maximum(largest, count)
    return largest
