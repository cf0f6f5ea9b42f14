"""The promises that every decoder keeps, and each of its users: decoder × user."""

import inspect
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.masks import masked
from contract.test_metrics import CASES as METRICS
from decoders.exhaustive import log_softmax, texts
from speechkit import (
    audio,
    callbacks,
    decoders,
    export,
    layers,
    losses,
    metrics,
    models,
)
from speechkit.cli.main import main
from speechkit.ops.time.masks import set_mask
from speechkit.text import CharacterVocabulary

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

VOCABULARY = CharacterVocabulary(" abc")
CLASSES = ["", *VOCABULARY.tokens]
FUSION = decoders.ShallowFusion(
    decoders.NGramLanguageModel.train(["ab c", "cab", "b a"], order=2)
)


@keras.saving.register_keras_serializable(package="tests")
class Reversed(decoders.Decoder):
    """A decoder as a user writes one: greedy, from the last frame to the first."""

    def __init__(self, vocabulary, **kwargs):
        super().__init__(vocabulary, **kwargs)
        self._greedy = decoders.CTCGreedyDecoder(vocabulary)

    def hypotheses(self, log_probs, num_hypotheses):
        (found,) = self._greedy.hypotheses(log_probs[::-1], num_hypotheses)
        return [found]


CASES = {
    "greedy": lambda **kw: decoders.CTCGreedyDecoder(VOCABULARY, **kw),
    "prefix-beam": lambda **kw: decoders.CTCPrefixBeamSearch(VOCABULARY, **kw),
    "beam": lambda **kw: decoders.CTCBeamSearchDecoder(VOCABULARY, **kw),
    "language-model": lambda **kw: decoders.CTCBeamSearchDecoder(
        VOCABULARY, fusion=FUSION, beam_width=20, **kw
    ),
    "phrases": lambda **kw: decoders.CTCBeamSearchDecoder(
        VOCABULARY, allowed_phrases=["ab c", "cab"], **kw
    ),
    "of-a-user": lambda **kw: Reversed(VOCABULARY, **kw),
}
ON_HOST = ("beam", "language-model", "phrases", "of-a-user")
IN_FILES = ("greedy", "prefix-beam")
each_decoder = pytest.mark.parametrize("name", CASES)


def heard(name, text):
    """Returns what a decoder makes of frames that are sure of a text."""
    return text[::-1] if name == "of-a-user" else text


def sure(*said):
    """Returns logits of clips that are sure of their texts, and the valid frames.

    Frames after those are sure of an "a" that nobody said.
    """
    paths = [np.insert(VOCABULARY.encode(text), 1, 0) for text in said]
    logits = np.zeros((len(said), max(map(len, paths)) + 2, 5), "float32")
    logits[:, :, VOCABULARY.encode("a")] = 20
    for clip, path in zip(logits, paths, strict=True):
        clip[: len(path)] = 20 * np.eye(5)[path]
    return logits, np.array([len(path) for path in paths], "int32")


def test_every_public_decoder_has_a_case():
    public = {
        member
        for _, member in inspect.getmembers(decoders, inspect.isclass)
        if issubclass(member, decoders.Decoder)
    }

    assert public - {decoders.Decoder} == {type(make()) for make in CASES.values()} - {
        Reversed
    }


@each_decoder
@pytest.mark.parametrize("mode", ["eager", "graph", "any-length", "dataset"])
def test_a_call_gives_the_labels_in_every_mode(name, mode):
    decoder = CASES[name]()
    logits, ends = sure("ab c", "cab")
    mask = np.arange(logits.shape[1]) < ends[:, None]

    def call(logits, mask):
        return decoder(logits, mask=mask)

    if mode == "graph":
        call = tf.function(call)
    if mode == "any-length":
        specs = [tf.TensorSpec((None, None, 5)), tf.TensorSpec((None, None), tf.bool)]
        call = tf.function(call, input_signature=specs)
    if mode == "dataset":
        data = tf.data.Dataset.from_tensors((logits, mask)).map(call)
        call = lambda *_: next(iter(data))  # noqa: E731

    labels = np.asarray(call(tf.constant(logits), tf.constant(mask)))

    expected = VOCABULARY.encode_batch([heard(name, "ab c"), heard(name, "cab")])
    padding = labels.shape[1] - expected.shape[1]
    expected = np.pad(expected, [(0, 0), (0, padding)], constant_values=-1)
    np.testing.assert_array_equal(labels, expected)
    assert labels.dtype == "int32"
    assert labels.shape == logits.shape[:2]


