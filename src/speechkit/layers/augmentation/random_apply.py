"""Augmentation of some clips and not of others."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.augmentation import _containers
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class RandomApply(AugmentationLayer):
    """Applies a layer to each clip or not, at random, in training only.

    The other clips stay as they are. The draws are `applied`, and `draws`, those of the
    layer for all clips. At inference the input passes through unchanged.

    Args:
        layer: The augmentation layer.
        probability: Probability that a clip is augmented.
        seed: Seed of the decisions. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        That of the layer.

    Output shape:
        That of the layer; if clips become shorter, that of the input.

    Raises:
        ValueError: If `layer` is not an augmentation layer or `probability` not from
            0 to 1.

    Example:
        >>> from speechkit.layers import WhiteNoise
        >>> layer = RandomApply(WhiteNoise((5, 40)), probability=0.6)
        >>> keras.ops.shape(layer(keras.ops.ones((8, 16000)), training=True))
        (8, 16000)
    """

    def __init__(
        self,
        layer: AugmentationLayer,
        probability: float = 0.5,
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.layer = _containers.check_layer("layer", layer)
        self.input_spec = self.layer.input_spec
        self.probability = _checks.check_probability("probability", probability)

    def build(self, input_shape):
        if not self.layer.built:
            self.layer.build(input_shape)
        self.built = True

    def compute_output_shape(self, input_shape):
        shapes = [tuple(input_shape), self.layer.compute_output_shape(input_shape)]
        return _containers.longest_shape(shapes)

    def get_config(self):
        config = {
            "layer": keras.saving.serialize_keras_object(self.layer),
            "probability": self.probability,
        }
        return {**super().get_config(), **config}

    def draw_parameters(self, values, *, mask):
        applied = self.draw_uniform(values) < self.probability
        return {"applied": applied, "draws": self.layer._checked_draws(values, mask)}

    def transform(self, values, draws, *, mask):
        changed = self.layer._checked_transform(values, draws["draws"], mask)
        choice = ops.cast(draws["applied"], "int32")
        return _containers.select_by_clip([(values, mask), changed], choice)

    def weaken(self, draws, strength):
        return {**draws, "draws": self.layer.weaken(draws["draws"], strength)}
