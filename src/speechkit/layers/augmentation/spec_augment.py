"""SpecAugment: hides bands of frequency and stretches of time."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.ops import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class SpecAugment(keras.layers.Layer):
    """Sets random bands of frequency and stretches of time to zero, in training.

    Each clip draws its own masks. The width of a mask is one of 0, 1, …, up to the
    largest width with equal probability; its place is uniform over the features or the
    valid frames. Zero is the mean of features normalised by
    `MeanVarianceNormalization`. At inference the input passes through unchanged.

    Args:
        max_frequency_width: Largest width F of a frequency mask, in features.
        num_frequency_masks: Number of frequency masks a clip.
        max_time_width: Largest width T of a time mask, in frames.
        num_time_masks: Number of time masks a clip.
        max_time_share: Largest share p of the valid frames that one time mask hides.
        seed: Seed of the masks. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If a width or a count is negative or a share not from 0 to 1.

    Example:
        >>> features = keras.ops.ones((8, 98, 80))
        >>> keras.ops.shape(SpecAugment(seed=0)(features, training=True))
        (8, 98, 80)

    References:
        Park et al., SpecAugment: A Simple Data Augmentation Method for Automatic Speech
        Recognition, 2019. https://arxiv.org/abs/1904.08779
    """

    def __init__(
        self,
        max_frequency_width: int = 27,
        num_frequency_masks: int = 1,
        max_time_width: int = 100,
        num_time_masks: int = 1,
        max_time_share: float = 1.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.max_frequency_width = _checks.check_int(
            "max_frequency_width", max_frequency_width, minimum=0
        )
        self.num_frequency_masks = _checks.check_int(
            "num_frequency_masks", num_frequency_masks, minimum=0
        )
        self.max_time_width = _checks.check_int(
            "max_time_width", max_time_width, minimum=0
        )
        self.num_time_masks = _checks.check_int(
            "num_time_masks", num_time_masks, minimum=0
        )
        self.max_time_share = _checks.check_probability(
            "max_time_share", max_time_share
        )
        self.seed = seed
        self._seeds = keras.random.SeedGenerator(seed)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs, training=False, mask=None):
        values = ops.cast(inputs, self.compute_dtype)
        if not training:
            return values
        hidden = ops.logical_or(
            self._hidden_frames(values, mask)[:, :, None],
            self._hidden_features(values)[:, None, :],
        )
        return ops.where(hidden, ops.zeros_like(values), values)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        config = {
            "max_frequency_width": self.max_frequency_width,
            "num_frequency_masks": self.num_frequency_masks,
            "max_time_width": self.max_time_width,
            "num_time_masks": self.num_time_masks,
            "max_time_share": self.max_time_share,
            "seed": self.seed,
        }
        return {**super().get_config(), **config}

    def _hidden_frames(self, values, mask):
        """Returns `(batch, frames)`: which frames are hidden."""
        valid = ops.cast(lengths.mask_lengths(values, mask), "float32")[:, None]
        widest = ops.floor(valid * self.max_time_share)
        widest = ops.minimum(widest, float(self.max_time_width))
        ones = ops.ones_like(values[:, :, 0], dtype="int32")
        positions = ops.cumsum(ones, axis=1) - 1
        return self._inside(positions, valid, widest, self.num_time_masks)

    def _hidden_features(self, values):
        """Returns `(batch, features)`: which features are hidden."""
        size = values.shape[2]
        positions = ops.arange(size)[None]
        total = ops.full((ops.shape(values)[0], 1), float(size))
        widest = ops.minimum(total, float(self.max_frequency_width))
        return self._inside(positions, total, widest, self.num_frequency_masks)

    def _inside(self, positions, size, widest, num_masks):
        """Returns which `positions` fall into one of `num_masks` random intervals."""
        shape = (ops.shape(size)[0], num_masks)
        # The draw is below 1, so the floor below is at most `widest`; the minimum
        # guards against a product that rounds up.
        draws = keras.random.uniform(shape, seed=self._seeds)
        width = ops.minimum(ops.floor(draws * (widest + 1)), widest)
        draws = keras.random.uniform(shape, seed=self._seeds)
        room = size - width
        start = ops.minimum(ops.floor(draws * (room + 1)), room)
        positions = ops.cast(positions, "float32")[:, :, None]
        after_start = positions >= start[:, None, :]
        before_end = positions < (start + width)[:, None, :]
        return ops.any(ops.logical_and(after_start, before_end), axis=-1)
