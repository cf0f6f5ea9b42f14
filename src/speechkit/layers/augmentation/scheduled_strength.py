"""Augmentation that grows stronger, or weaker, as training goes on."""

import keras
from keras import ops

from speechkit.layers.augmentation import _containers
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class ScheduledStrength(AugmentationLayer):
    """Applies random changes at a strength that follows the step, in training only.

    The layer draws for each clip, and a schedule gives the strength of the step. At
    strength 1 the layer acts as it does alone, at 0 it changes nothing. Between them,
    factors, decibels, cents and shifts move towards the value that changes nothing, and
    masks become narrower and noise softer in proportion. This layer counts its training
    calls, and the count is saved with a model. The draws are those of the layer,
    weakened. At inference the input passes through unchanged.

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
        ValueError: If `layer` is not an augmentation layer, does not say how it is
            weakened, or `schedule` is no schedule.

    Example:
        >>> from speechkit.layers import SpecAugment
        >>> ramp = keras.optimizers.schedules.PolynomialDecay(0.0, 10_000, 1.0)
        >>> layer = ScheduledStrength(SpecAugment.from_preset("LB"), ramp)
        >>> keras.ops.shape(layer(keras.ops.ones((8, 98, 80)), training=True))
        (8, 98, 80)
    """

    def __init__(
        self,
        layer: AugmentationLayer,
        schedule: keras.optimizers.schedules.LearningRateSchedule,
        **kwargs,
    ):
        super().__init__(seed=None, **kwargs)
        self.layer = _check_can_weaken(_containers.check_layer("layer", layer))
        self.input_spec = self.layer.input_spec
        self.schedule = _check_schedule(_containers.deserialize(schedule))
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
        config = {**super().get_config(), **config}
        del config["seed"]  # only the layer within draws
        return config

    def draw_parameters(self, values, *, mask):
        strength = ops.cast(self.schedule(self.steps.value), values.dtype)
        self.steps.assign_add(1)
        draws = self.layer._checked_draws(values, mask)
        return self.layer.weaken(draws, ops.clip(strength, 0.0, 1.0))

    def transform(self, values, draws, *, mask):
        return self.layer._checked_transform(values, draws, mask)

    def weaken(self, draws, strength):
        return self.layer.weaken(draws, strength)


def _check_can_weaken(layer):
    """Returns the layer; raises `ValueError` if it or one within has no `weaken`."""
    for part in layer._flatten_layers():
        if isinstance(part, AugmentationLayer) and not _can_weaken(part):
            name = type(part).__name__
            raise ValueError(
                "`layer` must name the draws that change nothing in `neutral_draws`, "
                f"or override `weaken`. Received: layer={layer!r}, where {name} has "
                "neither"
            )
    return layer


def _can_weaken(layer):
    overrides = type(layer).weaken is not AugmentationLayer.weaken
    return overrides or bool(layer.neutral_draws)


def _check_schedule(schedule):
    if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        raise ValueError(
            "`schedule` must be a schedule of `keras.optimizers.schedules`. "
            f"Received: schedule={schedule!r}"
        )
    return schedule
