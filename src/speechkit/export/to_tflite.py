"""Conversion of a model to a `.tflite` file."""

import os
import pathlib

import keras
import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from speechkit._replacing import replacing
from speechkit.export import _flatbuffer


def to_tflite(
    model: keras.Model, path: str | os.PathLike, metadata: dict | None = None
) -> pathlib.Path:
    """Writes a model as a `.tflite` file that takes one clip of any length.

    The file has built-in operators only, so it runs wherever LiteRT does. It is written
    under a temporary name and renamed when it is complete.

    Args:
        model: Takes waveforms `(batch, samples)` and has one output.
        path: Where the file goes; ends in `.tflite`.
        metadata: What the file is to carry besides the weights, as JSON. `None` means
            what `model.export_metadata()` returns, or nothing if there is no such
            method.

    Returns:
        The path of the file.

    Raises:
        ValueError: If `path` does not end in `.tflite`, or the model does not convert,
            needs an operator that is not built in, or leaves weights out of the file.
    """
    path = pathlib.Path(path)
    if path.suffix != ".tflite":
        raise ValueError(f"`path` must end in .tflite. Received: path={str(path)!r}")
    if metadata is None:
        metadata = getattr(model, "export_metadata", dict)()
    content = _convert(model)
    _check_operators(content)
    content = _flatbuffer.add_metadata(content, metadata)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return path


def _convert(model):
    # Recurrences convert with a batch of 1 only; one clip is what a device hears.
    signature = tf.TensorSpec((1, None), tf.float32, name="waveforms")

    @tf.function(input_signature=[signature], autograph=False)
    def run(waveforms):
        return {"output": model(waveforms, training=False)}

    # A module that tracks the variables themselves: given a Keras model instead, the
    # converter drops its weights without a word.
    module = tf.Module()
    module.run = run
    module.variables_of_model = [variable.value for variable in model.variables]
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [run.get_concrete_function()], module
    )
    try:
        return converter.convert()
    except ConverterError as error:
        foreign = {data.operator.name for data in error.errors} - {""}
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


def _foreign_message(operators):
    return (
        "`model` must need built-in TFLite operators only. "
        f"Received a model that needs {', '.join(sorted(operators))}"
    )
