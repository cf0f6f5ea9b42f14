"""Batch normalisation within the weights, for inference."""

import copy

import keras
from keras import ops

from speechkit.layers.encoders._cells import Direction
from speechkit.layers.encoders.batch_norm_gru import BatchNormGRU
from speechkit.layers.encoders.batch_norm_lstm import BatchNormLSTM
from speechkit.layers.encoders.batch_norm_simple_rnn import BatchNormSimpleRNN
from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.recurrent_stack import RecurrentStack

_FOLDED = (
    BatchNormGRU,
    BatchNormLSTM,
    BatchNormSimpleRNN,
    ConvolutionBlock,
    ConvolutionFrontEnd,
    RecurrentStack,
)


def fold_batch_normalization(model):
    """Returns an equal model for inference, without batch normalisation.

    In inference, batch normalisation multiplies and adds constants. They move into
    kernels and biases of `BatchNormGRU`, `BatchNormLSTM`, `BatchNormSimpleRNN`,
    `RecurrentStack`, `ConvolutionBlock` and `ConvolutionFrontEnd`, wherever these are
    in the model. The outputs are the same but for rounding. All else is copied as it
    is. The model that is given does not change.

    Args:
        model: A `keras.Model` or a `keras.layers.Layer` that is built.

    Returns:
        A new model of the same class, not compiled.

    Raises:
        ValueError: If `model` is not built.

    Example:
        >>> model = keras.Sequential([keras.Input((None, 40)), BatchNormGRU(64)])
        >>> len(model.weights), len(fold_batch_normalization(model).weights)
        (7, 4)
    """
    if not model.built:
        raise ValueError(f"`model` must be built. Received: model={model!r}")
    config = _without_normalization(keras.saving.serialize_keras_object(model))
    folded = keras.saving.deserialize_keras_object(config)
    if not folded.built:
        folded.build(model._build_shapes_dict or model.input_shape)
    _copy(model, folded)
    return folded


def _without_normalization(config):
    """Returns the serialised object with batch normalisation switched off."""
    if isinstance(config, list | tuple):
        return [_without_normalization(item) for item in config]
    if not isinstance(config, dict):
        return config
    config = {key: _without_normalization(value) for key, value in config.items()}
    config.pop("compile_config", None)
    names = {keras.saving.get_registered_name(folded) for folded in _FOLDED}
    if config.get("registered_name") in names:
        inner = copy.copy(config["config"])
        if inner["normalization"] == "batch":
            inner["normalization"] = None
        config["config"] = inner
    return config


def _copy(source, target):
    """Copies the weights of a layer and of all within, folded where they must be."""
    if isinstance(source, Direction) and source.normalization != target.normalization:
        source.fold_into(target)
        return
    _assign(_own_variables(target), _own_variables(source))
    sources, targets = _parts(source), _parts(target)
    norms = {}
    if len(sources) > len(targets):
        norms = {part.name: part for part in sources if _is_norm(part)}
        sources = [part for part in sources if not _is_norm(part)]
    for part, copied in zip(sources, targets, strict=True):
        norm = norms.get(part.name.replace("convolution", "normalization"))
        if norm is None:
            _copy(part, copied)
        else:
            _fold_convolution(part, norm, copied)


def _fold_convolution(convolution, norm, target):
    scale = norm.gamma / ops.sqrt(norm.moving_variance + norm.epsilon)
    kernel = convolution.kernel * scale  # the last axis is that of the filters
    bias = norm.beta - norm.moving_mean * scale
    _assign([target.kernel, target.bias], [kernel, bias])


def _assign(variables, values):
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _own_variables(layer):
    return [*layer._trainable_variables, *layer._non_trainable_variables]


def _parts(layer):
    return list(layer._flatten_layers(include_self=False, recursive=False))


def _is_norm(layer):
    return isinstance(layer, keras.layers.BatchNormalization)
