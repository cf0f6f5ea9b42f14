"""Layers that a model makes itself, in the dtype that the model was given."""


def in_dtype(layers, dtype):
    """Returns layers that are not built yet, made anew with a dtype unless `None`."""
    if dtype is None:
        return layers
    return [
        type(layer).from_config({**layer.get_config(), "dtype": dtype})
        for layer in layers
    ]
