"""The streaming wrapper of each layer, or the reason why it cannot stream."""

import math
from typing import NoReturn

import keras
import numpy as np

from speechkit.export.streaming._stage_classes import (
    FrameWise,
    LastFrames,
    Merge,
    Plain,
    Recurrence,
    Windows,
    ZeroPadding,
)
from speechkit.layers import _keras_kinds
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time.held_windows import HeldWindows

__all__ = ["Plain", "function_of", "refuse", "stage_of"]

_FRAME_WISE = (
    keras.layers.Activation,
    keras.layers.ActivityRegularization,
    keras.layers.AlphaDropout,
    keras.layers.Dense,
    keras.layers.Dropout,
    keras.layers.ELU,
    keras.layers.Embedding,
    keras.layers.GaussianDropout,
    keras.layers.GaussianNoise,
    keras.layers.Identity,
    keras.layers.LeakyReLU,
    keras.layers.ReLU,
    keras.layers.Rescaling,
    keras.layers.SpatialDropout1D,
    keras.layers.SpatialDropout2D,
    keras.layers.TimeDistributed,
    keras.layers.UpSampling1D,
)
_ALONG_AN_AXIS = (
    keras.layers.BatchNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Normalization,
    keras.layers.Softmax,
)
# Of samples, which have no axis of features, these activations see them all.
_OF_ALL_FEATURES = {"glu", "log_softmax", "softmax", "sparsemax"}
_MERGES = (
    keras.layers.Add,
    keras.layers.Average,
    keras.layers.Concatenate,
    keras.layers.Maximum,
    keras.layers.Minimum,
    keras.layers.Multiply,
    keras.layers.Subtract,
)
# Operations of `keras.ops` that stand in functional models and see one number each.
_ELEMENT_WISE = {
    "Abs", "Absolute", "Add", "Clip", "Divide", "Exp", "Log", "Log1p", "Maximum",
    "Minimum", "Multiply", "Negative", "Power", "Relu", "Sigmoid", "Sqrt", "Square",
    "Subtract", "Tanh", "TrueDivide",
}  # fmt: skip
_ADVICE = {
    "Attention": "recurrent or causal convolution layers",
    "Bidirectional": "a forward recurrence, or `LookaheadConvolution` behind one",
    "GlobalAveragePooling1D": "a recurrence with return_sequences=False, or frames",
    "GlobalMaxPooling1D": "a recurrence with return_sequences=False, or frames",
    "LevelNormalization": "`PCEN`, which follows the level",
    "MeanVarianceNormalization": "`GlobalMeanVarianceNormalization` or "
    "`SlidingMeanVarianceNormalization`",
    "MultiHeadAttention": "recurrent or causal convolution layers",
    "MultiHeadAttentionPooling": "`LastFrame`",
    "StatisticsPooling": "`LastFrame`",
}


def stage_of(operation, use):
    """Returns the streaming wrapper of one graph node.

    Args:
        operation: The layer or operation.
        use: The node, of Keras, at which it is used.

    Raises:
        ValueError: If it needs the whole clip or is not known.
    """
    rank = len(use.input_tensors[0].shape)
    function = function_of(operation, use)
    if isinstance(operation, StreamingLayer):
        return operation
    if isinstance(operation, _MERGES) or _is_element_wise(operation):
        return _merge(operation, function, use, rank)
    if isinstance(operation, keras.layers.RNN):
        return _recurrence(operation)
    if isinstance(operation, _keras_kinds.CONVOLUTIONS):
        return _convolution(operation)
    if isinstance(operation, _keras_kinds.POOLINGS):
        return _pooling(operation)
    if isinstance(operation, keras.layers.ZeroPadding1D):
        if getattr(operation, "data_format", "channels_last") != "channels_last":
            refuse(operation, "channels last")
        return ZeroPadding(*operation.padding)
    if isinstance(operation, LastFrame):
        return LastFrames()
    if not _keeps_frames(operation, rank, use):
        advice = _ADVICE.get(type(operation).__name__, "a layer that can stream")
        refuse(operation, advice)
    if isinstance(operation, keras.layers.UpSampling1D):
        return FrameWise(function, repeats=operation.size)
    return FrameWise(function)


def function_of(operation, use):
    """Returns an operation as a function of one tensor or of a list of them."""
    arguments, options = use.arguments.args, use.arguments.kwargs
    needed = [id(tensor) for tensor in use.input_tensors]

    def function(values):
        values = values if isinstance(values, list) else [values]
        table = dict(zip(needed, values, strict=True))
        filled = keras.tree.map_structure(
            lambda value: table.get(id(value), value), (arguments, options)
        )
        return operation(*filled[0], **filled[1])

    return function


