"""Tests of `to_tflite`: what the file holds, what is refused, how it is written."""

import itertools
import pathlib
import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.compiled_model import CompiledModel
from ai_edge_litert.interpreter import Interpreter
from tensorflow.lite.python.convert_phase import ConverterError

from speechkit import decoders, export, layers, models, text
from speechkit.export.files import _calibrator, _flatbuffer
from speechkit.export.measuring import _memory

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process


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


@pytest.mark.parametrize("cell", [layers.BatchNormGRU, layers.BatchNormLSTM])
@pytest.mark.parametrize("num_samples", [None, 1600])
def test_a_recurrence_brings_its_weights_and_operators_alone(
    cell, num_samples, tmp_path
):
    # 200 frames of 200 units are 160 kB, and nothing of them is known beforehand.
    model = keras.Sequential(
        [keras.Input((None,)), layers.Frame(8, 8), cell(200, normalization=None)]
    )

    path = export.to_tflite(model, tmp_path / "a.tflite", num_samples=num_samples)

    assert 0 < path.stat().st_size - 4 * model.count_params() < 60_000


def test_file_answers_as_the_model_for_any_length(model, tmp_path, random):
    path = export.to_tflite(model, tmp_path / "model.tflite")

    runner = Interpreter(model_path=str(path)).get_signature_runner("serving_default")
    for samples in (41, 400, 123):
        clip = random.normal(size=(1, samples)).astype("float32")
        answer = runner(waveforms=clip)["output"]
        np.testing.assert_allclose(answer, model(clip), atol=1e-5)


def test_a_file_for_one_length_answers_as_the_model_and_takes_no_other(
    model, tmp_path, random
):
    path = export.to_tflite(model, tmp_path / "model.tflite", num_samples=400)

    (details,) = Interpreter(model_path=str(path)).get_input_details()
    assert details["shape_signature"].tolist() == [1, 400]
    runner = export.TFLiteRunner(path)
    clip = random.normal(size=400).astype("float32")
    np.testing.assert_allclose(runner(clip), model(clip[None])[0], atol=1e-5)
    with pytest.raises(ValueError, match=r"must have 400 samples.*Received: 399"):
        runner(clip[1:])
    assert runner.certificate["micro_obstacles"] == []
    assert runner.certificate["accepted"] is True


def test_rejects_another_length_than_that_of_the_model(tmp_path):
    model = keras.Sequential([keras.Input((300,)), keras.layers.ReLU()])

    for length in (400, "any"):
        message = rf"`num_samples` must be 300, .*num_samples={length!r}"
        with pytest.raises(ValueError, match=message):
            export.to_tflite(model, tmp_path / "model.tflite", num_samples=length)


def test_metadata_of_the_model_goes_into_the_file(tmp_path):
    model = Described([keras.Input((None,)), keras.layers.ReLU()])

    path = export.to_tflite(model, tmp_path / "model.tflite")

    runner = export.TFLiteRunner(path)
    assert runner.metadata == {"labels": ["开灯", "关灯"], "threshold": 0.5}
    np.testing.assert_array_equal(runner(np.array([-1.0, 2.0])), [0, 2])


@pytest.mark.parametrize("metadata", [None, {}, {"labels": ["zß水𝄋"]}])
def test_metadata_given_goes_into_the_file(tmp_path, metadata):
    model = model_of(keras.layers.ReLU())

    path = export.to_tflite(model, tmp_path / "model.tflite", metadata=metadata)

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


@pytest.mark.parametrize(
    ("quantization", "limit"), [("float16", 0.55), ("dynamic", 0.4)]
)
def test_quantised_weights_are_smaller_and_answer_alike(tmp_path, quantization, limit):
    frames = [keras.Input((None,)), layers.Frame(400, 160), keras.layers.Dense(256)]
    model = keras.Sequential([*frames, keras.layers.Dense(3)])
    whole = export.to_tflite(model, tmp_path / "whole.tflite")

    path = export.to_tflite(model, tmp_path / "small.tflite", quantization=quantization)

    assert path.stat().st_size < limit * whole.stat().st_size
    clip = np.sin(np.arange(4000) / 9.0)
    expected = export.TFLiteRunner(whole)(clip)
    np.testing.assert_allclose(export.TFLiteRunner(path)(clip), expected, atol=0.02)


