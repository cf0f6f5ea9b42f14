"""Batch normalisation that knows the valid frames."""

import keras
from keras import ops

from speechkit.ops.time import lengths, statistics


def normalize(normalization, values, mask, training):
    """Returns values normalised with the statistics of the valid frames of the batch.

    Args:
        normalization: A `keras.layers.BatchNormalization`, or `None`.
        values: `(batch, frames, ...)`; the padding may hold anything.
        mask: `(batch, frames)`, or `None` if all is valid.
        training: Whether the statistics are those of the batch, and are remembered
            where it has any valid frame.

    Returns:
        The values, finite in the padding.
    """
    values = lengths.zero_padding(values, mask)
    if normalization is None:
        return values
    has_frames = statistics.has_frames(values, mask)
    if mask is not None and len(values.shape) == 4:
        # Keras wants a mask without the axis of channels alone.
        everywhere = ops.ones_like(values[:, :, :, 0], dtype="bool")
        mask = ops.logical_and(everywhere, mask[:, :, None])
    if not training or has_frames is True:
        return normalization(values, training=training, mask=mask)
    averages = (normalization.moving_mean, normalization.moving_variance)
    before = [average + 0 for average in averages]  # a copy
    if mask is None:
        # The statistics of nothing are NaN, and so are their gradients.
        batch, frames = ops.shape(values)[:2]
        values = lengths.with_one_clip(values, 1)
        outputs = normalization(values, training=training)[:batch, :frames]
    else:
        outputs = normalization(values, training=training, mask=mask)
    for average, old in zip(averages, before, strict=True):
        new = ops.convert_to_tensor(average)
        average.assign(ops.where(has_frames, new, old))
    return outputs


def batch_normalization(kind: str | None, **options):
    """Returns the layer for `normalize`, or `None` without normalisation.

    Args:
        kind: `"batch"` or `None`.
        **options: Arguments of `keras.layers.BatchNormalization`.
    """
    if kind is None:
        return None
    return keras.layers.BatchNormalization(momentum=0.9, **options)
