"""The front end of a model: which layers it is, and its fingerprint."""

import hashlib
import json
from typing import Any

import keras

from speechkit.export.files import _forms
from speechkit.layers import features


def layers_of(model: keras.Model) -> list[keras.layers.Layer]:
    """Returns the layers up to the last one that computes features."""
    layers = list(_flat(_forms.network_of(model)))
    places = [
        place
        for place, layer in enumerate(layers, start=1)
        if type(layer).__module__.startswith(f"{features.__name__}.")
    ]
    return layers[: max(places, default=0)]


def fingerprint(model: keras.Model, sampling_rate: int | None) -> dict[str, Any]:
    """Returns the settings of the front end, and their hash.

    Two models with the same settings take the same samples alike.

    Args:
        model: The model.
        sampling_rate: Samples per second, in hertz; `None` if it is not known.
    """
    layers = [
        {"class": type(layer).__name__, **_settings(layer)}
        for layer in layers_of(model)
    ]
    content = {
        "sampling_rate": sampling_rate,
        "samples": "float32 from -1 to 1",
        "layers": layers,
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return {**content, "hash": hashlib.sha256(text.encode()).hexdigest()}


def _settings(layer):
    """Returns the arguments of a layer but for its name and precision."""
    config = layer.get_config()
    return {key: config[key] for key in config if key not in _NOT_NUMBERS}


_NOT_NUMBERS = ("name", "dtype", "trainable")


def _flat(model):
    for layer in getattr(model, "layers", []):
        if isinstance(layer, keras.Model):
            yield from _flat(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer
