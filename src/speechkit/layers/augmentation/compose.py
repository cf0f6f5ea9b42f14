"""A chain of augmentation, one layer after the other."""

from collections.abc import Sequence

import keras

from speechkit.layers.augmentation import _containers
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import materialization


@keras.saving.register_keras_serializable(package="speechkit")
class Compose(AugmentationLayer):
    """Applies random changes to each clip one after the other, in training only.

    The layers draw; the draws of the chain are a tuple with those of each layer. At
    inference the input passes through unchanged.

    Args:
        layers: Augmentation layers; the first is applied first.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        That of the first layer.

    Output shape:
        That of the last layer.

    Raises:
        ValueError: If `layers` is no list of augmentation layers, or is empty.

    Example:
        >>> from speechkit.layers import WhiteNoise, Speed
        >>> chain = Compose([Speed((0.9, 1.1)), WhiteNoise((5, 40))])
        >>> keras.ops.shape(chain(keras.ops.ones((8, 16000)), training=True))
        (8, 17778)
    """

    def __init__(self, layers: Sequence[AugmentationLayer], **kwargs):
        super().__init__(seed=None, **kwargs)
        self.layers = _containers.check_layers("layers", layers)
        self.input_spec = self.layers[0].input_spec

    def build(self, input_shape):
        for layer in self.layers:
            if not layer.built:
                layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)
        self.built = True

    def compute_output_shape(self, input_shape):
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return tuple(input_shape)

    def get_config(self):
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        config = {**super().get_config(), "layers": layers}
        del config["seed"]  # only the layers within draw
        return config

    def draw_parameters(self, values, *, mask):
        return self._draw_and_transform(values, mask)[2]

    def transform(self, values, draws, *, mask):
        for layer, drawn in zip(self.layers, draws, strict=True):
            values, mask = layer._checked_transform(values, drawn, mask)
            values = materialization.materialized(values)
        return values, mask

    def weaken(self, draws, strength):
        return tuple(
            layer.weaken(drawn, strength)
            for layer, drawn in zip(self.layers, draws, strict=True)
        )

    def _draw_and_transform(self, values, mask):
        # A layer draws for clips that those before it have already changed.
        draws = []
        for layer in self.layers:
            values, mask, drawn = layer._draw_and_transform(values, mask)
            values = materialization.materialized(values)
            draws.append(drawn)
        return values, mask, tuple(draws)
