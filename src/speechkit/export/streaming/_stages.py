"""The streaming wrapper of each layer, or the reason why it cannot stream."""

import math

import keras
import numpy as np

from speechkit.export.streaming._refusing import refuse, refuse_own_call
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

__all__ = ["Plain", "function_of", "stage_of"]

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
    keras.layers.UnitNormalization,
    # Keras 3.9 has it.
    getattr(keras.layers, "RMSNormalization", keras.layers.LayerNormalization),
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
    "Abs", "Absolute", "Add", "Cast", "Celu", "Clip", "Divide", "Elu", "Exp", "Expm1",
    "Gelu", "HardSigmoid", "HardSilu", "HardTanh", "LeakyRelu", "Log", "Log10", "Log1p",
    "Log2", "LogSigmoid", "Maximum", "Minimum", "Multiply", "Negative", "Power", "Relu",
    "Relu6", "Rsqrt", "Selu", "Sigmoid", "Sign", "Silu", "Softplus", "Softsign", "Sqrt",
    "Square", "Subtract", "Tanh", "TrueDivide",
}  # fmt: skip


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
    if not isinstance(operation, AugmentationLayer):
        refuse_own_call(operation)
    if isinstance(operation, _MERGES) or _is_element_wise(operation):
        return _merge(operation, function, use, rank)
    if isinstance(operation, keras.layers.RNN) and rank == 3:
        return _recurrence(operation)
    if isinstance(operation, _keras_kinds.CONVOLUTIONS):
        return _convolution(operation)
    if isinstance(operation, _keras_kinds.POOLINGS):
        return _pooling(operation)
    if isinstance(operation, (keras.layers.ZeroPadding1D, keras.layers.ZeroPadding2D)):
        return _zero_padding(operation)
    if isinstance(operation, LastFrame):
        return LastFrames()
    if _is_of(operation, {"Pad"}):
        return _padding(operation, use, rank)
    if not _keeps_frames(operation, rank, use):
        refuse(operation)
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


def _is_element_wise(operation):
    return _is_of(operation, _ELEMENT_WISE)


def _is_of(operation, names):
    """Returns whether this is one of these operations of `keras.ops`."""
    kind = type(operation)
    return kind.__name__ in names and kind.__module__.startswith("keras.src.ops.")


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
        refuse(
            operation,
            "constants that are the same at each place in time; positions of frames "
            "need the whole clip, and causal convolutions or recurrences do not",
        )
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


def _zero_padding(layer):
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        refuse(layer, "channels last")
    if isinstance(layer, keras.layers.ZeroPadding2D):
        (left, right), frequencies = layer.padding
        return ZeroPadding(left, right, frequencies)
    return ZeroPadding(*layer.padding)


def _padding(operation, use, rank):
    """Returns the wrapper of `keras.ops.pad`, which may put zeros before the frames."""
    width = [tuple(pair) for pair in operation.pad_width]
    zeros = operation.mode == "constant" and not use.arguments.kwargs.get(
        "constant_values"
    )
    if not zeros or len(width) != rank or any(map(any, (width[0], *width[2:]))):
        refuse(operation, "`ZeroPadding1D` or `ZeroPadding2D`")
    return ZeroPadding(*width[1])


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
        refuse(layer, _causal_advice(layer, size))
    return Windows(layer, HeldWindows(size, strides))


def _causal_advice(layer, size):
    """Returns the words for the usual causal form of a convolution."""
    if layer.data_format != "channels_last":
        return "channels last"
    if isinstance(layer, keras.layers.Conv1D):
        return "padding='causal' or 'valid'"
    before = f"({size - 1}, 0)"
    if layer.rank == 1:
        return f"`ZeroPadding1D({before})` before it, and padding='valid'"
    return f"`ZeroPadding2D(({before}, …))` before it, and padding='valid'"


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
    if _is_of(operation, {"ExpandDims", "LogSoftmax", "Softmax"}):
        after = rank + (type(operation).__name__ == "ExpandDims")
        return isinstance(operation.axis, int) and operation.axis % after > 1
    if isinstance(operation, keras.layers.PReLU):
        return 1 in (operation.shared_axes or ())
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
