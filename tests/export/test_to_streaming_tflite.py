"""Tests of `to_streaming_tflite` and `StreamingRunner`: chunks give the whole clip."""

import json

import keras
import numpy as np
import pytest

from speechkit import decoders, export, layers

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

RATE = 1000
GREEDY = decoders.CTCGreedyDecoder(["", *"abc"])


def spotter(*after):
    """Returns a causal model from 1000 samples a second to three classes."""
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.LogMelSpectrogram(
                RATE, frame_length=40, frame_step=20, num_mel_bins=6
            ),
            keras.layers.Conv1D(8, 3, 2, padding="causal", activation="relu"),
            *after,
        ]
    )


def make_frames():
    return spotter(keras.layers.GRU(4, return_sequences=True), keras.layers.Dense(3))


def make_lookahead():
    return spotter(layers.Delta(window=2), keras.layers.Dense(3))


def make_answers():
    return spotter(keras.layers.LSTM(4), keras.layers.Dense(3, "softmax"))


def make_normalized():
    normalization = layers.SlidingMeanVarianceNormalization(20, min_window=4)
    return spotter(normalization, keras.layers.Dense(3))


def make_stacked():
    return spotter(
        layers.BatchNormLSTM(3), layers.RecurrentStack(4, 2), keras.layers.Dense(3)
    )


def make_last():
    svdf = layers.SVDF(4, 5)
    return spotter(
        svdf, layers.Delta(window=2), layers.LastFrame(), keras.layers.Dense(3)
    )


