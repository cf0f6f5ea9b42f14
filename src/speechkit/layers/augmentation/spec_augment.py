"""SpecAugment: hides bands of frequency and stretches of time, and warps time."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation import _hiding
from speechkit.layers.augmentation._augmentation_layer import AugmentationLayer
from speechkit.ops.effects import time_warping
from speechkit.ops.time import lengths

# The most masks that a count which grows with the clip reaches (Park et al., 2020).
_MOST_MASKS = 20
_NAMES = (
    "max_time_warp",
    "max_frequency_width",
    "num_frequency_masks",
    "max_time_width",
    "num_time_masks",
    "max_time_share",
)
_PRESETS = {
    "LB": (80, 27, 1, 100, 1, 1.0),
    "LD": (80, 27, 2, 100, 2, 1.0),
    "SM": (40, 15, 2, 70, 2, 0.2),
    "SS": (40, 27, 2, 70, 2, 0.2),
}


@keras.saving.register_keras_serializable(package="speechkit")
class SpecAugment(AugmentationLayer):
    """Hides random bands of frequency and stretches of time, in training.

    Each clip draws its own masks. The width of a mask is one of 0, 1, …, up to the
    largest width with equal probability; its place is uniform over the features or the
    valid frames. Zero is the mean of features normalised by
    `MeanVarianceNormalization`. Before that, time can be warped, as `TimeWarp` does it.
    At inference the input passes through unchanged.

    Args:
        max_frequency_width: Largest width F of a frequency mask, in features.
        num_frequency_masks: Number of frequency masks a clip.
        max_time_width: Largest width T of a time mask, in frames.
        num_time_masks: Number of time masks a clip.
        max_time_share: Largest share p of the valid frames that one time mask hides.
        seed: Seed of the masks. `None` means a different one each time.
        max_time_warp: Largest move W of a frame along time, in frames; 0 for none.
        fill: What is hidden becomes `"zero"`, or `"mean"`, the mean of the clip.
        time_width_share: Largest width of a time mask as a share of the valid frames,
            instead of `max_time_width`: adaptive size. `None` keeps that.
        time_masks_per_frame: Number of time masks for each valid frame, up to 20
            masks, instead of `num_time_masks`: adaptive multiplicity. `None` keeps
            that.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If a width or a count is negative, a share not from 0 to 1, or
            `fill` unknown.

    Example:
        >>> features = keras.ops.ones((8, 98, 80))
        >>> layer = SpecAugment.from_preset("SM", seed=0)
        >>> keras.ops.shape(layer(features, training=True))
        (8, 98, 80)

    References:
        Park et al., SpecAugment: A Simple Data Augmentation Method for Automatic Speech
        Recognition, 2019. https://arxiv.org/abs/1904.08779

        Park et al., SpecAugment on Large Scale Datasets, 2020: the adaptive masks.
    """

    def __init__(
        self,
        max_frequency_width: int = 27,
        num_frequency_masks: int = 1,
        max_time_width: int = 100,
        num_time_masks: int = 1,
        max_time_share: float = 1.0,
        seed: int | None = None,
        max_time_warp: int = 0,
        fill: str = "zero",
        time_width_share: float | None = None,
        time_masks_per_frame: float | None = None,
        **kwargs,
    ):
        super().__init__(seed, **kwargs)
        self.max_frequency_width = _count("max_frequency_width", max_frequency_width)
        self.num_frequency_masks = _count("num_frequency_masks", num_frequency_masks)
        self.max_time_width = _count("max_time_width", max_time_width)
        self.num_time_masks = _count("num_time_masks", num_time_masks)
        self.max_time_share = _checks.check_probability(
            "max_time_share", max_time_share
        )
        self.max_time_warp = _count("max_time_warp", max_time_warp)
        self.fill = _hiding.check_fill(fill)
        self.time_width_share = _share("time_width_share", time_width_share)
        self.time_masks_per_frame = _share("time_masks_per_frame", time_masks_per_frame)
        self._num_time_masks = (
            num_time_masks if time_masks_per_frame is None else _MOST_MASKS
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)

    @classmethod
    def from_preset(cls, preset: str, **kwargs) -> "SpecAugment":
        """Makes the layer of a published policy.

        Args:
            preset: `"LB"` or `"LD"` (LibriSpeech basic and double), `"SM"` or `"SS"`
                (Switchboard mild and strong).
            **kwargs: Arguments of the layer, some in place of the policy's.

        Raises:
            ValueError: If there is no such policy.
        """
        _checks.check_choice("preset", preset, _PRESETS)
        arguments = dict(zip(_NAMES, _PRESETS[preset], strict=True))
        return cls(**{**arguments, **kwargs})

    def get_config(self):
        config = {name: getattr(self, name) for name in _NAMES}
        config["fill"] = self.fill
        config["time_width_share"] = self.time_width_share
        config["time_masks_per_frame"] = self.time_masks_per_frame
        return {**super().get_config(), **config}

    def _draw(self, values, mask):
        bands, stretches = self.num_frequency_masks, self._num_time_masks
        # All at once: a call to the generator costs more than the numbers.
        uniforms = self._uniform(values, shape=(bands + stretches + 1, 2))
        frequency_start, frequency_width = _hiding.frequency_intervals(
            uniforms[:, :bands], values, self.max_frequency_width
        )
        time_start, time_width = _hiding.time_intervals(
            uniforms[:, bands:-1],
            values,
            mask,
            self.max_time_width,
            self.max_time_share,
            self.time_width_share,
        )
        draws = {
            "frequency_start": frequency_start,
            "frequency_width": frequency_width,
            "time_start": time_start,
            "time_width": self._as_many(time_width, values, mask),
        }
        if self.max_time_warp:
            valid = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
            draws["warp_frame"], draws["warp_move"] = time_warping.drawn_warps(
                uniforms[:, -1], valid, self.max_time_warp
            )
        return draws

    def _as_many(self, widths, values, mask):
        """Returns the widths, 0 for masks beyond the number of each clip."""
        if self.time_masks_per_frame is None:
            return widths
        valid = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
        count = ops.expand_dims(_hiding.whole(self.time_masks_per_frame * valid), 1)
        numbers = ops.cast(ops.arange(_MOST_MASKS), values.dtype)
        return ops.where(numbers < count, widths, ops.zeros_like(widths))

    def _change(self, values, draws, mask):
        if "warp_move" in draws:
            values = time_warping.warp(
                values,
                draws["warp_frame"],
                draws["warp_move"],
                lengths.mask_lengths(values, mask),
            )
            values = lengths.zero_padding(values, mask)
        hidden = ops.logical_or(
            _hiding.hidden_frames(values, draws["time_start"], draws["time_width"]),
            _hiding.hidden_features(
                values, draws["frequency_start"], draws["frequency_width"]
            ),
        )
        return _hiding.hide(values, hidden, self.fill, mask), mask

    def _weakened(self, draws, strength):
        names = {"frequency_width", "time_width", "warp_move"} & draws.keys()
        return _hiding.narrowed(draws, strength, *names)


def _count(name, value):
    return _checks.check_int(name, value, minimum=0)


def _share(name, value):
    return None if value is None else _checks.check_probability(name, value)
