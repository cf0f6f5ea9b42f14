"""Time warping: speech that hurries first and lingers later, or the other way."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation import _masking
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import time_warping
from speechkit.ops.time import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class TimeWarp(AugmentationLayer):
    """Moves a random frame of each clip and stretches the rest, in training only.

    The first and the last valid frame stay; one frame between them moves along time by
    up to `max_move` frames, and the frames on its two sides are stretched evenly and
    read between frames linearly. The sparse image warp of the paper gives the same
    when, as there, one point moves along time. At inference the input passes through
    unchanged.

    Args:
        max_move: Largest move W, in frames; a clip of fewer than `2 * W + 3` valid
            frames is moved less.
        seed: Seed of the warps. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If `max_move` is negative.

    Example:
        >>> features = keras.ops.ones((8, 98, 80))
        >>> keras.ops.shape(TimeWarp(40)(features, training=True))
        (8, 98, 80)
    """

    def __init__(self, max_move: int = 80, *, seed: int | None = None, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.max_move = _checks.check_int("max_move", max_move, minimum=0)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def get_config(self):
        return {**super().get_config(), "max_move": self.max_move}

    def draw_parameters(self, values, *, mask):
        valid = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
        frame, move = time_warping.drawn_warps(
            self.draw_uniform(values, shape=(2,)), valid, self.max_move
        )
        return {"frame": frame, "move": move}

    def transform(self, values, draws, *, mask):
        valid = lengths.mask_lengths(values, mask)
        return time_warping.warp(values, draws["frame"], draws["move"], valid), mask

    def weaken(self, draws, strength):
        return _masking.narrow(draws, strength, names=["move"])
