"""Tests of the certificate that `to_tflite` writes beside a file and into it."""

import json

import keras
import numpy as np
import pytest

from speechkit import export, layers, models, text
from speechkit.export.files import _flatbuffer, _front_end

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A model of dense layers, a recurrence and its file with a score."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Frame(40, 20),
            keras.layers.GRU(7, return_sequences=True),
            keras.layers.Dense(3),
        ]
    )
    path = tmp_path_factory.mktemp("certificate") / "model.tflite"
    clips = [np.sin(np.arange(samples) / 5) for samples in (420, 60)]
    export.to_tflite(
        model,
        path,
        metadata={"sampling_rate": 8000},
        recordings=clips,
        num_samples="any",
        score=lambda answer: np.sum(answer(clips[0])),
    )
    return model, path, clips


def read(path):
    return json.loads(path.with_suffix(".json").read_text("utf-8"))


def test_certificate_is_beside_the_file_and_inside(certified):
    _, path, _ = certified

    assert read(path) == export.TFLiteRunner(path).certificate


def test_certificate_counts_what_can_be_counted(certified):
    _, path, _ = certified

    certificate = read(path)

    frames = 20
    gru = 40 * 3 * 7 + 7 * 3 * 7
    assert certificate["multiply_adds"] == frames * (gru + 7 * 3)
    assert certificate["parameters"] == 40 * 21 + 7 * 21 + 2 * 21 + 7 * 3 + 3
    # What is inside the file besides: this text and the metadata.
    extra = path.stat().st_size - certificate["size_bytes"]
    assert 0 < extra < 2 * path.with_suffix(".json").stat().st_size
    assert certificate["parity"]["recordings"] == 2
    assert certificate["parity"]["largest_difference"] < 1e-5


def test_certificate_names_the_operators(certified):
    operators = read(certified[1])["operators"]

    assert {"WHILE", "FULLY_CONNECTED"} <= set(operators["built_in"])
    assert operators["flex"] == operators["custom"] == []


def test_certificate_says_why_tflite_micro_cannot_run_a_file(certified):
    obstacles = read(certified[1])["micro_obstacles"]

    # It has no memory that grows, and this file takes clips of any length.
    assert "takes only tensors of known shapes: see num_samples" in obstacles


def test_certificate_shows_what_was_measured(certified):
    certificate = read(certified[1])

    latency = certificate["latency"]
    assert latency["audio_seconds"] == 420 / 8000
    assert 0 < latency["median_ms"] <= latency["percentile_99_ms"]
    assert certificate["real_time_factor"] == pytest.approx(
        latency["median_ms"] / 1000 / latency["audio_seconds"]
    )
    memory = certificate["peak_memory_bytes"]
    assert memory is None or 0 < memory < 1e9


def test_certificate_shows_the_score_of_model_and_file(certified):
    model, path, clips = certified

    score = read(path)["score"]

    expected = np.sum(model(clips[0][None].astype("float32")))
    assert score == pytest.approx({"model": expected, "file": expected}, abs=1e-3)


def test_fingerprint_tells_front_ends_apart():
    def fingerprint(rate=8000, units=2, **options):
        framed = [layers.Frame(40, 20, **options), keras.layers.Dense(units)]
        model = keras.Sequential([keras.Input((None,)), *framed])
        return _front_end.fingerprint(model, rate)["hash"]

    same = fingerprint()

    assert fingerprint(units=3) == same  # no part of the front end
    assert len({same, fingerprint(rate=16000), fingerprint(padding="center")}) == 3


def test_certificate_has_the_labels_of_the_model(tmp_path):
    vocabulary = text.CharacterVocabulary(" ab")
    encoder = [keras.layers.Dense(4)]
    model = models.CTCRecognizer(vocabulary, 16000, encoder=encoder)

    certificate = read(export.to_tflite(model, tmp_path / "m.tflite"))

    assert certificate["blank"] == 0
    assert certificate["labels"] == [" ", "a", "b"]
    assert certificate["front_end"]["sampling_rate"] == 16000
    assert certificate["decoder"] == "CTCGreedyDecoder"


# The loops of a file take 100 frames in a turn.
@pytest.mark.parametrize("frames", [100, 140])
def test_multiply_adds_of_a_file_are_those_of_its_layers(tmp_path, frames):
    model = models.CommandRecognizer(
        ["on", "off"],
        1000,
        front_end=[layers.Frame(40, 20)],
        encoder=[
            layers.ConvolutionBlock(6, 3),
            layers.RecurrentStack(5, 2, direction="bidirectional"),
        ],
    )
    clip = np.ones(20 * (frames + 1))

    path = export.to_tflite(
        model, tmp_path / "model.tflite", recordings=[clip], num_samples="any"
    )

    # A kernel of 3 frames; two levels, directions and gates three; a dense layer.
    block, recurrence = 3 * 40 * 6, 2 * 3 * 5 * (6 + 5) + 2 * 3 * 5 * (10 + 5)
    assert read(path)["multiply_adds"] == frames * (block + recurrence) + 20 * 2