def test_float16_leaves_a_file_that_it_would_make_larger(model, tmp_path):
    whole = export.to_tflite(model, tmp_path / "whole.tflite")

    path = export.to_tflite(model, tmp_path / "m.tflite", quantization="float16")

    certificates = [export.TFLiteRunner(x).certificate for x in (whole, path)]
    assert certificates[0]["size_bytes"] == certificates[1]["size_bytes"]
    quantization = certificates[1]["quantization"]
    assert quantization["requested"] == "float16"
    assert quantization["bytes"] == certificates[0]["quantization"]["bytes"]
    assert quantization["bytes"]["float32"] == 4 * 40 * 3  # the bias is zero


@pytest.mark.parametrize(
    "constant",
    [
        pytest.param(layers.LogMelSpectrogram(16000, num_mel_bins=8), id="tiny"),
        pytest.param(keras.layers.Rescaling(1.0, 1e6), id="large"),
        pytest.param(keras.layers.Rescaling(1.0, [[-1e9, 1.0, 3.0]]), id="masks"),
    ],
)
def test_float16_keeps_numbers_that_it_cannot_hold(tmp_path, constant):
    front = [] if "mel" in constant.name else [layers.Frame(3, 3)]
    model = keras.Sequential([keras.Input((None,)), *front, constant])
    silence = np.zeros(4000, "float32")

    path = export.to_tflite(
        model, tmp_path / "m.tflite", quantization="float16", recordings=[silence]
    )

    expected = model(silence[None])[0]
    np.testing.assert_allclose(export.TFLiteRunner(path)(silence), expected, rtol=1e-6)


def test_float16_hears_what_is_all_but_silent_beside_a_loud_tone(tmp_path):
    model = model_of(layers.LogMelSpectrogram(16000, num_mel_bins=20))
    tone = np.sin(0.1 * np.arange(4000, dtype="float32"))

    path = export.to_tflite(
        model, tmp_path / "m.tflite", quantization="float16", recordings=[tone]
    )

    expected = model(tone[None])[0]
    np.testing.assert_allclose(export.TFLiteRunner(path)(tone), expected, atol=0.01)


def test_int8_of_a_recurrence_for_one_length_tells_all_shapes(tmp_path, random):
    # The calibrator crashes on a loop of a known number of turns.
    frames = keras.layers.Reshape((-1, 20))
    model = keras.Sequential([keras.Input((None,)), frames, layers.BatchNormGRU(8)])
    clips = random.normal(size=(4, 400)).astype("float32")

    path = export.to_tflite(
        model,
        tmp_path / "model.tflite",
        quantization="int8",
        num_samples=400,
        recordings=clips,
    )

    graph = _flatbuffer.unpack(path.read_bytes()).subgraphs[0]
    assert graph.tensors[graph.inputs[0]].shape.tolist() == [1, 400]
    assert graph.tensors[graph.outputs[0]].shape.tolist() == [1, 20, 8]
    assert all(tensor.shapeSignature is None for tensor in graph.tensors)
    runner, expected = export.TFLiteRunner(path), np.asarray(model(clips[:1]))
    np.testing.assert_allclose(runner(clips[0]), expected[0], atol=0.1)
    # This runtime makes room for the output by what the file tells of its shape.
    compiled = CompiledModel.from_file(str(path))
    given, taken = compiled.create_input_buffers(0), compiled.create_output_buffers(0)
    given[0].write(clips[:1])
    compiled.run_by_index(0, given, taken)
    answer = taken[0].read(expected.size, np.float32).reshape(expected.shape)
    np.testing.assert_allclose(answer, expected, atol=0.1)
    with pytest.raises(ValueError, match=r"must have 400 samples.*Received: 399"):
        runner(clips[0, 1:])