@each_decoder
def test_hypotheses_have_the_labels_of_a_call(name, random):
    decoder = CASES[name]()
    logits = random.normal(scale=3, size=(3, 12, 5)).astype("float32")
    ends = np.array([12, 0, 7])

    found = decoder.decode(logits, ends, num_hypotheses=2)

    labels = np.asarray(decoder(masked(logits, ends)))
    for row, readings in zip(labels, found, strict=True):
        best = readings[0].labels if readings else ()
        assert tuple(row[row >= 0]) == best
        assert len(readings) <= 2
        for reading in readings:
            assert reading.text == decoder.text_of(reading.labels)
            parts = reading.acoustic_score, reading.language_score
            assert reading.score == sum(parts) + reading.hotword_score


@each_decoder
def test_texts_are_those_that_were_said(name):
    logits, ends = sure("ab c", "cab")

    found = CASES[name]().transcribe(logits, ends)

    assert found == [heard(name, "ab c"), heard(name, "cab")]


@each_decoder
def test_a_mask_that_the_logits_carry_counts(name):
    decoder = CASES[name]()
    logits, ends = sure("ab c", "cab")

    assert decoder.transcribe(masked(logits, ends)) == decoder.transcribe(logits, ends)


@each_decoder
@pytest.mark.parametrize(
    "mask",
    [
        pytest.param(np.array([2]), id="lengths"),
        pytest.param(np.ones((1, 3), "float32"), id="numbers"),
        pytest.param(np.ones((1, 4), bool), id="other-frames"),
        pytest.param(np.ones((3, 3), bool), id="other-clips"),
        pytest.param(np.ones(3, bool), id="one-axis"),
    ],
)
def test_refuses_a_mask_that_is_none(name, mask):
    with pytest.raises(ValueError, match="`mask` must be boolean with the axes"):
        CASES[name]()(np.zeros((1, 3, 5), "f"), mask)


@each_decoder
@pytest.mark.parametrize(
    "ends", [[9, 1], [-1, 1], [1], [1.0, 2.0], [[1, 1]], [True, True]]
)
def test_refuses_lengths_that_are_none(name, ends):
    logits, _ = sure("ab c", "cab")

    with pytest.raises(ValueError, match="`logit_lengths` must be 2 integers from 0"):
        CASES[name]().decode(logits, np.array(ends))


@each_decoder
def test_refuses_logits_of_other_classes(name):
    message = r"`logits` must have .*5 classes"

    with pytest.raises(ValueError, match=message):
        CASES[name]()(np.zeros((1, 3, 4), "f"))
    with pytest.raises(ValueError, match=message):
        CASES[name]().decode(np.zeros((1, 3, 4), "f"))


@each_decoder
def test_refuses_logits_of_other_classes_in_a_later_call_too(name):
    decoder = CASES[name]()
    decoder(np.zeros((1, 3, 5), "f"))

    for num_classes in (4, 6):
        other = np.zeros((1, 3, num_classes), "f")
        with pytest.raises(ValueError, match="`logits` must have 5 classes"):
            decoder(other)
        with pytest.raises(ValueError, match="`logits` must have 5 classes"):
            decoder(keras.KerasTensor(other.shape))


def test_metrics_refuse_logits_of_other_classes_in_a_later_batch(clips):
    _, labels = clips
    logits = np.asarray(logits_of(clips)[0])
    rate = METRICS[metrics.WordErrorRate](decoder=CASES["greedy"]())
    rate.update_state(labels, logits)

    with pytest.raises(ValueError, match="`logits` must have 5 classes"):
        rate.update_state(labels, logits[:, :, :4])


@each_decoder
@pytest.mark.parametrize("labels", [[1, -2], [99], [2, 5, -1]])
def test_refuses_the_text_of_labels_that_are_no_classes(name, labels):
    with pytest.raises(ValueError, match="`labels` must be from 0 to 4"):
        CASES[name]().text_of(labels)


@pytest.mark.parametrize("labels", [[1, -2], [99]])
def test_refuses_the_text_of_labels_that_are_no_texts(labels):
    with pytest.raises(ValueError, match=r"from 0 to 2, .* Received: labels=\["):
        decoders.CTCGreedyDecoder(["", "a", "b"]).text_of(labels)


