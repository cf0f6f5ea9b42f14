"""From functions of TensorFlow to the bytes of a `.tflite` file."""

import dataclasses
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from speechkit.export import _calibration, _flatbuffer, _half_precision

QUANTIZATIONS = ("float32", "float16", "dynamic", "int8")


@dataclasses.dataclass(frozen=True)
class Functions:
    """What a file is made of.

    Attributes:
        signatures: The functions, traced, by the names that the file gives them.
        variables: The variables that they read.
        front_end: Names of the layers that int8 leaves in float.
    """

    signatures: Mapping[str, Any]
    variables: list
    front_end: tuple[str, ...]


def convert(
    functions: Functions,
    quantization: str,
    samples: Iterable[tuple[str, Mapping[str, np.ndarray]]] = (),
) -> bytes:
    """Returns the bytes of a file with built-in operators only.

    Args:
        functions: The functions.
        quantization: One of `QUANTIZATIONS`.
        samples: Inputs to calibrate with, for int8: names of signatures and arrays.

    Raises:
        ValueError: If they do not convert, need an operator that is not built in, or
            leave weights out of the file.
    """
    # A module that tracks the variables themselves: given a Keras model instead, the
    # converter drops its weights without a word.
    module = tf.Module()
    module.variables_of_model = functions.variables
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures=dict(functions.signatures))
        names = list(functions.signatures)
        content = _converted(folder, names, quantization)
        if quantization == "float16":
            whole = _converted(folder, names, "float32")
            content = _half_precision.restore(content, whole)
        if quantization == "int8":
            in_float = _flatbuffer.tensors_of(content, functions.front_end)
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
