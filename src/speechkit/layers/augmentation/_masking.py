"""Masks over frames and features, shared by the layers that hide parts of a clip."""

from keras import ops

from speechkit import _checks
from speechkit.ops.effects import intervals
from speechkit.ops.time import lengths

FILLS = ("zero", "mean")


def time_intervals(uniforms, values, *, mask, max_width, max_share, width_share=None):
    """Returns starts and widths of stretches of valid frames.

    Args:
        uniforms: `(batch, masks, 2)`, uniform from 0 to 1.
        values: `(batch, frames, features)`.
        mask: `(batch, frames)`, or `None`.
        max_width: Largest width, in frames.
        max_share: Largest share of the valid frames.
        width_share: Largest width as a share of the valid frames, instead of
            `max_width`. `None` keeps that.
    """
    valid = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
    valid = ops.expand_dims(valid, axis=1)
    if width_share is not None:
        max_width = round_down(valid * width_share)
    widest = ops.minimum(round_down(valid * max_share), max_width)
    return intervals.drawn_intervals(uniforms, valid, widest)


def frequency_intervals(uniforms, values, max_width):
    """Returns starts and widths of bands of features."""
    size = float(values.shape[2])
    size = ops.full_like(uniforms[:, :1, 0], size)
    return intervals.drawn_intervals(uniforms, size, ops.minimum(size, max_width))


def round_down(shares):
    """Returns shares rounded down; 0.3 of 10 are 3, whatever 0.3 is in binary."""
    return ops.floor(shares + 1e-3)


def fill_masked(values, hidden, *, fill, mask):
    """Returns the values with zero or the mean where they are hidden.

    Args:
        values: `(batch, frames, features)`, zero in the padding.
        hidden: True where values are hidden; of a shape that fits `values`.
        fill: `"zero"` or `"mean"`, the mean of each clip.
        mask: `(batch, frames)`, or `None`.
    """
    if fill == "zero":
        return ops.where(hidden, ops.zeros_like(values), values)
    counts = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
    counts = ops.maximum(counts, ops.ones_like(counts)) * values.shape[2]
    mean = ops.sum(values, axis=(1, 2)) / counts
    return ops.where(hidden, ops.reshape(mean, (-1, 1, 1)), values)


def masked_frames(values, starts, widths):
    """Returns `(batch, frames, 1)`: true for frames within a stretch."""
    frames = ops.arange(ops.shape(values)[1], dtype="int32")
    return ops.expand_dims(intervals.inside(frames, starts, widths), axis=2)


def masked_features(values, starts, widths):
    """Returns `(batch, 1, features)`: true for features within a band."""
    features = ops.arange(values.shape[2], dtype="int32")
    return ops.expand_dims(intervals.inside(features, starts, widths), axis=1)


def narrow(draws, strength, *, names):
    """Returns the draws with some widths or moves multiplied by a strength.

    Args:
        draws: The draws of a layer.
        strength: A number from 0 to 1.
        names: Names of the draws that are widths or moves.
    """
    weaker = {
        name: ops.cast(
            ops.round(strength * ops.cast(draws[name], "float32")), draws[name].dtype
        )
        for name in names
    }
    return {**draws, **weaker}


def check_fill(fill):
    """Returns `fill`; raises `ValueError` unless it is one of `FILLS`."""
    return _checks.check_choice("fill", fill, FILLS)
