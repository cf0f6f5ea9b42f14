"""What Keras promises of any model holds for every model of the library."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from contract.model_cases import CASES, WakeWord
from speechkit import losses, models

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

KERAS = tuple(int(part) for part in keras.__version__.split(".")[:2])
# The formats that Keras has, by its version.
FORMATS = {"tf_saved_model": (3, 7), "onnx": (3, 8), "litert": (3, 14)}
SUFFIXES = {"tf_saved_model": "", "onnx": ".onnx", "litert": ".tflite"}
# A file takes seconds. Each model is written in two formats, new in one and trained in
# the other; each format meets convolutions, recurrences, pooling and augmentation. The
# quick model of other layers is written in all.
NEW = [
    (models.CommandRecognizer, "tf_saved_model"),
    (models.CTCRecognizer, "litert"),
    (models.DeepSpeech2, "onnx"),
    (WakeWord, "litert"),
    *[(models.WaveformModel, form) for form in FORMATS],
]
TRAINED = [
    (models.CommandRecognizer, "litert"),
    (models.CTCRecognizer, "tf_saved_model"),
    (models.DeepSpeech2, "tf_saved_model"),
    (WakeWord, "onnx"),
    (models.WaveformModel, "tf_saved_model"),
]


def in_formats(pairs):
    """Runs a test for each model and format: another where Keras lacks the format."""
    known = {form for form, since in FORMATS.items() if since <= KERAS}
    chosen = [(m, form if form in known else "tf_saved_model") for m, form in pairs]
    return pytest.mark.parametrize(
        ("make", "form"),
        [
            pytest.param(CASES[model], form, id=f"{model.__name__}-{form}")
            for model, form in dict.fromkeys(chosen)
        ],
    )


@pytest.fixture(params=CASES.values(), ids=[model.__name__ for model in CASES])
def make(request):
    return request.param


@pytest.fixture
def clips(random):
    """Two clips of noise, 0.5 s at 8 kHz."""
    return random.normal(scale=0.1, size=(2, 4000)).astype("float32")


def compiled(model, **options):
    """Returns the model and labels that it learns."""
    is_ctc = isinstance(model, models.CTCRecognizer)
    loss = losses.CTCLoss() if is_ctc else "sparse_categorical_crossentropy"
    model.compile("sgd", loss, **{"jit_compile": False, **options})
    return np.array([[1, 2], [2, -1]] if is_ctc else [0, 1])


def sublayers(layer):
    return [x for x in layer._flatten_layers() if x is not layer]


def test_every_sublayer_is_built(make):
    assert [x.name for x in sublayers(make()) if not x.built] == []


def answers_of(path, form):
    """Returns a function from waveforms to the output of an exported file."""
    if form == "tf_saved_model":
        loaded = tf.saved_model.load(path)
        return lambda clips: np.asarray(loaded.serve(clips))
    if form == "onnx":
        runtime = pytest.importorskip("onnxruntime")
        session = runtime.InferenceSession(path)
        (source,) = session.get_inputs()
        return lambda clips: session.run(None, {source.name: clips})[0]
    interpreter = Interpreter(str(path))
    (source,), (output,) = (
        interpreter.get_input_details(),
        interpreter.get_output_details(),
    )

    def one_by_one(clips):
        answers = []
        for clip in clips:
            interpreter.resize_tensor_input(source["index"], (1, len(clip)))
            interpreter.allocate_tensors()
            interpreter.set_tensor(source["index"], clip[None])
            interpreter.invoke()
            answers.append(interpreter.get_tensor(output["index"])[0])
        return np.stack(answers)

    return one_by_one


@pytest.mark.filterwarnings("ignore:In the future `np.object`:FutureWarning")
@in_formats(NEW)
def test_a_model_that_was_never_called_exports(make, clips, form, tmp_path):
    if form == "onnx":
        pytest.importorskip("tf2onnx")
    model = make()
    path = tmp_path / f"model{SUFFIXES[form]}"

    model.export(path, form, verbose=False)

    answer = answers_of(path, form)
    for some in (clips, clips[:1, :3000]):
        np.testing.assert_allclose(answer(some), model(some), rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore:In the future `np.object`:FutureWarning")
@in_formats(TRAINED)
def test_a_model_exports_after_training(make, clips, form, tmp_path):
    if form == "onnx":
        pytest.importorskip("tf2onnx")
    model = make()
    model.fit(clips, compiled(model), verbose=0)
    path = tmp_path / f"model{SUFFIXES[form]}"

    model.export(path, form, verbose=False)

    answer = answers_of(path, form)
    np.testing.assert_allclose(answer(clips), model(clips), rtol=1e-4, atol=1e-5)


@pytest.mark.skipif(KERAS < (3, 9), reason="Keras takes no signature")
# All share `export`: one with a number for each frame, and one with an answer.
@pytest.mark.parametrize(
    "make", [CASES[models.CTCRecognizer], CASES[models.WaveformModel]]
)
def test_an_exported_file_may_have_a_length(make, clips, tmp_path):
    model = make()
    signature = [keras.InputSpec("float32", (2, 4000), name="waveforms")]

    model.export(tmp_path / "model", input_signature=signature, verbose=False)

    loaded = tf.saved_model.load(tmp_path / "model")
    (spec,) = loaded.serve.get_concrete_function().structured_input_signature[0]
    assert spec.shape == (2, 4000)


@pytest.mark.filterwarnings("ignore:.*`quantize` method:UserWarning")
def test_eight_bits_come_close(make, clips):
    model = make()
    model.compile(run_eagerly=True)
    expected = model.predict(clips, verbose=0)

    model.quantize("int8")

    in_eight_bits = [w.path for w in model.weights if w.dtype == "int8"]
    assert in_eight_bits
    # 127 steps for the largest value of each input and kernel, through a few layers.
    found = model.predict(clips, verbose=0)
    np.testing.assert_allclose(found, expected, atol=0.05 * np.abs(expected).max())


@pytest.mark.filterwarnings("ignore:.*`quantize` method:UserWarning")
def test_a_model_in_eight_bits_saves(make, clips, tmp_path):
    model = make()
    model.quantize("int8")
    model.save(tmp_path / "model.keras")

    loaded = keras.models.load_model(tmp_path / "model.keras")

    kinds = [(weight.shape, weight.dtype) for weight in model.weights]
    assert [(weight.shape, weight.dtype) for weight in loaded.weights] == kinds
    np.testing.assert_array_equal(loaded(clips), model(clips))


def test_a_clone_has_the_layers_and_other_weights(make, clips):
    model = make()

    clone = keras.models.clone_model(model)

    assert type(clone) is type(model)
    assert clone.get_config() == model.get_config()
    assert not {id(w) for w in clone.weights} & {id(w) for w in model.weights}
    clone.set_weights(model.get_weights())
    np.testing.assert_array_equal(clone(clips), model(clips))


def test_json_tells_the_whole_model(make):
    model = make()

    revived = keras.models.model_from_json(model.to_json())

    assert json.dumps(revived.get_config()) == json.dumps(model.get_config())


def test_weights_go_into_a_file_and_back(make, clips, tmp_path):
    model, other = make(), make()
    model.save_weights(tmp_path / "model.weights.h5")

    other.load_weights(tmp_path / "model.weights.h5")

    np.testing.assert_array_equal(other(clips), model(clips))


def test_a_new_model_knows_its_size_and_shows_its_layers(make):
    model = make()
    lines = []

    model.summary(print_fn=lambda line, **_: lines.append(line), expand_nested=True)

    sizes = [int(np.prod(weight.shape)) for weight in model.weights]
    assert model.count_params() == sum(sizes) > 0
    text = "\n".join(lines)
    assert "unbuilt" not in text
    assert f"{sum(sizes):,}" in text


def test_layers_are_found_by_name_and_place(make):
    model = make()

    names = [layer.name for layer in model.layers]

    assert names == [layer.name for layer in model.network.layers]
    assert model.get_layer(names[-1]) is model.get_layer(index=-1)


def test_a_frozen_model_learns_nothing(make):
    model = make()

    model.trainable = False

    assert model.trainable_weights == []
    assert not any(layer.trainable for layer in sublayers(model))


def test_steps_are_those_of_epochs(make, clips):
    model = make()
    labels = compiled(model, run_eagerly=True)

    loss = model.test_on_batch(clips, labels)

    assert model.evaluate(clips, labels, verbose=0) == pytest.approx(loss, rel=1e-4)
    predicted = model.predict_on_batch(clips)
    np.testing.assert_allclose(predicted, model(clips), atol=1e-5)
    assert np.isfinite(model.train_on_batch(clips, labels))


def test_a_step_compiled_by_xla_gives_the_same_loss(make, clips):
    model = make()
    expected = model.test_on_batch(clips, compiled(model, run_eagerly=True))

    loss = model.test_on_batch(clips, compiled(model, jit_compile=True))

    assert loss == pytest.approx(expected, rel=1e-4)


def test_a_model_is_a_layer_of_another(make, clips, tmp_path):
    model = make()
    waveforms = keras.Input((None,))
    whole = keras.Model(waveforms, model(waveforms))

    whole.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(revived(clips), model(clips), atol=1e-6)
