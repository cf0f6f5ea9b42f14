"""Tests of `to_tflite`: what the file holds, what is refused, how it is written."""

import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from tensorflow.lite.python.convert_phase import ConverterError

from speechkit import export


class Bincount(keras.layers.Layer):
    """Needs an operator that runs with TensorFlow's own kernels, Flex, only."""

    def call(self, inputs):
        return tf.math.bincount(tf.cast(inputs, tf.int32)[0])[None]


class Digamma(keras.layers.Layer):
    """Needs an operator that would have to be written for the runtime."""

    def call(self, inputs):
        return tf.math.digamma(inputs)


class Counter(keras.layers.Layer):
    """Changes a weight at each call, so the weight cannot be a constant."""

    def build(self, input_shape):
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, inputs):
        self.calls.assign_add(1.0)
        return inputs * self.calls


class Described(keras.Sequential):
    """Knows what its file has to carry."""

    def export_metadata(self):
        return {"labels": ["开灯", "关灯"], "threshold": 0.5}


def model_of(layer):
    return keras.Sequential([keras.Input((None,)), layer])


def test_file_answers_as_the_model_for_any_length(model, tmp_path, random):
    path = export.to_tflite(model, tmp_path / "model.tflite")

    runner = Interpreter(model_path=str(path)).get_signature_runner("serving_default")
    for samples in (41, 400, 123):
        clip = random.normal(size=(1, samples)).astype("float32")
        answer = runner(waveforms=clip)["output"]
        np.testing.assert_allclose(answer, model(clip), atol=1e-5)


def test_metadata_of_the_model_goes_into_the_file(tmp_path):
    model = Described([keras.Input((None,)), keras.layers.ReLU()])

    path = export.to_tflite(model, tmp_path / "model.tflite")

    runner = export.TFLiteRunner(path)
    assert runner.metadata == {"labels": ["开灯", "关灯"], "threshold": 0.5}
    np.testing.assert_array_equal(runner(np.array([-1.0, 2.0])), [0, 2])


@pytest.mark.parametrize("metadata", [None, {}, {"labels": ["zß水𝄋"]}])
def test_metadata_given_goes_into_the_file(tmp_path, metadata):
    model = model_of(keras.layers.ReLU())

    path = export.to_tflite(model, tmp_path / "model.tflite", metadata)

    assert export.TFLiteRunner(path).metadata == (metadata or {})


def test_folders_on_the_way_are_made(tmp_path):
    model = model_of(keras.layers.ReLU())

    path = export.to_tflite(model, str(tmp_path / "new" / "folder" / "model.tflite"))

    assert path == tmp_path / "new" / "folder" / "model.tflite"
    assert path.is_file()


def test_writing_that_fails_leaves_the_old_file_alone(tmp_path, monkeypatch):
    path = tmp_path / "model.tflite"
    path.write_bytes(b"old")
    write_bytes = pathlib.Path.write_bytes

    def write_half(target, content):
        write_bytes(target, content[: len(content) // 2])
        raise OSError("no space left on device")

    monkeypatch.setattr(pathlib.Path, "write_bytes", write_half)

    with pytest.raises(OSError, match="no space left"):
        export.to_tflite(model_of(keras.layers.ReLU()), path)
    assert [file.name for file in tmp_path.iterdir()] == ["model.tflite"]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["model", "model.keras", "model.tflite.zip"])
def test_rejects_other_suffixes(model, tmp_path, name):
    message = r"`path` must end in \.tflite\. Received: path='.*" + name

    with pytest.raises(ValueError, match=message):
        export.to_tflite(model, tmp_path / name)


@pytest.mark.parametrize(
    ("layer", "operator"),
    [
        pytest.param(Bincount, "tf.DenseBincount", id="flex"),
        pytest.param(Digamma, "tf.Digamma", id="custom"),
    ],
)
def test_rejects_operators_that_are_not_built_in(tmp_path, layer, operator):
    message = f"built-in TFLite operators only. Received a model that needs {operator}$"

    with pytest.raises(ValueError, match=message):
        export.to_tflite(model_of(layer()), tmp_path / "model.tflite")

    assert list(tmp_path.iterdir()) == []


def test_rejects_operators_that_the_converter_lets_through(tmp_path, monkeypatch):
    signature = [tf.TensorSpec((1, None), tf.float32)]
    function = tf.function(Bincount(), input_signature=signature)
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [function.get_concrete_function()], tf.Module()
    )
    converter.target_spec.supported_ops = [
        tf.lite.OpsSet.TFLITE_BUILTINS,
        tf.lite.OpsSet.SELECT_TF_OPS,
    ]
    content = converter.convert()
    monkeypatch.setattr(tf.lite.TFLiteConverter, "convert", lambda _: content)

    with pytest.raises(ValueError, match=r"a model that needs FlexDenseBincount$"):
        export.to_tflite(model_of(Bincount()), tmp_path / "model.tflite")


def test_tells_what_else_the_converter_says(model, tmp_path, monkeypatch):
    def fail(_):
        raise ConverterError("the shape is unknown")

    monkeypatch.setattr(tf.lite.TFLiteConverter, "convert", fail)

    with pytest.raises(
        ValueError, match=r"must convert to TFLite\. the shape is unknown"
    ):
        export.to_tflite(model, tmp_path / "model.tflite")


def test_rejects_weights_that_stay_outside_the_file(tmp_path):
    with pytest.raises(ValueError, match="`model` must keep its weights in the file"):
        export.to_tflite(model_of(Counter()), tmp_path / "model.tflite")