def refuse(operation, advice: str) -> NoReturn:
    """Raises the error of an operation that cannot stream.

    Args:
        operation: The layer or operation.
        advice: What can stand in its place.
    """
    raise ValueError(
        "`model` must be made of layers that can stream. Received: "
        f"{operation.name!r} ({type(operation).__name__}); use {advice}"
    )


def _is_element_wise(operation):
    return type(operation).__name__ in _ELEMENT_WISE and type(
        operation
    ).__module__.startswith("keras.src.ops.")


def _merge(operation, function, use, rank):
    joined = isinstance(operation, keras.layers.Concatenate)
    if joined and operation.axis % rank == 1:
        refuse(operation, "another axis than that of time")
    if any(len(tensor.shape) != rank for tensor in use.input_tensors):
        refuse(operation, "inputs with as many axes as each other")
    constants = [*use.arguments.args, *use.arguments.kwargs.values()]
    # The bounds of `ops.clip`.
    constants += [getattr(operation, name, None) for name in ("x_min", "x_max")]
    if not _are_alike_in_time(constants, rank):
        refuse(operation, "constants that are the same at each place in time")
    return Merge(function) if len(use.input_tensors) > 1 else FrameWise(function)


def _are_alike_in_time(constants, rank):
    """Returns whether what is not symbolic has no time axis, or one of length 1."""
    return all(_is_alike_in_time(value, rank) for value in constants)


def _is_alike_in_time(value, rank):
    symbolic = keras.backend.is_keras_tensor
    if value is None or symbolic(value):
        return True
    if isinstance(value, list) and any(map(symbolic, value)):  # of a layer
        return _are_alike_in_time(value, rank)
    shape = value.shape if hasattr(value, "shape") else np.shape(value)
    # Axes are counted from the last one, as broadcasting does.
    return len(shape) < rank - 1 or shape[len(shape) - rank + 1] == 1


def _recurrence(layer):
    if layer.go_backwards:
        refuse(layer, "go_backwards=False")
    if layer.stateful:
        refuse(layer, "stateful=False")
    return Recurrence(layer)


def _convolution(layer):
    size = (layer.kernel_size[0] - 1) * layer.dilation_rate[0] + 1
    strides = layer.strides[0]
    if layer.padding == "causal":
        windows = HeldWindows(size, strides, left=size - 1)
        return Windows(_without_padding(layer), windows)
    if size == strides == 1 and layer.data_format == "channels_last":
        return FrameWise(layer)
    if layer.padding != "valid" or layer.data_format != "channels_last":
        refuse(layer, "padding='causal' or 'valid', and channels last")
    return Windows(layer, HeldWindows(size, strides))


def _without_padding(layer):
    """Returns a causal convolution of frames that have what it would put before."""

    def convolve(windows):
        outputs = keras.ops.conv(
            keras.ops.cast(windows, layer.compute_dtype),
            keras.ops.cast(layer.kernel, layer.compute_dtype),
            layer.strides,
            "valid",
            layer.data_format,
            layer.dilation_rate,
        )
        if layer.use_bias:
            outputs = outputs + keras.ops.cast(layer.bias, layer.compute_dtype)
        return outputs if layer.activation is None else layer.activation(outputs)

    return convolve


def _pooling(layer):
    size, strides = layer.pool_size[0], layer.strides[0]
    if size == strides == 1 and layer.data_format == "channels_last":
        return FrameWise(layer)
    if layer.padding != "valid" or layer.data_format != "channels_last":
        refuse(layer, "padding='valid', and channels last")
    return Windows(layer, HeldWindows(size, strides))


def _keeps_frames(operation, rank, use):
    """Returns whether each output frame is made from one input frame alone."""
    if isinstance(operation, _ALONG_AN_AXIS):
        axes = operation.axis
        axes = axes if isinstance(axes, tuple | list) else [axes]
        return all(axis % rank != 1 for axis in axes)
    if isinstance(operation, keras.layers.Rescaling):
        return _are_alike_in_time([operation.scale, operation.offset], rank)
    if rank == 2 and isinstance(operation, keras.layers.Dense):
        return False
    if rank == 2 and isinstance(operation, keras.layers.Activation):
        name = getattr(operation.activation, "__name__", None)
        return name not in _OF_ALL_FEATURES
    if isinstance(operation, keras.layers.Reshape):
        features = use.input_tensors[0].shape[2:]
        frames, *kept = operation.target_shape
        known = None not in features and -1 not in kept
        return frames == -1 and known and math.prod(features) == math.prod(kept)
    if isinstance(operation, keras.layers.Permute):
        return operation.dims[0] == 1
    # Augmentation acts in training only.
    return isinstance(operation, (AugmentationLayer, *_FRAME_WISE))
