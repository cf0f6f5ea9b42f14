"""Tests of what no file can be made of: one sentence before anything is converted."""

import keras
import pytest

from speechkit import export, layers

WRITERS = {
    "clip": (export.to_tflite, "m.tflite"),
    "stream": (export.to_streaming_tflite, "m.tflite"),
    "saved-model": (export.to_saved_model, "served"),
    "onnx": (export.to_onnx, "m.onnx"),
}


class Both(keras.Model):
    """Has two outputs."""

    def call(self, inputs):
        return inputs, -inputs


class Failing(keras.Model):
    """Works for no input."""

    def call(self, inputs):
        return "twice" * inputs


class OnSamples(keras.Model):
    """Has a weight for each sample of a clip."""

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[1], 3))

    def call(self, inputs):
        return inputs @ self.kernel


def chain(*after, shape=(None,), dtype=None):
    return keras.Sequential([keras.Input(shape, dtype=dtype), *after])


def frames(policy, *after):
    return chain(layers.Frame(40, 20, dtype=policy), *after)


def graph(function):
    inputs = keras.Input((None,))
    return keras.Model(inputs, function(inputs))


def two_inputs(structure):
    tensors = [keras.Input((None,), name=name) for name in ("left", "right")]
    inputs = tensors if structure is list else {x.name: x for x in tensors}
    return keras.Model(inputs, keras.layers.Add()(tensors))


def stateful(**options):
    recurrence = keras.layers.GRU(3, stateful=True, name="gru", **options)
    inputs = keras.Input(batch_shape=(1, 400))
    return keras.Sequential([inputs, layers.Frame(40, 20), recurrence])


def both(function):
    return lambda x: function(x, keras.layers.ReLU()(x))


INPUT = "`model` must have one input, the waveforms: make a model that sets"
FEATURES = r"`model` must take waveforms \(batch, samples\), with its front end inside"
SAMPLES = "`model` must take samples as float32 from -1 to 1: .*Received an input of "
OUTPUT = "`model` must have one output: export a model of the one .* Received "
FLOATS = "`model` must compute in float32: make it once more after .*Received "
STATES = "`model` must begin each clip anew: .*stateful=False.* Received "
KIND = "`model` must be a keras.Model, .* Received: "
BUILD = r"`model` must take waveforms \(batch, samples\).*call it once on a clip"
REFUSED = {
    "no-model": (lambda: keras.layers.Dense(3), KIND + "Dense"),
    "a-path": (lambda: "model.keras", KIND + "str"),
    "nothing": (lambda: None, KIND + "NoneType"),
    "two-inputs": (lambda: two_inputs(list), INPUT + ".* Received: 'left', 'right'"),
    "named-inputs": (lambda: two_inputs(dict), INPUT + ".* Received: 'left', 'right'"),
    "features": (
        lambda: chain(keras.layers.Dense(3), shape=(None, 40)),
        FEATURES + r".*LogMelSpectrogram.* of shape \(None, None, 40\)",
    ),
    "images": (
        lambda: chain(keras.layers.Conv2D(3, 3), shape=(98, 40, 1)),
        FEATURES + r".*LogMelSpectrogram.* of shape \(None, 98, 40, 1\)",
    ),
    "channels": (
        lambda: chain(keras.layers.Conv1D(3, 40), shape=(None, 1)),
        FEATURES + r".*keras\.layers\.Reshape\(\(-1, 1\)\).*\(None, None, 1\)",
    ),
    "scalar": (lambda: chain(keras.layers.ReLU(), shape=()), FEATURES),
    "int16": (
        lambda: chain(keras.layers.Rescaling(1 / 32768), dtype="int16"),
        SAMPLES + "int16",
    ),
    "int32": (
        lambda: chain(keras.layers.Rescaling(1 / 32768), dtype="int32"),
        SAMPLES + "int32",
    ),
    "float64": (lambda: chain(keras.layers.ReLU(), dtype="float64"), SAMPLES + "fl"),
    "float16": (lambda: chain(keras.layers.ReLU(), dtype="float16"), SAMPLES + "fl"),
    "two-outputs": (lambda: graph(both(lambda x, y: [x, y])), OUTPUT + "2 outputs"),
    "named-outputs": (
        lambda: graph(both(lambda x, y: {"a": x, "b": y})),
        OUTPUT + "2 outputs",
    ),
    "two-answers": (Both, OUTPUT + "2 outputs"),
    "half": (lambda: frames("float16"), FLOATS + "'frame.*' with float16"),
    "double": (lambda: frames("float64"), FLOATS + "'frame.*' with float64"),
    "mixed": (lambda: frames("mixed_float16"), FLOATS + "'frame.*' with mixed_float16"),
    "brain": (lambda: frames("mixed_bfloat16"), FLOATS + ".* with mixed_bfloat16"),
    "mixed-inside": (
        lambda: frames(None, chain(keras.layers.Dense(3, dtype="mixed_float16",
                                                      name="inner"), shape=(None, 40))),
        FLOATS + "'inner' with mixed_float16",
    ),
    "mixed-many": (
        lambda: frames(
            "float16", *[keras.layers.Dense(2, dtype="float16") for _ in range(4)]
        ),
        FLOATS + ".* and 2 more",
    ),
    "stateful": (stateful, STATES + "'gru' with stateful=True"),
    "own-call-unknown": (OnSamples, BUILD),
    "own-call-fails": (Failing, BUILD),
    "no-length": (lambda: keras.Sequential([keras.layers.Dense(3)]), BUILD),
}  # fmt: skip


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_no_file_can_be_made_of_is_refused_at_the_door(
    tmp_path, monkeypatch, writer, name
):
    make, message = REFUSED[name]
    write, place = WRITERS[writer]
    # Nothing is traced, so nothing of TensorFlow is asked for.
    monkeypatch.setattr("tensorflow.function", None)
    options = {"sampling_rate": 8000} if writer == "stream" else {}

    with pytest.raises(ValueError, match=message) as caught:
        write(make(), tmp_path / place, **options)

    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
