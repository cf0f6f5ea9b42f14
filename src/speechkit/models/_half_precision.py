"""Weights of Keras's layers that TensorFlow cannot draw in half precision."""

import keras
from keras import ops

_HALF = ("bfloat16", "float16")


@keras.saving.register_keras_serializable(package="speechkit")
class WholeOrthogonal(keras.initializers.Orthogonal):
    """Draws orthogonal weights in float32: TensorFlow decomposes no matrix in half."""

    def __call__(self, shape, dtype=None):
        return ops.cast(super().__call__(shape, dtype="float32"), dtype)


def let_weights_be_drawn(layers):
    """Makes layers that are not built yet draw orthogonal weights in float32."""
    for layer in layers:
        for inner in layer._flatten_layers():
            if not inner.built and inner.variable_dtype in _HALF:
                _replace(inner)


def _replace(layer):
    for name, value in list(vars(layer).items()):
        if type(value) is keras.initializers.Orthogonal:
            setattr(layer, name, WholeOrthogonal.from_config(value.get_config()))
