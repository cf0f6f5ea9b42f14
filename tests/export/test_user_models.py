"""Tests of models that a user wrote: named as one likes, with calls of their own."""

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from speechkit import export, layers, models

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

RATE = 1000


class Scaled(keras.Model):
    """Has a `network` like the models of this library, and does more than run it."""

    vocabulary, labels = ("on", "off"), 3

    def __init__(self):
        super().__init__()
        frames = [keras.Input((None,)), layers.Frame(40, 20), keras.layers.Dense(3)]
        self.network = keras.Sequential(frames)

    def call(self, inputs):
        return 2.0 * self.network(inputs)


class Louder(models.WaveformModel):
    """A model of this library that does more than run its network."""

    def call(self, inputs, training=False):
        return 2.0 * super().call(inputs, training=training)


class Negative(keras.Sequential):
    """Is not what its layers are."""

    def call(self, inputs, training=None, mask=None):
        return -super().call(inputs, training=training, mask=mask)


class Summed(keras.layers.Dense):
    """Looks like a layer of single frames, and adds up those before, too."""

    def call(self, inputs, training=None):
        return keras.ops.cumsum(super().call(inputs), axis=1)


class Reversed(keras.layers.GRU):
    """Begins at the end of a clip."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        return super().call(keras.ops.flip(sequences, axis=1))


class Steps(keras.layers.Layer):
    """Needs the frame before."""

    def call(self, inputs):
        return inputs[:, 1:] - inputs[:, :-1]


def chain(*after, model=keras.Sequential):
    return model([keras.Input((None,)), layers.Frame(40, 20), *after])


def louder():
    frames = [layers.Frame(40, 20)]
    return Louder(RATE, front_end=frames, encoder=[], head=[keras.layers.Dense(3)])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Scaled, "a Sequential or functional model to stream: a `call` of its own"),
        (louder, "a Sequential or functional model to stream: a `call` of its own"),
        (lambda: chain(keras.layers.Dense(3), model=Negative), "a `call` of its own"),
        (lambda: chain(Negative([keras.layers.Dense(3)])), "a `call` of its own"),
        (lambda: chain(Summed(3)), r"\(Summed\); use a `layers.StreamingLayer`"),
        (lambda: chain(Reversed(3)), r"\(Reversed\); use a `layers.StreamingLayer`"),
        (lambda: chain(Steps()), r"\(Steps\); use a `layers.StreamingLayer`"),
    ],
)
def test_a_call_that_nobody_knows_is_not_streamed_as_another(make, reason):
    model = make()
    model(np.zeros((1, 400), "float32"))

    with pytest.raises(ValueError, match=reason):
        export.StreamingModel(model)


def test_a_model_with_a_network_is_exported_as_a_whole(tmp_path, random):
    # Not built before: the export does that.
    model = Scaled()

    path = export.to_tflite(model, tmp_path / "model.tflite")

    clip = random.normal(size=400).astype("float32")
    answer = export.TFLiteRunner(path)(clip)
    np.testing.assert_allclose(answer, 2 * model.network(clip[None])[0], atol=1e-5)
    assert export.TFLiteRunner(path).certificate["labels"] == []


def oddly_named():
    """Returns a model whose names TensorFlow refuses, with dictionaries at its ends."""
    samples = keras.Input((None,), name="Wellen form")
    frames = layers.Frame(40, 20, name="_first")(samples)
    states = keras.layers.GRU(4, return_sequences=True, name="рекуррентный: 1")(frames)
    outputs = keras.layers.Dense(3, name="выход")(states)
    twice = keras.layers.Dense(3, name="вывод")(outputs)
    return keras.Model({"Wellen form": samples}, {"出力": twice}, name="my model 模型")


@pytest.fixture(scope="module")
def odd():
    keras.utils.set_random_seed(0)
    return oddly_named()


def names_of(model):
    return [
        model.name,
        *[x.name for x in model.layers],
        *[v.path for v in model.weights],
    ]


def test_names_are_mended_in_the_file_alone(odd, tmp_path, random):
    before = names_of(odd)
    clip = random.normal(size=400).astype("float32")

    path = export.to_streaming_tflite(
        odd, tmp_path / "model.tflite", chunk_seconds=0.04, sampling_rate=RATE
    )

    assert names_of(odd) == before
    assert before[0] == "my model 模型"
    (expected,) = odd({"Wellen form": clip[None]}).values()
    answers = export.StreamingRunner(path)(clip)
    np.testing.assert_allclose(answers, expected[0], atol=1e-5)


@pytest.mark.parametrize("given", [True, False], ids=["recordings", "noise"])
def test_a_file_with_loops_takes_one_length_unless_asked(odd, tmp_path, random, given):
    clips = [random.normal(size=size).astype("float32") for size in (300, 420)]
    options = {"recordings": clips} if given else {"metadata": {"sampling_rate": RATE}}

    path = export.to_tflite(odd, tmp_path / "model.tflite", **options)

    length = 420 if given else RATE
    interpreter = Interpreter(model_path=str(path))
    for details in interpreter.get_tensor_details():
        assert -1 not in details["shape_signature"]
    (details,) = interpreter.get_input_details()
    assert details["shape"].tolist() == [1, length]
    certificate = export.TFLiteRunner(path).certificate
    assert certificate["num_samples"] == length
    assert certificate["runtime_needs"] == []


def test_a_file_of_any_length_with_loops_says_what_a_runtime_has_to_do(odd, tmp_path):
    path = export.to_tflite(odd, tmp_path / "model.tflite", num_samples="any")

    runner, clip = export.TFLiteRunner(path), np.ones(77, "float32")
    (expected,) = odd({"Wellen form": clip[None]}).values()
    np.testing.assert_allclose(runner(clip), expected[0], atol=1e-5)
    certificate = runner.certificate
    assert certificate["num_samples"] is None
    (need,) = certificate["runtime_needs"]
    assert "resize the input to another length" in need
    assert "XNNPACK" in need
