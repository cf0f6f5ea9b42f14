"""The number of samples that each frame of a clip needs."""

import itertools
from collections.abc import Sequence

import keras

_MOST_SAMPLES = 1 << 22


def frame_times(models: Sequence[keras.Model]) -> tuple[int | None, int | None]:
    """Returns the samples of a clip with one frame, and those from frame to frame.

    Frame `t` is complete with `before + t * step` samples. Both are `None` where frames
    do not come at equal distances.

    Args:
        models: From `(batch, samples)` to frames, `(batch, frames, ...)`, one after the
            other.
    """
    first, second, ninth = (_least(models, count) for count in (1, 2, 9))
    if None in (first, second, ninth) or ninth - first != 8 * (second - first):
        return None, None
    return first, second - first


def _least(models, count):
    """Returns the length of the shortest clip with `count` frames."""
    low, high = 0, 1  # `low` has fewer, and `high` once found has as many
    while _frames(models, high) < count:
        low, high = high, 2 * high
        if high > _MOST_SAMPLES:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if _frames(models, middle) < count:
            low = middle
        else:
            high = middle
    return high


def _frames(models, num_samples):
    tensor = keras.KerasTensor((1, num_samples))
    try:
        for layer in itertools.chain.from_iterable(map(_parts, models)):
            # Not its shape alone: a layer of a user may leave that to Keras.
            (tensor,) = keras.tree.flatten(layer.compute_output_spec(tensor))
    except ValueError:  # fewer frames than a kernel sees
        return 0
    return max(0, tensor.shape[1] or 0)


def _parts(model):
    return model.layers if isinstance(model, keras.Sequential) else [model]
