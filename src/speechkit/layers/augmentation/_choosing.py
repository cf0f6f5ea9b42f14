"""What the layers share that hold other augmentation."""

import keras
from keras import ops

from speechkit.layers.augmentation._augmentation_layer import AugmentationLayer
from speechkit.ops.time import lengths


def revived(layer):
    """Returns a layer, made from its configuration if it is one."""
    if isinstance(layer, dict):
        return keras.saving.deserialize_keras_object(layer)
    return layer


def check_layer(name, layer):
    """Returns `layer`; raises `ValueError` unless it is augmentation."""
    layer = revived(layer)
    if not isinstance(layer, AugmentationLayer):
        raise ValueError(
            f"`{name}` must be augmentation layers. Received: {name}={layer!r}"
        )
    return layer


def check_layers(name, layers):
    """Returns a list of augmentation layers; raises `ValueError` if it is none."""
    if not isinstance(layers, list | tuple) or not layers:
        raise ValueError(
            f"`{name}` must be a list of one or more layers. "
            f"Received: {name}={layers!r}"
        )
    return [check_layer(name, layer) for layer in layers]


def longest_shape(shapes):
    """Returns the shape that holds all `shapes`: that with most time."""
    times = [shape[1] for shape in shapes]
    return (shapes[0][0], None if None in times else max(times), *shapes[0][2:])


def chosen(candidates, choice):
    """Returns one of several outputs for each clip, and its mask.

    Args:
        candidates: Pairs of values, `(batch, time, ...)`, and masks.
        choice: `(batch,)`: which of them each clip takes.
    """
    counts = [ops.shape(values)[1] for values, _ in candidates]
    need_masks = any(mask is not None for _, mask in candidates)
    if len({values.shape[1] for values, _ in candidates}) > 1 or need_masks:
        candidates = [_with_mask(values, mask) for values, mask in candidates]
        longest = _largest(counts)
        candidates = [
            (lengths.lengthened(values, longest), lengths.lengthened(mask, longest))
            for values, mask in candidates
        ]
    result, result_mask = candidates[0]
    for number, (values, mask) in enumerate(candidates[1:], start=1):
        here = ops.expand_dims(ops.equal(choice, number), axis=1)
        if mask is not None:
            result_mask = ops.where(here, mask, result_mask)
        result = ops.where(lengths.expand_mask(here, values), values, result)
    return result, result_mask


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
