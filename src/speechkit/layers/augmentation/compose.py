"""A chain of augmentation, one layer after the other."""

from collections.abc import Sequence

import keras

from speechkit.layers.augmentation import _choosing
from speechkit.layers.augmentation._augmentation_layer import AugmentationLayer
from speechkit.ops.effects import materialization


@keras.saving.register_keras_serializable(package="speechkit")
class Compose(AugmentationLayer):
    """Applies augmentation layers one after the other, in training.

    The draws are a tuple with those of each layer. At inference the input passes
    through unchanged.

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

    def __init__(self, layers: Sequence[keras.layers.Layer], **kwargs):
        kwargs.pop("seed", None)
        super().__init__(**kwargs)
        self.layers = _choosing.check_layers("layers", layers)

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
        return {**super().get_config(), "layers": layers}

    def _augmented(self, values, mask):
        drawn = []
        for layer in self.layers:
            values, mask, draws = layer._augmented(values, mask)
            values = materialization.materialized(values)
            drawn.append(draws)
        return values, mask, tuple(drawn)

    def _draw(self, values, mask):
        return self._augmented(values, mask)[2]

    def _change(self, values, draws, mask):
        for layer, drawn in zip(self.layers, draws, strict=True):
            values, mask = layer._change(values, drawn, mask)
            values = materialization.materialized(values)
        return values, mask

    def _weakened(self, draws, strength):
        return tuple(
            layer._weakened(drawn, strength)
            for layer, drawn in zip(self.layers, draws, strict=True)
        )