def test_multiply_adds_are_those_of_the_operators_of_the_file(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Frame(40, 20),
            keras.layers.Conv1D(6, 3, 2, padding="causal"),
            keras.layers.SeparableConv1D(5, 4),
            keras.layers.Dense(3),
        ]
    )

    path = export.to_tflite(model, tmp_path / "model.tflite", num_samples=400)

    assert read(path)["multiply_adds"] == products_in_file(path)


def products_in_file(path):
    """Returns the products that the operators of a file of known length add up."""
    model = _flatbuffer.unpack(path.read_bytes())
    (graph,) = model.subgraphs
    total = 0
    for operator in graph.operators:
        name = _flatbuffer.operator_name(model.operatorCodes[operator.opcodeIndex])
        weights = graph.tensors[operator.inputs[min(1, len(operator.inputs) - 1)]].shape
        first = {"DEPTHWISE_CONV_2D": -1}.get(name, 0)  # its output channels lie last
        if name in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            output = np.prod(graph.tensors[operator.outputs[0]].shape)
            total += output * np.prod(weights) // weights[first]
    return total


@pytest.mark.parametrize(
    ("recurrence", "count"),
    [
        pytest.param(
            keras.layers.GRU(4, return_sequences=True), 2 * 3 * 4 * 12, id="frames"
        ),
        pytest.param(keras.layers.LSTM(4), 2 * 4 * 4 * 12, id="answer"),
    ],
)
def test_a_stream_counts_what_a_chunk_adds(tmp_path, recurrence, count):
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Frame(40, 20),
            keras.layers.Conv1D(8, 3, 2),
            recurrence,
            keras.layers.Dense(5),
        ]
    )

    path = export.to_streaming_tflite(
        model, tmp_path / "model.tflite", chunk_seconds=0.08, sampling_rate=1000
    )

    # Two frames of the convolution in each chunk, and as many answers or one.
    answers = 2 if recurrence.return_sequences else 1
    convolution = 2 * 3 * 40 * 8
    assert read(path)["multiply_adds"] == convolution + count + answers * 4 * 5


def test_a_model_that_hides_its_layers_is_not_counted(tmp_path):
    class Hidden(keras.Model):
        def __init__(self):
            super().__init__()
            self.input_shape = (None, 400)
            self.inner = keras.layers.Dense(3)

        def call(self, inputs):
            return self.inner(inputs)

    model = Hidden()
    model(np.zeros((1, 400), "float32"))

    path = export.to_tflite(model, tmp_path / "model.tflite")

    assert read(path)["multiply_adds"] is None


def test_a_model_with_augmentation_is_exported_and_counted(tmp_path):
    model = models.CommandRecognizer(
        ["on", "off"],
        sampling_rate=8000,
        encoder=[keras.layers.Dense(4)],
        waveform_augmentation=[layers.Speed((0.9, 1.1)), layers.WhiteNoise((5, 40))],
    )

    path = export.to_tflite(model, tmp_path / "model.tflite")

    assert read(path)["multiply_adds"] == models.count_multiply_adds(model) > 0


def test_a_stream_with_augmentation_is_exported_and_counted(tmp_path):
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Compose([layers.Speed()]),
            layers.Frame(40, 20),
            keras.layers.Dense(3),
        ]
    )

    path = export.to_streaming_tflite(
        model,
        tmp_path / "stream.tflite",
        chunk_seconds=0.01,
        metadata={"sampling_rate": 8000},
    )

    # A chunk of 80 samples adds 4 frames.
    assert read(path)["multiply_adds"] == 4 * 40 * 3


def test_a_model_that_cannot_be_counted_is_exported(tmp_path):
    class Unknown(keras.layers.Layer):
        def call(self, inputs):
            return inputs

        def compute_output_shape(self, input_shape):
            return (input_shape[0], None, input_shape[2])

    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Frame(40, 20),
            Unknown(),
            keras.layers.Dense(3),
        ]
    )
    path = tmp_path / "model.tflite"

    export.to_tflite(model, path, recordings=[np.sin(np.arange(400) / 5)])

    assert read(path)["multiply_adds"] is None