def test_int8_leaves_the_front_end_in_float(tmp_path, random):
    features = layers.LogMelSpectrogram(8000, num_mel_bins=8)
    dense = [keras.layers.Dense(32, "relu"), keras.layers.Dense(3)]
    model = keras.Sequential([keras.Input((None,)), features, *dense])
    clips = [random.normal(scale=scale, size=4000) for scale in (0.3, 0.03)]

    path = export.to_tflite(
        model,
        tmp_path / "model.tflite",
        quantization="int8",
        num_samples=4000,
        recordings=clips,
    )

    content = path.read_bytes()
    assert "SHAPE" not in _flatbuffer.operators(content)  # nothing is left open
    types = {
        tensor.name.decode(): tensor.type
        for tensor in _flatbuffer.unpack(content).subgraphs[0].tensors
    }
    weights = export.TFLiteRunner(path).certificate["quantization"]["bytes"]
    assert weights["int8"] == 8 * 32 + 32 * 3
    assert weights["float32"] > 0  # the window and the mel filters
    int8 = {name for name, kind in types.items() if kind == schema.TensorType.INT8}
    assert any("dense" in name for name in int8)
    assert not any("mel" in name for name in int8 if "dense" not in name)
    assert (
        export.measure_parity(
            model, export.TFLiteRunner(path), waveforms=clips
        ).relative_rms
        < 0.1
    )


def test_a_calibrator_that_crashes_is_an_error(tmp_path, monkeypatch):
    crashing = tmp_path / "crashing.py"
    crashing.write_text("import os; os.abort()")
    monkeypatch.setattr(_calibrator, "__file__", str(crashing))

    with pytest.raises(ValueError, match="the calibrator of int8 ended with status -6"):
        export.to_tflite(
            model_of(keras.layers.ReLU()), tmp_path / "m.tflite", quantization="int8"
        )

    assert not (tmp_path / "m.tflite").exists()


def test_a_file_that_makes_litert_crash_is_an_error(model, tmp_path, monkeypatch):
    crashing = tmp_path / "crashing.py"
    crashing.write_text("import os; os.abort()")
    monkeypatch.setattr(_memory, "__file__", str(crashing))

    with pytest.raises(ValueError, match=r"LiteRT crashes when .*, with signal 6"):
        export.to_tflite(model, tmp_path / "m.tflite")

    assert not (tmp_path / "m.tflite").exists()


def test_a_file_that_answers_otherwise_is_not_written(model, tmp_path, monkeypatch):
    run = export.TFLiteRunner.run

    def spoiled(self, waveform, sampling_rate=None):
        return {"output": run(self, waveform)["output"] * 1.01}

    monkeypatch.setattr(export.TFLiteRunner, "run", spoiled)

    with pytest.raises(ValueError, match=r"'float32', which differs by 1\.00%"):
        export.to_tflite(model, tmp_path / "model.tflite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "decoder",
    [
        decoders.CTCGreedyDecoder(["", *"abc"]),
        decoders.CTCPrefixBeamSearch(["", *"abc"]),
    ],
    ids=["greedy", "prefix-beam"],
)
def test_file_decodes_labels(tmp_path, random, decoder):
    model = keras.Sequential(
        [keras.Input((None,)), layers.Frame(20, 20), keras.layers.Dense(4)]
    )
    clip = random.normal(size=600).astype("float32")

    path = export.to_tflite(
        model, tmp_path / "m.tflite", decoder=decoder, num_samples="any"
    )

    found = export.TFLiteRunner(path).run(clip)
    logits = model(clip[None])
    expected = np.asarray(decoder(logits))[0]
    np.testing.assert_array_equal(found["labels"], expected)
    assert found["count"] == (expected >= 0).sum() > 0


def test_decodes_unasked_where_the_model_knows_a_blank(tmp_path, random):
    speech = models.CTCRecognizer(
        text.CharacterVocabulary(" ab"),
        8000,
        front_end=[layers.Frame(20, 20)],
        encoder=[keras.layers.Dense(4)],
    )
    plain = keras.Sequential([keras.Input((None,)), *speech.network.layers])
    clip = random.normal(size=600).astype("float32")

    given = [
        export.TFLiteRunner(export.to_tflite(model, tmp_path / "m.tflite", **options))
        for model, options in [(speech, {}), (speech, {"decoder": None}), (plain, {})]
    ]

    found = [runner.run(clip) for runner in given]
    assert [sorted(outputs) for outputs in found] == [
        ["count", "labels", "output", "score"],
        ["output"],
        ["output"],
    ]
    best = np.asarray(speech(clip[None])).argmax(axis=-1)[0]
    expected = [label for label, _ in itertools.groupby(best) if label != 0]
    assert found[0]["labels"][: found[0]["count"]].tolist() == expected
    names = [runner.certificate["decoder"] for runner in given]
    assert names == ["CTCGreedyDecoder", None, None]


