"""The one door: what a file cannot be made of is refused before anything is traced."""

import keras

from speechkit.export.files import _forms

_FLOATS = ("float16", "bfloat16", "float64")


def check_model(model: keras.Model) -> None:
    """Builds a model if it is not, and raises unless a file can hold it.

    Raises:
        ValueError: If it is no model, cannot be built for clips of any length, takes
            something else than one batch of waveforms, has several outputs, computes in
            another precision than float32, keeps states of its own, or is quantized.
    """
    if not isinstance(model, keras.Model):
        raise ValueError(
            "`model` must be a keras.Model, such as `speechkit.models.load_model` "
            f"returns. Received: {type(model).__name__}"
        )
    network = _forms.network_of(model)
    _build(network)
    if _forms.is_graph(network):
        _check_input(network.inputs)
        _check_output(network.outputs)
    _check_precision(network)
    _check_states(network)
    _check_in_float(network)


def _build(model):
    """Builds a model that is not, for clips of any length.

    A model with a `call` of its own tells by that what it gives.
    """
    try:
        if _forms.is_graph(model):
            if not model.built:
                model.build((None, None))
            return
        length = _forms.length_of(model) if model.built else None
        outputs = model(keras.KerasTensor((1, length)), training=False)
    except Exception as error:  # of any layer, be it the user's
        reason = " ".join(str(error).split())[:200]
        raise ValueError(
            f"`model` must take waveforms (batch, samples). {model.name!r} fails on "
            "clips of any length; call it once on a clip of the right length, "
            f"`model(keras.ops.zeros((1, 16000)))`, before it is exported. {reason}"
        ) from error
    _check_output(keras.tree.flatten(outputs))


def _check_input(inputs):
    if len(inputs) != 1:
        names = ", ".join(repr(tensor.name) for tensor in inputs)
        raise ValueError(
            "`model` must have one input, the waveforms: make a model that sets the "
            "others, `keras.Model(waveforms, model([waveforms, …]))`. "
            f"Received: {names}"
        )
    (tensor,) = inputs
    if len(tensor.shape) != 2:
        alone = len(tensor.shape) == 3 and tensor.shape[-1] == 1
        first = (
            "keras.layers.Reshape((-1, 1))" if alone else "layers.LogMelSpectrogram(…)"
        )
        raise ValueError(
            "`model` must take waveforms (batch, samples), with its front end inside: "
            f"`keras.Sequential([keras.Input((None,)), {first}, model])`. Received an "
            f"input of shape {tensor.shape}"
        )
    if tensor.dtype != "float32":
        raise ValueError(
            "`model` must take samples as float32 from -1 to 1: give its layers such "
            "an input, with `keras.layers.Rescaling(32768.0)` first if they expect the "
            f"numbers of 16 bits. Received an input of {tensor.dtype}"
        )


def _check_output(outputs):
    if len(outputs) != 1:
        raise ValueError(
            "`model` must have one output: export a model of the one that the file is "
            "to give, `keras.Model(model.inputs, model.outputs[0])`. Received "
            f"{len(outputs)} outputs"
        )


def _check_precision(model):
    found = {
        layer.name: layer.dtype_policy.name
        for layer in model._flatten_layers()
        if layer.compute_dtype in _FLOATS and not _forms.is_graph(layer)
    }
    if found:
        raise ValueError(
            "`model` must compute in float32: make it once more after "
            "`keras.config.set_dtype_policy('float32')`, and give it the weights, "
            "`new.set_weights(model.get_weights())`. Received " + _listed(found)
        )


def _check_states(model):
    found = {
        layer.name: "stateful=True"
        for layer in model._flatten_layers()
        if isinstance(layer, keras.layers.RNN) and layer.stateful
    }
    if found:
        raise ValueError(
            "`model` must begin each clip anew: make it once more with stateful=False "
            "and give it the weights. A file of `to_streaming_tflite` carries states "
            "from chunk to chunk by itself. Received " + _listed(found)
        )


def _check_in_float(model):
    found = {
        layer.name: layer.quantization_mode
        for layer in model._flatten_layers()
        if layer.quantization_mode is not None
    }
    if found:
        raise ValueError(
            "A model that Keras has quantized does not convert: export the model in "
            'float with `quantization="int8"`, which quantizes it on the way. Received '
            f"a model with {_listed(found, ' in ')}"
        )


def _listed(found, between=" with "):
    first = [f"{name!r}{between}{value}" for name, value in list(found.items())[:3]]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(first) + more