@each_decoder
@pytest.mark.parametrize("mask", ["0011111", "1101111", "1100110", "0000000"])
def test_frames_outside_of_the_mask_are_blanks_wherever_they_are(name, mask):
    decoder = CASES[name]()
    mask = np.array([[digit == "1" for digit in mask]])
    said = np.array([2, 4, 3, 2, 0, 3, 3])
    logits = 9 * np.eye(5, dtype="float32")[said][None]
    silent = np.where(mask[:, :, None], logits, 20000 * np.eye(5, dtype="float32")[0])
    logits[~mask] = np.nan

    labels = np.asarray(decoder(logits, mask))

    np.testing.assert_array_equal(labels, decoder(silent))
    carried = keras.ops.convert_to_tensor(logits)
    set_mask(carried, keras.ops.convert_to_tensor(mask))
    (text,) = decoder.transcribe(carried)
    assert text == decoder.text_of(labels[0]) == decoder.transcribe(silent)[0]


@each_decoder
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_frame_without_softmax_is_silent_in_a_call_and_an_error_else(name, value):
    decoder = CASES[name]()
    logits, ends = sure("cab", "ca b")
    logits[1, 3] = 20 * np.eye(5)[0]
    expected = np.asarray(decoder(masked(logits, ends)))
    logits[1, 3, 2] = value

    np.testing.assert_array_equal(decoder(masked(logits, ends)), expected)

    message = f"Received: {value} for class 2 in frame 3 of clip 1"
    with pytest.raises(ValueError, match=message):
        decoder.decode(logits, ends)
    # Padding may hold anything.
    assert len(decoder.decode(logits, [ends[0], 3])) == 2


@each_decoder
def test_a_class_whose_logit_is_minus_infinity_is_never_read(name):
    decoder = CASES[name]()
    logits, ends = sure("cab", "ca b")
    masked_out, far = logits.copy(), logits.copy()
    masked_out[:, :, 2], far[:, :, 2] = -np.inf, -1e4

    labels = np.asarray(decoder(masked(masked_out, ends)))

    assert 2 not in labels
    np.testing.assert_array_equal(labels, decoder(masked(far, ends)))
    for ours, finite in zip(
        decoder.decode(masked_out, ends), decoder.decode(far, ends), strict=True
    ):
        possible = [x for x in finite if x.score > -5e3]
        assert [x.labels for x in ours] == [x.labels for x in possible]
        scores = [x.score for x in possible]
        assert [x.score for x in ours] == pytest.approx(scores, abs=1e-4)


class Answering(decoders.Decoder):
    """A decoder that always has the same labels with the same score."""

    labels, score = (1,), 0.0

    def hypotheses(self, log_probs, num_hypotheses):
        times = [decoders.TimedText("a", 0, 1, 1.0)] * len(self.labels)
        scores = (self.score, self.score, 0.0, 0.0, 1.0)
        return [decoders.Hypothesis("a", self.labels, *scores, times, times)]


@pytest.mark.parametrize("score", [-np.inf, -1e30, -2e30])
def test_readings_without_a_probability_are_dropped_by_all(score):
    decoder = Answering(["", "a"])
    logits = np.zeros((1, 2, 2), "f")
    assert np.asarray(decoder(logits)).tolist() == [[1, -1]]

    decoder.score = score

    assert np.asarray(decoder(logits)).tolist() == [[-1, -1]]
    assert decoder.decode(logits) == [[]]


def test_readings_whose_score_is_nan_are_an_error_in_all():
    decoder = Answering(["", "a"])
    decoder.score = np.nan
    logits = np.zeros((1, 2, 2), "f")

    for use in (decoder, decoder.decode, decoder.transcribe):
        with pytest.raises(ValueError, match="The score of the reading 'a' is NaN"):
            use(logits)


def test_readings_longer_than_the_clip_are_an_error_in_all():
    decoder = Answering(["", "a"])
    decoder.labels = (1, 1, 1)
    logits = np.zeros((1, 2, 2), "f")

    message = "`Answering` found 3 labels in clip 0 of 2 frames"
    for use in (decoder, decoder.decode, decoder.transcribe):
        with pytest.raises(ValueError, match=message):
            use(logits)


@each_decoder
def test_a_frame_of_minus_infinities_has_no_softmax(name):
    decoder = CASES[name]()
    logits, ends = sure("cab", "ca b")
    logits[1, 3] = -np.inf

    with pytest.raises(ValueError, match="frame 3 of clip 1"):
        decoder.decode(logits, ends)


@each_decoder
def test_no_frames_and_no_clips_give_no_labels(name):
    decoder = CASES[name]()

    for shape in ((2, 0, 5), (0, 4, 5)):
        logits = np.zeros(shape, "f")
        assert decoder(logits).shape == shape[:2]
        found = decoder.decode(logits)
        assert [len(readings) <= 1 for readings in found] == [True] * shape[0]
        assert decoder.transcribe(logits) == [""] * shape[0]


