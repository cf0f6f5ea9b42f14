"""Time masking: hides stretches of time."""

import keras

from speechkit import _checks
from speechkit.layers.augmentation import _masking
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class TimeMasking(AugmentationLayer):
    """Hides random stretches of the frames of each clip, in training only.

    The width of a mask is one of 0, 1, …, up to the
    largest width with equal probability; its place is uniform over the valid frames.
    At inference the input passes through unchanged.

    Args:
        max_time_width: Largest width T of a mask, in frames.
        num_masks: Number of masks a clip.
        max_share: Largest share p of the valid frames that one mask hides.
        fill: What hidden frames become: `"zero"`, or `"mean"`, the mean of the clip.
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
        >>> keras.ops.shape(TimeMasking(20, 2)(features, training=True))
        (8, 98, 80)
    """

    def __init__(
        self,
        max_time_width: int = 100,
        num_masks: int = 1,
        *,
        max_share: float = 1.0,
        fill: str = "zero",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.max_time_width = _checks.check_int(
            "max_time_width", max_time_width, minimum=0
        )
        self.num_masks = _checks.check_int("num_masks", num_masks, minimum=0)
        self.max_share = _checks.check_probability("max_share", max_share)
        self.fill = _masking.check_fill(fill)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def get_config(self):
        config = {
            "max_time_width": self.max_time_width,
            "num_masks": self.num_masks,
            "max_share": self.max_share,
            "fill": self.fill,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        uniforms = self.draw_uniform(values, shape=(self.num_masks, 2))
        starts, widths = _masking.time_intervals(
            uniforms,
            values,
            mask=mask,
            max_width=self.max_time_width,
            max_share=self.max_share,
        )
        return {"start": starts, "width": widths}

    def transform(self, values, draws, *, mask):
        hidden = _masking.masked_frames(values, draws["start"], draws["width"])
        return _masking.fill_masked(values, hidden, fill=self.fill, mask=mask), mask

    def weaken(self, draws, strength):
        return _masking.narrow(draws, strength, names=["width"])
