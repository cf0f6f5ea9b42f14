"""One of several kinds of augmentation for each clip."""

from collections.abc import Sequence

import keras

from speechkit.layers.augmentation import _choosing
from speechkit.layers.augmentation._augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class RandomChoice(AugmentationLayer):
    """Applies one of several augmentation layers to each clip, in training.

    Each clip draws its layer, all with equal probability. All layers are computed for
    all clips, so the cost is the sum of theirs. The draws are `choice`, and `draws`, a
    tuple with those of each layer. At inference the input passes through unchanged.

    Args:
        layers: Augmentation layers to choose from.
        seed: Seed of the choices. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        That of the layers.

    Output shape:
        The longest of those of the layers.

    Raises:
        ValueError: If `layers` is no list of augmentation layers, or is empty.

    Example:
        >>> from speechkit.layers import Gain, WhiteNoise
        >>> layer = RandomChoice([WhiteNoise((5, 40)), Gain((-10, 0))])
        >>> keras.ops.shape(layer(keras.ops.ones((8, 16000)), training=True))
        (8, 16000)
    """

    def __init__(
        self,
        layers: Sequence[keras.layers.Layer],
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed, **kwargs)
        self.layers = _choosing.check_layers("layers", layers)

    def build(self, input_shape):
        for layer in self.layers:
            if not layer.built:
                layer.build(input_shape)
        self.built = True

    def compute_output_shape(self, input_shape):
        shapes = [layer.compute_output_shape(input_shape) for layer in self.layers]
        return _choosing.longest_shape(shapes)

    def get_config(self):
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        return {**super().get_config(), "layers": layers}

    def _draw(self, values, mask):
        return {
            "choice": self._one_of(values, len(self.layers)),
            "draws": tuple(layer._draw(values, mask) for layer in self.layers),
        }

    def _change(self, values, draws, mask):
        candidates = [
            layer._change(values, drawn, mask)
            for layer, drawn in zip(self.layers, draws["draws"], strict=True)
        ]
        return _choosing.chosen(candidates, draws["choice"])

    def _weakened(self, draws, strength):
        weaker = tuple(
            layer._weakened(drawn, strength)
            for layer, drawn in zip(self.layers, draws["draws"], strict=True)
        )
        return {**draws, "draws": weaker}
