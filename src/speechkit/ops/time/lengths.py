"""Lengths and masks: which samples and frames of a padded batch are valid."""

import math

import keras
from keras import ops

# In 32 bits; a length beyond it is beyond every clip.
LARGEST = 2**31 - 1


def frame_count(num_samples: int, frame_length: int, frame_step: int) -> int:
    """Returns how many whole frames fit into `num_samples` samples.

    Args:
        num_samples: Length of the clip, in samples.
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.

    Returns:
        Number of frames; zero if the clip is shorter than a frame.

    Example:
        >>> frame_count(16000, 400, 160)
        98
    """
    return max(0, 1 + (num_samples - frame_length) // frame_step)


def length_mask(values, lengths):
    """Returns `(batch, time)`: true for the first `lengths[i]` elements of clip `i`.

    Args:
        values: `(batch, time, ...)`; only its shape matters.
        lengths: `(batch,)` integers; less than 0 counts as 0, more than the time axis
            as all of it.

    Example:
        >>> length_mask(ops.zeros((2, 3)), ops.array([1, 3])).numpy().tolist()
        [[True, False, False], [True, True, True]]
    """
    # Counting with a cumulative sum works where the time axis is unknown, too. One clip
    # counts for all.
    ones = ops.ones_like(_first_feature(values)[:1, :], dtype="int32")
    return ops.cumsum(ones, axis=1) <= in_32_bits(lengths)[:, None]


def in_32_bits(lengths):
    """Returns lengths in int32, the nearest number for one that has more bits."""
    lengths = ops.convert_to_tensor(lengths)
    dtype = keras.backend.standardize_dtype(lengths.dtype)
    if dtype in ("int64", "uint32", "uint64"):
        lengths = ops.minimum(lengths, LARGEST)
    if dtype == "int64":
        lengths = ops.maximum(lengths, -1)
    return ops.cast(lengths, "int32")


def frame_mask(mask, frame_length: int, frame_step: int):
    """Returns the mask of frames: a frame is valid if its last sample is.

    Masks say where the padding at the end of a clip begins, so a frame whose last
    sample is valid is valid throughout.

    Args:
        mask: `(batch, samples)`, or `None`.
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.

    Returns:
        `(batch, frames)`, or `None` if `mask` is `None`.
    """
    if mask is None:
        return None
    return mask[:, frame_length - 1 :: frame_step]


def zero_padding(values, mask):
    """Returns `values` with zeros where `mask` is false, be they NaN or not.

    Args:
        values: `(batch, time)` or `(batch, time, features)`.
        mask: `(batch, time)`, or `None` if all is valid.
    """
    if mask is None:
        return values
    mask = expand_mask(mask, values)
    return ops.where(mask, values, ops.zeros_like(values))


def hold_last(values, mask):
    """Returns `values` where the padding repeats the last valid frame of each clip.

    Args:
        values: `(batch, time)` or `(batch, time, features)`.
        mask: `(batch, time)`, or `None` if all is valid.

    Example:
        >>> values = ops.array([[1.0, 2.0, 3.0]])
        >>> hold_last(values, ops.array([[True, True, False]])).numpy().tolist()
        [[1.0, 2.0, 2.0]]
    """
    if mask is None:
        return values
    last = frame_at(values, mask_lengths(values, mask) - 1)
    return ops.where(expand_mask(mask, values), values, ops.expand_dims(last, axis=1))


def frame_at(values, places):
    """Returns `(batch, ...)`: one frame of each clip; zeros where there is none.

    Args:
        values: `(batch, time, ...)`; what stands in the other frames does not matter.
        places: `(batch,)` integers.

    Example:
        >>> values = ops.array([[[1.0], [2.0]], [[3.0], [4.0]]])
        >>> frame_at(values, ops.array([0, 1])).numpy().tolist()
        [[1.0], [4.0]]
    """
    earlier, later = length_mask(values, places), length_mask(values, places + 1)
    is_there = expand_mask(ops.not_equal(earlier, later), values)
    return ops.sum(ops.where(is_there, values, ops.zeros_like(values)), axis=1)


def lengthened(values, count):
    """Returns `values` with zeros after them until the time axis has `count` steps.

    Args:
        values: `(batch, time, ...)`, numbers or a mask.
        count: An integer, or a tensor of one; no less than the time axis.
    """
    batch, steps, *rest = ops.shape(values)
    if isinstance(steps, int) and isinstance(count, int) and steps == count:
        return values
    zeros = ops.zeros((batch, count - steps, *rest), dtype=values.dtype)
    return ops.concatenate([values, zeros], axis=1)


def at_least(values, count: int):
    """Returns `values`, or, if they have fewer steps, with zeros up to `count`."""
    steps = ops.shape(values)[1]
    known = isinstance(steps, int)
    return lengthened(values, max(steps, count) if known else ops.maximum(steps, count))


def with_one_clip(values, count: int):
    """Returns `values` with zeros up to one clip and `count` steps, if there are fewer.

    Nothing is copied where there are as many.

    Args:
        values: `(batch, time, ...)`, the axes after time of known size.
        count: Least number of steps.
    """
    (batch, steps), rest = ops.shape(values)[:2], values.shape[2:]
    more = [[0, at_least_none(1 - batch)], [0, at_least_none(count - steps)], [0, 0]]
    # With three axes, for oneDNN makes one of the padding of four axes and the
    # convolution behind it, and then forgets the added clip.
    flat = ops.pad(ops.reshape(values, (batch, steps, math.prod(rest))), more)
    return ops.reshape(flat, (*ops.shape(flat)[:2], *rest))


def at_least_none(count):
    """Returns a count of 0 or more, an integer or a tensor of one; 0 for less."""
    return max(count, 0) if isinstance(count, int) else ops.maximum(count, 0)


def expand_mask(mask, values):
    """Returns `mask` with axes of size 1 added until it has the rank of `values`."""
    for _ in range(len(values.shape) - 2):
        mask = ops.expand_dims(mask, axis=-1)
    return mask


def mask_lengths(values, mask):
    """Returns `(batch,)`: how many elements of each clip are valid, as int32.

    Args:
        values: `(batch, time, ...)`; says how long a clip is without a mask.
        mask: `(batch, time)`, or `None` if all is valid.
    """
    if mask is None:
        mask = ops.ones_like(_first_feature(values), dtype="int32")
    return ops.sum(ops.cast(mask, "int32"), axis=1)


def mask_ends(values, mask):
    """Returns `(batch,)`: the index after the last valid element of each clip, int32.

    It is `mask_lengths` where the valid elements come first.

    Args:
        values: `(batch, time, ...)`; says how long a clip is without a mask.
        mask: `(batch, time)`, or `None` if all is valid.

    Example:
        >>> mask = ops.array([[False, True, False], [False, False, False]])
        >>> mask_ends(ops.zeros((2, 3)), mask).numpy().tolist()
        [2, 0]
    """
    if mask is None:
        return mask_lengths(values, mask)
    places = ops.cumsum(ops.ones_like(mask, dtype="int32"), axis=1)
    return ops.max(places * ops.cast(mask, "int32"), axis=1, initial=0)


def _first_feature(values):
    """Returns `(batch, time)`: one element for each step in time."""
    while len(values.shape) > 2:
        values = values[..., 0]
    return values