@each_decoder
def test_config_is_json_and_survives_a_round_trip(name):
    decoder = CASES[name](name="under_test")
    config = decoder.get_config()

    revived = type(decoder).from_config(json.loads(json.dumps(config)))

    again = revived.get_config()
    if name == "language-model":  # packed with the time of day
        for each in (config, again):
            del each["fusion"]["config"]["model"]["config"]["arpa"]
    assert again == config
    logits, ends = sure("ab c", "cab")
    found, expected = revived.decode(logits, ends), decoder.decode(logits, ends)
    assert [x.text for (x,) in found] == [x.text for (x,) in expected]
    assert [x.score for (x,) in found] == pytest.approx([x.score for (x,) in expected])


@pytest.mark.parametrize("make", [decoders.CTCGreedyDecoder, Reversed])
def test_refuses_vocabularies_in_which_two_classes_have_one_text(make):
    message = r"each class another text. Received: 'a' for the classes 1 and 3"

    with pytest.raises(ValueError, match=message):
        make(["", "a", "b", "a"])
    with pytest.raises(ValueError, match="but the blank a text"):
        make(["", "a", ""])


@pytest.mark.parametrize("vocabulary", [0, None, "abc", ["a"], ["", 1]])
def test_refuses_what_is_no_vocabulary(vocabulary):
    with pytest.raises(ValueError, match="`vocabulary` must be a vocabulary of"):
        decoders.CTCGreedyDecoder(vocabulary)


@pytest.mark.parametrize(
    ("vocabulary", "blank_index", "accepted"),
    [
        (["", "a"], 2, "from -2 to 1"),
        (["", "a"], -3, "from -2"),
        (["", "a"], [], "from -2"),
        (["", "a"], False, "from -2"),
        (VOCABULARY, 1, "0"),
        (VOCABULARY, False, "from"),
        (VOCABULARY, np.zeros(2, int), "from"),
    ],
)
def test_refuses_a_blank_that_is_no_class(vocabulary, blank_index, accepted):
    with pytest.raises(ValueError, match=f"`blank_index` must be .*{accepted}"):
        decoders.CTCGreedyDecoder(vocabulary, blank_index=blank_index)


# Users of decoders.


def recognizer():
    """Returns a model whose waveforms are its logits / 25: five samples a frame."""
    model = models.CTCRecognizer(
        VOCABULARY,
        sampling_rate=1000,
        front_end=[layers.Frame(5, 5)],
        encoder=[keras.layers.Identity()],
    )
    model.network.layers[-1].set_weights([25 * np.eye(5), np.zeros(5)])
    return model


@pytest.fixture(scope="module")
def clips():
    """Waveforms of two clips, their lengths in samples, and the labels."""
    logits, ends = sure("ab c", "cab")
    labels = VOCABULARY.encode_batch(["ab c", "cab"])
    inputs = {"waveforms": logits.reshape(2, -1) / 25, "lengths": 5 * ends}
    return inputs, labels


@each_decoder
def test_models_transcribe_with_it(name, clips):
    inputs, _ = clips

    found = recognizer().transcribe(**inputs, decoder=CASES[name]())

    assert found == [heard(name, "ab c"), heard(name, "cab")]


@each_decoder
def test_error_rates_take_it(name, clips):
    _, labels = clips
    decoder, logits = CASES[name](), masked(*logits_of(clips))
    found = decoder(logits)

    for make in METRICS.values():
        rate, judge = make(decoder=decoder), make()
        rate.update_state(labels, logits)
        judge.update_state(labels, found)
        assert float(rate.result()) == float(judge.result())


@each_decoder
def test_fit_takes_it_and_a_file_of_the_model_has_it(name, clips, tmp_path):
    inputs, labels = clips
    model = recognizer()
    rate = METRICS[metrics.WordErrorRate](decoder=CASES[name]())
    options = {"metrics": [rate], "jit_compile": False}
    model.compile(keras.optimizers.SGD(0.0), losses.CTCLoss(), **options)

    logs = model.fit(inputs, labels, verbose=0).history

    assert logs["wer"] == [1.0 if name == "of-a-user" else 0.0]
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    evaluated = revived.evaluate(inputs, labels, return_dict=True, verbose=0)
    assert evaluated["wer"] == logs["wer"][0]


def logits_of(clips):
    inputs, _ = clips
    return 25 * inputs["waveforms"].reshape(2, -1, 5), inputs["lengths"] // 5


