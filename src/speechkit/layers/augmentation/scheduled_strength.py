"""Augmentation that grows stronger, or weaker, as training goes on."""

import keras
from keras import ops

from speechkit.layers.augmentation import _choosing
from speechkit.layers.augmentation._augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class ScheduledStrength(AugmentationLayer):
    """Applies augmentation at a strength that depends on the training step.

    At strength 1 the layer does what it does alone, at 0 it changes nothing; between
    them, factors, decibels, cents and shifts lie so far on the way from what changes
    nothing to what was drawn, masks are that much narrower, and noise has that much of
    its amplitude. The layer counts its training calls, and the count is saved with a
    model. The draws are those of the layer, weakened. At inference the input passes
    through unchanged.

    Args:
        layer: The augmentation layer.
        schedule: A schedule of `keras.optimizers.schedules`: strength, limited to 0
            and 1, over training steps.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        That of the layer.

    Output shape:
        That of the layer.

    Raises:
        ValueError: If `layer` is not an augmentation layer or `schedule` no schedule.

    Example:
        >>> from speechkit.layers import SpecAugment
        >>> ramp = keras.optimizers.schedules.PolynomialDecay(0.0, 10_000, 1.0)
        >>> layer = ScheduledStrength(SpecAugment.from_preset("LB"), ramp)
        >>> keras.ops.shape(layer(keras.ops.ones((8, 98, 80)), training=True))
        (8, 98, 80)
    """

    def __init__(
        self,
        layer: keras.layers.Layer,
        schedule: keras.optimizers.schedules.LearningRateSchedule,
        **kwargs,
    ):
        kwargs.pop("seed", None)
        super().__init__(**kwargs)
        self.layer = _choosing.check_layer("layer", layer)
        self.schedule = _check_schedule(_choosing.revived(schedule))
        self.steps = self.add_weight(
            shape=(), dtype="int32", initializer="zeros", trainable=False, name="steps"
        )

    def build(self, input_shape):
        if not self.layer.built:
            self.layer.build(input_shape)
        self.built = True

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        config = {
            "layer": keras.saving.serialize_keras_object(self.layer),
            "schedule": keras.saving.serialize_keras_object(self.schedule),
        }
        return {**super().get_config(), **config}

    def _draw(self, values, mask):
        strength = ops.cast(self.schedule(self.steps.value), values.dtype)
        self.steps.assign_add(1)
        draws = self.layer._draw(values, mask)
        return self.layer._weakened(draws, ops.clip(strength, 0.0, 1.0))

    def _change(self, values, draws, mask):
        return self.layer._change(values, draws, mask)

    def _weakened(self, draws, strength):
        return self.layer._weakened(draws, strength)


def _check_schedule(schedule):
    if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        raise ValueError(
            "`schedule` must be a schedule of `keras.optimizers.schedules`. "
            f"Received: schedule={schedule!r}"
        )
    return schedule