MODELS = {
    "last": make_last,
    "stacked": make_stacked,
    "frames": make_frames,
    "lookahead": make_lookahead,
    "answers": make_answers,
    "normalized": make_normalized,
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Each model with its file."""
    keras.utils.set_random_seed(0)
    folder = tmp_path_factory.mktemp("streaming")
    made = {}
    for name, make in MODELS.items():
        model = make()
        path = folder / f"{name}.tflite"
        export.to_streaming_tflite(model, path, chunk_seconds=0.08, sampling_rate=RATE)
        made[name] = (model, path)
    return made


@pytest.fixture(scope="module")
def decoding(tmp_path_factory):
    """The file of a model that looks ahead and whose best class changes often."""
    keras.utils.set_random_seed(0)
    dense = keras.layers.Dense(4, kernel_initializer=keras.initializers.Orthogonal(9.0))
    model = spotter(layers.Delta(window=2), keras.layers.LayerNormalization(), dense)
    path = tmp_path_factory.mktemp("decoding") / "model.tflite"
    options = {"sampling_rate": RATE, "decoder": GREEDY}
    return export.to_streaming_tflite(model, path, chunk_seconds=0.08, **options)


@pytest.fixture
def clip(random):
    return random.normal(scale=0.1, size=960).astype("float32")


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("cuts", [[], [80], [1, 300, 301, 950]])
def test_pieces_give_what_the_whole_clip_gives(exported, clip, name, cuts):
    model, path = exported[name]
    runner = export.StreamingRunner(path)

    outputs = [runner.step(piece) for piece in np.split(clip, cuts)]
    outputs = np.concatenate([*outputs, runner.finish()])

    whole = model(clip[None])[0]
    streamed = outputs if len(whole.shape) == 2 else outputs[-1]
    assert streamed.shape == whole.shape
    np.testing.assert_allclose(streamed, whole, atol=1e-5)


@pytest.mark.parametrize("samples", [0, 1, 39, 40, 81])
def test_short_clips_give_their_own_frames(exported, clip, samples):
    model, path = exported["frames"]

    streamed = export.StreamingRunner(path)(clip[:samples])

    whole = model(clip[None, : max(samples, 40)])[0][: len(streamed)]
    assert len(streamed) == max(0, (samples - 40) // 40 + 1)
    np.testing.assert_allclose(streamed, whole, atol=1e-5)


@pytest.mark.parametrize("samples", [161, 239, 437, 479, 839, 841, 953])
@pytest.mark.parametrize("name", MODELS)
def test_clips_of_any_length_give_what_the_model_gives(exported, clip, name, samples):
    model, path = exported[name]

    streamed = export.StreamingRunner(path)(clip[:samples])

    np.testing.assert_allclose(streamed, model(clip[None, :samples])[0], atol=1e-5)


@pytest.mark.parametrize("samples", [0, 30, 300, 437, 960])
def test_labels_of_pieces_are_those_of_the_whole_clip(decoding, clip, samples):
    runner = export.StreamingRunner(decoding)
    runner(-clip)  # leaves nothing behind

    pieces = np.split(clip[:samples], [1, 90, 91, 400])
    frames = [runner.step(piece) for piece in pieces]
    frames.append(runner.finish())

    frames = np.concatenate(frames)
    greedy = GREEDY(frames[None])[0] if len(frames) else []
    assert runner.labels == [label for label in greedy if label >= 0]
    assert bool(runner.labels) == (samples >= 300)


def test_file_counts_and_scores_the_labels_of_each_chunk(decoding, clip):
    runner = export.StreamingRunner(decoding)
    run, found, counts, score = runner._functions["init"], {}, [], 0.0

    first = runner.metadata["streaming"]["first_samples"]

    for piece in np.split(clip[None], range(first, 960, 80), axis=1)[:-1]:
        states = {name: found[name] for name in found if name.startswith("state_")}
        found = run(waveforms=piece, **states)
        run = runner._functions["stream"]

        log_probs = np.asarray(keras.ops.log_softmax(found["output"]))
        score += log_probs.max(-1).sum(-1)
        np.testing.assert_allclose(found["score"], score, rtol=1e-5)
        assert found["labels"].shape == log_probs.shape[:2]
        assert found["count"] == (found["labels"] >= 0).sum()
        counts.append(int(found["count"][0]))

    assert 0 in counts
    assert max(counts) > 0


def test_labels_come_while_the_clip_goes_on(decoding, clip):
    runner = export.StreamingRunner(decoding)

    runner.step(clip[:600])

    begun = runner.labels
    assert begun
    runner.step(clip[600:])
    assert runner.labels[: len(begun)] == begun
    assert len(runner.labels) > len(begun)


def test_rejects_decoding_of_answers(tmp_path):
    with pytest.raises(ValueError, match="`decoder` must be None for a model without"):
        export.to_streaming_tflite(
            make_answers(), tmp_path / "m.tflite", sampling_rate=RATE, decoder=GREEDY
        )


def test_a_clip_leaves_nothing_behind(exported, clip):
    runner = export.StreamingRunner(exported["frames"][1])
    first = runner(clip)

    runner(-clip)

    np.testing.assert_array_equal(runner(clip), first)


def test_file_tells_what_its_states_are(exported):
    runner = export.StreamingRunner(exported["frames"][1])

    settings = runner.metadata["streaming"]
    assert settings["chunk_samples"] == 80
    assert settings["first_samples"] == 40
    assert settings["latency_samples"] == 39
    assert settings["samples_before_first_frame"] == 40
    assert settings["samples_per_frame"] == 40
    # Frame length less step, kernel less stride, and the state of the GRU.
    shapes = [state["shape"] for state in settings["states"]]
    assert shapes == [[1, 20], [1, 1, 6], [1, 4]]
    assert runner.certificate["states"] == settings["states"]


def test_only_a_model_that_looks_ahead_has_a_signature_for_the_end(exported):
    has_end = {
        name: "finish" in export.StreamingRunner(path)._functions
        for name, (_, path) in exported.items()
    }

    assert has_end == {
        "last": True,
        "stacked": False,
        "frames": False,
        "lookahead": True,
        "answers": False,
        "normalized": False,
    }


def test_files_have_no_loops(exported):
    for _, path in exported.values():
        operators = json.loads(path.with_suffix(".json").read_text())["operators"]
        assert "WHILE" not in operators["built_in"]


def test_tflite_micro_cannot_run_a_stream(exported):
    # It has no signatures, and runs the first function alone.
    for _, path in exported.values():
        certificate = export.StreamingRunner(path).certificate
        assert "runs only the first" in certificate["micro_obstacles"][0]
        assert certificate["runtime_needs"] == []


@pytest.mark.parametrize("quantization", ["float16", "dynamic"])
def test_quantised_streams_answer_alike(tmp_path, exported, clip, quantization):
    model, _ = exported["frames"]

    path = export.to_streaming_tflite(
        model,
        tmp_path / "model.tflite",
        chunk_seconds=0.08,
        sampling_rate=RATE,
        quantization=quantization,
    )

    streamed = export.StreamingRunner(path)(clip)
    np.testing.assert_allclose(streamed, model(clip[None])[0], atol=0.02)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"chunk_seconds": 0.03}, "`chunk_seconds` must make chunks of a whole number"),
        ({"chunk_seconds": 0.03}, "40 samples: 0.04 or 0.08 would. .*makes 30 samples"),
        ({"chunk_seconds": 0.13}, "40 samples: 0.12 or 0.16 would. .*=0.13, which"),
        ({"chunk_seconds": 1e-9}, "40 samples: 0.04 or 0.08 would. .*makes 1 samples"),
        ({"chunk_seconds": 0}, "`chunk_seconds` must be a finite number above 0"),
        ({"chunk_seconds": 8.0}, "`chunk_seconds` must be so short that"),
        ({"decoder": "best"}, "`decoder` must be 'auto', None, a CTCGreedyDecoder"),
        ({"sampling_rate": None}, "`sampling_rate` must be given, in hertz"),
        ({"sampling_rate": 0}, "`sampling_rate` must be an integer of 1 or more"),
    ],
)
def test_rejects_options_out_of_range(tmp_path, options, message):
    options = {"chunk_seconds": 0.08, "sampling_rate": RATE, **options}

    with pytest.raises(ValueError, match=message):
        export.to_streaming_tflite(make_frames(), tmp_path / "m.tflite", **options)
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_layer_that_needs_the_whole_clip_by_name(tmp_path):
    model = spotter(keras.layers.GlobalMaxPooling1D(name="loudest"))

    with pytest.raises(ValueError, match="'loudest'"):
        export.to_streaming_tflite(model, tmp_path / "m.tflite", sampling_rate=RATE)


def test_runners_refuse_each_other_s_files(exported, tmp_path):
    whole = export.to_tflite(make_answers(), tmp_path / "whole.tflite")

    with pytest.raises(ValueError, match=r"must be a file that streams.*signatures"):
        export.StreamingRunner(whole)
    with pytest.raises(ValueError, match=r"must be a file of whole clips. It streams"):
        export.TFLiteRunner(exported["frames"][1])


def test_rejects_samples_of_another_kind(exported):
    runner = export.StreamingRunner(exported["frames"][1])

    with pytest.raises(ValueError, match="`sampling_rate` must be 1000"):
        runner.step(np.zeros(80), sampling_rate=16000)
    with pytest.raises(ValueError, match=r"`waveform` must be floating.*dtype=int16"):
        runner.step(np.zeros(80, "int16"))


@pytest.fixture(scope="module")
def in_8_bits(tmp_path_factory):
    """A float model and its file of 8 bits, and clips like those of its calibration."""
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(seed=0)
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.MelSpectrogram(RATE, frame_length=40, frame_step=20, num_mel_bins=6),
            layers.PCEN(),
            layers.SVDF(6, 4),
            keras.layers.GRU(4, return_sequences=True),
            keras.layers.Dense(4),
        ]
    )
    time = np.arange(4000) / RATE
    clips = [
        level * np.sin(2 * np.pi * pitch * time) + random.normal(scale=0.01, size=4000)
        for level, pitch in ((0.3, 90), (0.02, 210), (0.1, 330), (0.05, 120))
    ]
    path = export.to_streaming_tflite(
        model,
        tmp_path_factory.mktemp("int8") / "m.tflite",
        chunk_seconds=0.08,
        sampling_rate=RATE,
        quantization="int8",
        decoder=GREEDY,
        recordings=[clip[:1000] for clip in clips],
    )
    return model, path, np.asarray(clips, "float32")


def test_streams_of_8_bits_keep_their_states_in_float(in_8_bits):
    model, path, clips = in_8_bits

    streamed = [export.StreamingRunner(path)(clip[:3987]) for clip in clips]

    expected = np.asarray(model(clips[:, :3987]))
    squares = np.square(np.array(streamed) - expected).sum()
    assert squares < 0.04**2 * np.square(expected).sum()


def test_scores_of_8_bits_go_on_beyond_the_clips_of_the_calibration(in_8_bits):
    _, path, clips = in_8_bits
    runner = export.StreamingRunner(path)

    frames = runner.step(np.concatenate([clips[0], clips[1]]))

    # A score of 8 bits would stand still at that of 1000 samples, an eighth of it.
    ((best,),) = GREEDY.decode(frames[None])
    assert runner.score == pytest.approx(best.score, rel=0.02)
