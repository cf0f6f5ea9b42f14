"""Frequency masking: hides bands of frequency."""

import keras

from speechkit import _checks
from speechkit.layers.augmentation import _masking
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class FrequencyMasking(AugmentationLayer):
    """Hides random bands of features of each clip, in training only.

    The width of a mask is one of 0, 1, …, up to the
    largest width with equal probability; its place is uniform over the features. At
    inference the input passes through unchanged.

    Args:
        max_frequency_width: Largest width F of a mask, in features.
        num_masks: Number of masks a clip.
        fill: What hidden features become: `"zero"`, or `"mean"`, the mean of the clip.
        seed: Seed of the masks. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If a width or a count is negative.

    Example:
        >>> features = keras.ops.ones((8, 98, 80))
        >>> keras.ops.shape(FrequencyMasking(10, 2)(features, training=True))
        (8, 98, 80)
    """

    def __init__(
        self,
        max_frequency_width: int = 27,
        num_masks: int = 1,
        *,
        fill: str = "zero",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.max_frequency_width = _checks.check_int(
            "max_frequency_width", max_frequency_width, minimum=0
        )
        self.num_masks = _checks.check_int("num_masks", num_masks, minimum=0)
        self.fill = _masking.check_fill(fill)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def get_config(self):
        config = {
            "max_frequency_width": self.max_frequency_width,
            "num_masks": self.num_masks,
            "fill": self.fill,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        uniforms = self.draw_uniform(values, shape=(self.num_masks, 2))
        starts, widths = _masking.frequency_intervals(
            uniforms, values, self.max_frequency_width
        )
        return {"start": starts, "width": widths}

    def transform(self, values, draws, *, mask):
        hidden = _masking.masked_features(values, draws["start"], draws["width"])
        return _masking.fill_masked(values, hidden, fill=self.fill, mask=mask), mask

    def weaken(self, draws, strength):
        return _masking.narrow(draws, strength, names=["width"])
