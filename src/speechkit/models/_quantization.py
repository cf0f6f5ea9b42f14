"""The quantized layers of a model, which it keeps in its configuration.

A layer that another layer or the model makes has no configuration of its own in a file:
a model that is read from the file makes it in float.
"""

import keras


def quantized_layers(network: keras.Model) -> list[dict]:
    """Returns the place and the quantization of each quantized layer of a network."""
    return [
        {
            "place": place,
            "mode": layer.quantization_mode,
            "config": keras.saving.serialize_keras_object(
                getattr(layer, "quantization_config", None)
            ),
        }
        for place, layer in enumerate(network._flatten_layers())
        if layer.quantization_mode is not None
    ]


def quantize_layers(network: keras.Model, quantized: list[dict]) -> None:
    """Quantizes the layers of a new network as those of the network that was kept."""
    layers = list(network._flatten_layers())
    for kept in quantized:
        layer = layers[kept["place"]]
        if layer.quantization_mode is not None:  # it had a configuration
            continue
        options = {"type_check": False}
        if kept["config"] is not None:  # as of Keras 3.12
            options["config"] = keras.saving.deserialize_keras_object(kept["config"])
        layer.quantize(kept["mode"], **options)
