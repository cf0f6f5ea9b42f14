"""What the layers share that hide bands of frequency and stretches of time."""

from keras import ops

from speechkit import _checks
from speechkit.ops.effects import intervals
from speechkit.ops.time import lengths

FILLS = ("zero", "mean")


def time_intervals(uniforms, values, mask, max_width, max_share, width_share=None):
    """Returns starts and widths of stretches of valid frames.

    Args:
        uniforms: `(batch, masks, 2)`, uniform from 0 to 1.
        values: `(batch, frames, features)`.
        mask: `(batch, frames)`, or `None`.
        max_width: Largest width, in frames.
        max_share: Largest share of the valid frames.
        width_share: What takes the place of `max_width` if it is not `None`: a share
            of the valid frames.
    """
    valid = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
    valid = ops.expand_dims(valid, axis=1)
    longest = float(max_width) if width_share is None else whole(valid * width_share)
    widest = ops.minimum(whole(valid * max_share), longest)
    return intervals.drawn_intervals(uniforms, valid, widest)


def frequency_intervals(uniforms, values, max_width):
    """Returns starts and widths of bands of features."""
    size = float(values.shape[2])
    size = ops.full_like(uniforms[:, :1, 0], size)
    return intervals.drawn_intervals(uniforms, size, ops.minimum(size, max_width))


def whole(shares):
    """Returns shares rounded down; 0.3 of 10 are 3, whatever 0.3 is in binary."""
    return ops.floor(shares + 1e-3)


def hide(values, hidden, fill, mask):
    """Returns `values` with what is hidden replaced.

    Args:
        values: `(batch, frames, features)`, zero in the padding.
        hidden: Where; of a shape that fits `values`.
        fill: `"zero"` or `"mean"`, the mean of each clip.
        mask: `(batch, frames)`, or `None`.
    """
    if fill == "zero":
        return ops.where(hidden, ops.zeros_like(values), values)
    counts = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
    counts = ops.maximum(counts, ops.ones_like(counts)) * values.shape[2]
    mean = ops.sum(values, axis=(1, 2)) / counts
    filled = ops.where(hidden, ops.reshape(mean, (-1, 1, 1)), values)
    return lengths.zero_padding(filled, mask)


def hidden_frames(values, starts, widths):
    """Returns `(batch, frames, 1)`: which frames lie in a stretch."""
    frames = ops.arange(ops.shape(values)[1], dtype="int32")
    return ops.expand_dims(intervals.inside(frames, starts, widths), axis=2)


def hidden_features(values, starts, widths):
    """Returns `(batch, 1, features)`: which features lie in a band."""
    features = ops.arange(values.shape[2], dtype="int32")
    return ops.expand_dims(intervals.inside(features, starts, widths), axis=1)


def narrowed(draws, strength, *names):
    """Returns draws whose widths or moves are multiplied by a strength."""
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