def test_rejects_decoding_of_an_output_without_frames(tmp_path):
    with pytest.raises(ValueError, match="`decoder` must be None for a model without"):
        export.to_tflite(
            model_of(keras.layers.ReLU()),
            tmp_path / "m.tflite",
            decoder=decoders.CTCGreedyDecoder(["", "a"]),
        )


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"quantization": "int4"}, "`quantization` must be one of 'float32'"),
        ({"num_samples": 0}, "`num_samples` must be an integer of 1 or more"),
        ({"num_samples": "all"}, "`num_samples` must be an integer .*, 'any' or None"),
        ({"decoder": "best"}, "`decoder` must be 'auto', None, a CTCGreedyDecoder"),
        ({"recordings": []}, "`recordings` must be one clip"),
        ({"recordings": [np.ones((2, 3))]}, r"Received shapes: \[\(2, 3\)\]"),
    ],
)
def test_rejects_options_out_of_range(model, tmp_path, option, message):
    with pytest.raises(ValueError, match=message):
        export.to_tflite(model, tmp_path / "model.tflite", **option)


@pytest.mark.filterwarnings("ignore:.*`quantize` method:UserWarning")
@pytest.mark.parametrize("write", [export.to_tflite, export.to_streaming_tflite])
def test_rejects_models_that_keras_has_quantized(tmp_path, write):
    dense = keras.layers.Dense(2, name="dense")
    model = keras.Sequential([keras.Input((None,)), layers.Frame(8, 8), dense])
    model.quantize("int8")

    message = r'in float with `quantization="int8"`.* model with \'dense\' in int8'
    with pytest.raises(ValueError, match=message):
        write(model, tmp_path / "model.tflite")


@pytest.mark.parametrize("name", ["model", "model.keras", "model.tflite.zip"])
def test_rejects_other_suffixes(model, tmp_path, name):
    message = r"`path` must end in \.tflite\. Received: path='.*" + name

    with pytest.raises(ValueError, match=message):
        export.to_tflite(model, tmp_path / name)


@pytest.mark.parametrize(
    ("layer", "operator"),
    [
        pytest.param(Bincount, "tf.DenseBincount in .*/counts", id="flex"),
        pytest.param(Digamma, "tf.Digamma in .*/counts", id="custom"),
    ],
)
def test_rejects_operators_that_are_not_built_in(tmp_path, layer, operator):
    message = f"built-in TFLite operators only. Received a model that needs {operator}"

    with pytest.raises(ValueError, match=message):
        export.to_tflite(model_of(layer(name="counts")), tmp_path / "model.tflite")

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
    pretend = types.SimpleNamespace(convert=lambda: content)
    monkeypatch.setattr(
        tf.lite.TFLiteConverter, "from_saved_model", lambda *_, **__: pretend
    )

    with pytest.raises(ValueError, match=r"a model that needs FlexDenseBincount$"):
        export.to_tflite(model_of(keras.layers.ReLU()), tmp_path / "model.tflite")


def test_tells_what_else_the_converter_says(model, tmp_path, monkeypatch):
    def fail():
        raise ConverterError("the shape is unknown")

    pretend = types.SimpleNamespace(convert=fail)
    monkeypatch.setattr(
        tf.lite.TFLiteConverter, "from_saved_model", lambda *_, **__: pretend
    )

    with pytest.raises(
        ValueError, match=r"must convert to TFLite\. the shape is unknown"
    ):
        export.to_tflite(model, tmp_path / "model.tflite")


def test_rejects_weights_that_stay_outside_the_file(tmp_path):
    with pytest.raises(ValueError, match="`model` must keep its weights in the file"):
        export.to_tflite(model_of(Counter()), tmp_path / "model.tflite")
