"""One of several kinds of augmentation for each clip."""

from collections.abc import Sequence

import keras

from speechkit.layers.augmentation import _containers
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


@keras.saving.register_keras_serializable(package="speechkit")
class RandomChoice(AugmentationLayer):
    """Applies one of several layers to each clip, at random, in training only.

    All layers are equally probable. Each is computed for all clips, so the cost is the
    sum of theirs. The draws are `choice`, and `draws`, a
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
        layers: Sequence[AugmentationLayer],
        *,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        self.layers = _containers.check_layers("layers", layers)
        self.input_spec = self.layers[0].input_spec

    def build(self, input_shape):
        for layer in self.layers:
            if not layer.built:
                layer.build(input_shape)
        self.built = True

    def compute_output_shape(self, input_shape):
        shapes = [layer.compute_output_shape(input_shape) for layer in self.layers]
        return _containers.longest_shape(shapes)

    def get_config(self):
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        return {**super().get_config(), "layers": layers}

    def draw_parameters(self, values, *, mask):
        return {
            "choice": self.draw_index(values, len(self.layers)),
            "draws": tuple(layer._checked_draws(values, mask) for layer in self.layers),
        }

    def transform(self, values, draws, *, mask):
        candidates = [
            layer._checked_transform(values, drawn, mask)
            for layer, drawn in zip(self.layers, draws["draws"], strict=True)
        ]
        return _containers.select_by_clip(candidates, draws["choice"])

    def weaken(self, draws, strength):
        weaker = tuple(
            layer.weaken(drawn, strength)
            for layer, drawn in zip(self.layers, draws["draws"], strict=True)
        )
        return {**draws, "draws": weaker}
