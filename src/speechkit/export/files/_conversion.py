"""From functions of TensorFlow to the bytes of a `.tflite` file."""

import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from speechkit.export.files import (
    _calibration,
    _flatbuffer,
    _front_end,
    _half_precision,
    _layer_names,
    _states,
    _traced_model,
)
from speechkit.ops.ctc import dispatch as ctc

QUANTIZATIONS = ("float32", "float16", "dynamic", "int8")


def convert(
    model: keras.Model,
    signatures: Mapping[str, Any],
    quantization: str,
    samples: Iterable[tuple[str, Mapping[str, np.ndarray]]] = (),
) -> bytes:
    """Returns the bytes of a file with built-in operators only.

    Args:
        model: Has the variables that the functions read; of its layers int8 leaves
            those of the front end in float.
        signatures: The functions, traced, by the names that the file gives them.
        quantization: One of `QUANTIZATIONS`; float16 leaves a file in float32 that it
            would make larger.
        samples: Inputs to calibrate with, for int8: names of signatures and arrays.

    Raises:
        ValueError: If they do not convert, need an operator that is not built in, or
            leave weights out of the file.
    """
    with tempfile.TemporaryDirectory() as folder:
        _traced_model.save(model, signatures, folder)
        names = list(signatures)
        content = _converted(folder, names, quantization)
        if quantization == "float16":
            whole = _converted(folder, names, "float32")
            halved = _half_precision.restore(content, whole)
            # Each weight is widened by an operator, which may take more than it saves.
            content = min(halved, whole, key=len)
        if quantization == "int8":
            with _layer_names.mended(model):
                front_end = [layer.name for layer in _front_end.layers_of(model)]
            in_float = _flatbuffer.tensors_of(content, front_end)
            in_float += _flatbuffer.tensors_of(content, [ctc.SCORE_SCOPE], ends=True)
            in_float += _states.tensors_of(content)
            content = _calibration.quantize(folder, names, samples, in_float)
    _check_operators(content)
    return content


def _converted(folder, names, quantization):
    converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=names)
    if quantization in ("float16", "dynamic"):
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantization == "float16":
        converter.target_spec.supported_types = [tf.float16]
    try:
        return converter.convert()
    except ConverterError as error:
        foreign = {_described(data) for data in error.errors if data.operator.name}
        if foreign:
            raise ValueError(_foreign_message(foreign)) from error
        raise ValueError(f"`model` must convert to TFLite. {error}") from error


def _check_operators(content):
    foreign = _flatbuffer.custom_operators(content)
    if foreign:
        raise ValueError(_foreign_message(foreign))
    if "VAR_HANDLE" in _flatbuffer.operators(content):
        raise ValueError(
            "`model` must keep its weights in the file. "
            "Received a model whose weights the converter left out"
        )


def _described(data):
    """Returns an operator with the layer it comes from, as the converter tells it."""
    places = [call.name.split("@")[0] for call in data.location.call]
    layers = [place.rpartition("/")[0] for place in places if "/" in place]
    return data.operator.name + (f" in {layers[0]}" if layers else "")


def _foreign_message(operators):
    return (
        "`model` must need built-in TFLite operators only. "
        f"Received a model that needs {', '.join(sorted(operators))}"
    )