@each_decoder
def test_callbacks_report_with_it(name, clips, tmp_path):
    inputs, labels = clips
    model, lines = recognizer(), []
    model.compile(keras.optimizers.SGD(0.0), losses.CTCLoss(), jit_compile=False)
    report = callbacks.DecodingReport([clips], CASES[name](), write=lines.append)

    logs = model.fit(inputs, labels, epochs=2, verbose=0, callbacks=[report]).history

    assert len(logs["val_wer"]) == 2
    assert lines[1].splitlines()[1].split()[1:] == heard(name, "ab c").split()
    assert (logs["val_wer"][0] == 0) == (name != "of-a-user")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A model, and a file of it for whole clips and one for streams, by decoder."""
    folder = tmp_path_factory.mktemp("decoders")
    model, made = recognizer(), {}
    for name in IN_FILES:
        decoder = CASES[name]()
        path = folder / f"{name}.tflite"
        export.to_tflite(model, path, decoder=decoder, num_samples="any")
        stream = folder / f"{name}-stream.tflite"
        export.to_streaming_tflite(model, stream, chunk_seconds=0.02, decoder=decoder)
        made[name] = (path, stream)
    return model, made


@each_decoder
@pytest.mark.parametrize("kind", ["clip", "stream"])
def test_runners_transcribe_with_it(name, kind, files):
    _, made = files
    path = made["greedy"][kind == "stream"]
    runner = (export.StreamingRunner if kind == "stream" else export.TFLiteRunner)(path)
    logits, _ = sure("ab c")

    found = runner.transcribe(logits[0, :-2].reshape(-1) / 25, decoder=CASES[name]())

    assert found == heard(name, "ab c")


@pytest.mark.parametrize("name", IN_FILES)
def test_scores_mean_the_same_in_python_and_in_files(name, files, random):
    model, made = files
    clip = random.normal(scale=0.1, size=40 * 5).astype("float32")
    path, stream_path = made[name]

    whole = export.TFLiteRunner(path).run(clip)
    stream = export.StreamingRunner(stream_path)
    stream.step(clip)
    stream.finish()  # takes the samples that fill no chunk

    logits = np.asarray(model(clip[None]))
    ((best,),) = CASES[name]().decode(logits)
    _, in_graph = CASES[name]().best(logits)
    assert whole["labels"][: whole["count"]].tolist() == list(best.labels)
    assert stream.labels == list(best.labels)
    for score in (whole["score"], stream.score, float(in_graph[0])):
        assert score == pytest.approx(best.score, rel=1e-5)
    # By definition: all paths of the labels, or the best one.
    log_probs = log_softmax(logits[0, :5])
    ((few,),) = CASES[name]().decode(logits[:, :5])
    judge = texts(log_probs, CLASSES, 0)[few.text]
    best_path = log_probs.max(axis=1).sum()
    assert few.score <= judge + 1e-5
    if name == "greedy":
        assert few.score == pytest.approx(best_path, abs=1e-5)
    else:
        assert best_path - 1e-5 < few.score


@pytest.mark.parametrize("name", ON_HOST)
def test_files_refuse_what_they_cannot_hold(name, tmp_path):
    model, path = recognizer(), tmp_path / "m.tflite"

    for write in (export.to_tflite, export.to_streaming_tflite):
        with pytest.raises(ValueError, match=r"a runner takes any: `transcribe\("):
            write(model, path, decoder=CASES[name]())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ON_HOST)
def test_xla_says_that_it_cannot_call_the_host(name):
    decoder, (logits, _) = CASES[name](), sure("ab c")

    with pytest.raises(ValueError, match="compile the model with jit_compile=False"):
        tf.function(decoder, jit_compile=True)(logits)
    assert not decoder.supports_jit


@pytest.mark.parametrize(
    "options",
    [
        "--decoder greedy",
        "--decoder prefix-beam --beam-width 4",
        "--decoder beam --beam-width 9",
        "--decoder beam --language-model lm.arpa --language-weight 0.7 --word-bonus 1",
    ],
)
def test_the_command_line_takes_it(options, files, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    FUSION.model.write("lm.arpa")
    logits, _ = sure("ab c")
    audio.write("clip.wav", logits[0, :-2].reshape(-1) / 25, sampling_rate=1000)
    path = str(files[1]["prefix-beam"][0])

    status = main(["transcribe", path, "clip.wav", *options.split()])

    assert (status, capsys.readouterr().out) == (0, "ab c\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--beam-width 4", "`--beam-width` must come with"),
        ("--decoder greedy --language-model lm", "`--language-model` must come with"),
    ],
)
def test_the_command_line_refuses_options_of_others(options, message, files, capsys):
    path = str(files[1]["greedy"][0])

    status = main(["transcribe", path, "clip.wav", *options.split()])

    assert status == 1
    assert message in capsys.readouterr().err
