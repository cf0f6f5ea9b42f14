"""SpecAugment: hides bands of frequency and stretches of time, and warps time."""

from typing import Any, Self

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation import _masking
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import time_warping
from speechkit.ops.time import lengths

# The most masks that a count which grows with the clip reaches (Park et al., 2020).
_MOST_MASKS = 20
_SIZES = (
    "max_time_warp",
    "max_frequency_width",
    "num_frequency_masks",
    "max_time_width",
    "num_time_masks",
    "max_time_share",
)
# Table 1 of Park et al., 2019.
_PRESETS = {
    "LB": dict(zip(_SIZES, (80, 27, 1, 100, 1, 1.0), strict=True)),
    "LD": dict(zip(_SIZES, (80, 27, 2, 100, 2, 1.0), strict=True)),
    "SM": dict(zip(_SIZES, (40, 15, 2, 70, 2, 0.2), strict=True)),
    "SS": dict(zip(_SIZES, (40, 27, 2, 70, 2, 0.2), strict=True)),
}


@keras.saving.register_keras_serializable(package="speechkit")
class SpecAugment(AugmentationLayer):
    """Hides random frequencies and times of each clip, in training only.

    The width of a mask is one of 0, 1, …, up to the largest width with equal
    probability; its place is uniform over the features or the valid frames. Zero is the
    mean of features normalised by `MeanVarianceNormalization`. Before the masks, time
    can be warped as by `TimeWarp`.
    At inference the input passes through unchanged.

    Args:
        max_frequency_width: Largest width F of a frequency mask, in features.
        num_frequency_masks: Number of frequency masks a clip.
        max_time_width: Largest width T of a time mask, in frames.
        num_time_masks: Number of time masks a clip.
        max_time_share: Largest share p of the valid frames that one time mask hides.
        max_time_warp: Largest move W of a frame along time, in frames; 0 for none.
        fill: What hidden values become: `"zero"`, or `"mean"`, the mean of the clip.
        time_width_share: Largest width of a time mask as a share of the valid frames,
            instead of `max_time_width`: adaptive size. `None` keeps that.
        time_masks_per_frame: Number of time masks for each valid frame, up to 20
            masks, instead of `num_time_masks`: adaptive multiplicity. `None` keeps
            that.
        seed: Seed of the draws. `None` means a different one each time.
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
        *,
        max_frequency_width: int = 27,
        num_frequency_masks: int = 1,
        max_time_width: int = 100,
        num_time_masks: int = 1,
        max_time_share: float = 1.0,
        max_time_warp: int = 0,
        fill: str = "zero",
        time_width_share: float | None = None,
        time_masks_per_frame: float | None = None,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.max_frequency_width = _count("max_frequency_width", max_frequency_width)
        self.num_frequency_masks = _count("num_frequency_masks", num_frequency_masks)
        self.max_time_width = _count("max_time_width", max_time_width)
        self.num_time_masks = _count("num_time_masks", num_time_masks)
        self.max_time_share = _checks.check_probability(
            "max_time_share", max_time_share
        )
        self.max_time_warp = _count("max_time_warp", max_time_warp)
        self.fill = _masking.check_fill(fill)
        self.time_width_share = _share("time_width_share", time_width_share)
        self.time_masks_per_frame = _share("time_masks_per_frame", time_masks_per_frame)
        self._num_time_masks = (
            num_time_masks if time_masks_per_frame is None else _MOST_MASKS
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)

    @classmethod
    def from_preset(
        cls,
        preset: str,
        *,
        max_frequency_width: int | None = None,
        num_frequency_masks: int | None = None,
        max_time_width: int | None = None,
        num_time_masks: int | None = None,
        max_time_share: float | None = None,
        max_time_warp: int | None = None,
        fill: str = "zero",
        time_width_share: float | None = None,
        time_masks_per_frame: float | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: str | keras.DTypePolicy | None = None,
    ) -> Self:
        """Returns the layer of a published policy.

        Args:
            preset: `"LB"` or `"LD"` (LibriSpeech basic and double), `"SM"` or `"SS"`
                (Switchboard mild and strong).
            max_frequency_width: Replaces the width of the policy.
            num_frequency_masks: Replaces the number of the policy.
            max_time_width: Replaces the width of the policy.
            num_time_masks: Replaces the number of the policy.
            max_time_share: Replaces the share of the policy.
            max_time_warp: Replaces the move of the policy.
            fill: What hidden values become: `"zero"` or `"mean"`.
            time_width_share: Makes the size of time masks adaptive.
            time_masks_per_frame: Makes the number of time masks adaptive.
            seed: Seed of the draws. `None` means a different one each time.
            name: Name of the layer.
            dtype: Type or policy of the layer.

        Raises:
            ValueError: If there is no such policy, or an argument is out of range.
        """
        _checks.check_choice("preset", preset, _PRESETS)
        sizes: dict[str, Any] = {
            "max_frequency_width": max_frequency_width,
            "num_frequency_masks": num_frequency_masks,
            "max_time_width": max_time_width,
            "num_time_masks": num_time_masks,
            "max_time_share": max_time_share,
            "max_time_warp": max_time_warp,
        }
        sizes = {key: size for key, size in sizes.items() if size is not None}
        return cls(
            **{**_PRESETS[preset], **sizes},
            fill=fill,
            time_width_share=time_width_share,
            time_masks_per_frame=time_masks_per_frame,
            seed=seed,
            name=name,
            dtype=dtype,
        )

    def get_config(self):
        config = {name: getattr(self, name) for name in _SIZES}
        config["fill"] = self.fill
        config["time_width_share"] = self.time_width_share
        config["time_masks_per_frame"] = self.time_masks_per_frame
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        bands, stretches = self.num_frequency_masks, self._num_time_masks
        # All at once: a call to the generator costs more than the numbers.
        uniforms = self.draw_uniform(values, shape=(bands + stretches + 1, 2))
        frequency_start, frequency_width = _masking.frequency_intervals(
            uniforms[:, :bands], values, self.max_frequency_width
        )
        time_start, time_width = _masking.time_intervals(
            uniforms[:, bands:-1],
            values,
            mask=mask,
            max_width=self.max_time_width,
            max_share=self.max_time_share,
            width_share=self.time_width_share,
        )
        draws = {
            "frequency_start": frequency_start,
            "frequency_width": frequency_width,
            "time_start": time_start,
            "time_width": self._limit_count(time_width, values, mask),
        }
        if self.max_time_warp:
            valid = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
            draws["warp_frame"], draws["warp_move"] = time_warping.drawn_warps(
                uniforms[:, -1], valid, self.max_time_warp
            )
        return draws

    def transform(self, values, draws, *, mask):
        if "warp_move" in draws:
            values = time_warping.warp(
                values,
                draws["warp_frame"],
                draws["warp_move"],
                lengths.mask_lengths(values, mask),
            )
            values = lengths.zero_padding(values, mask)
        hidden = ops.logical_or(
            _masking.masked_frames(values, draws["time_start"], draws["time_width"]),
            _masking.masked_features(
                values, draws["frequency_start"], draws["frequency_width"]
            ),
        )
        return _masking.fill_masked(values, hidden, fill=self.fill, mask=mask), mask

    def weaken(self, draws, strength):
        names = {"frequency_width", "time_width", "warp_move"} & draws.keys()
        return _masking.narrow(draws, strength, names=names)

    def _limit_count(self, widths, values, mask):
        """Returns the widths, 0 for masks beyond the number of each clip."""
        if self.time_masks_per_frame is None:
            return widths
        valid = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
        count = _masking.round_down(self.time_masks_per_frame * valid)
        count = ops.expand_dims(count, axis=1)
        numbers = ops.cast(ops.arange(_MOST_MASKS), values.dtype)
        return ops.where(numbers < count, widths, ops.zeros_like(widths))


def _count(name, value):
    return _checks.check_int(name, value, minimum=0)


def _share(name, value):
    return None if value is None else _checks.check_probability(name, value)
