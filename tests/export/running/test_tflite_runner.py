"""Tests of the answers and the errors of `TFLiteRunner`."""

import contextlib

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from speechkit import export, layers, models


@pytest.fixture
def runner(exported):
    return export.TFLiteRunner(exported)


def test_answers_equal_the_bare_interpreter_for_any_length(exported, runner, random):
    bare = Interpreter(model_path=str(exported)).get_signature_runner()

    for samples in (400, 41, 41, 1000, 400):
        clip = random.normal(size=samples).astype("float32")
        expected = bare(waveforms=clip[None])["output"][0]
        np.testing.assert_array_equal(runner(clip), expected)


def test_an_answer_is_not_overwritten_by_the_next(runner):
    first = runner(np.ones(400, "float32"))
    copy = first.copy()

    runner(-np.ones(400, "float32"))

    np.testing.assert_array_equal(first, copy)


def test_every_clip_of_a_length_has_the_answer_of_the_model(tmp_path, random):
    # An interpreter that is not planned anew fails at the second clip in 9 % of cases.
    waveforms = keras.Input((None,))
    frames = keras.layers.Reshape((-1, 5))(waveforms)
    model = keras.Model(waveforms, layers.BatchNormLSTM(4)(frames))
    path = export.to_tflite(model, tmp_path / "model.tflite", num_samples="any")
    clips = random.normal(size=(3, 150)).astype("float32")
    expected = model(clips)

    for _ in range(100):
        runner = export.TFLiteRunner(path)
        answers = [runner(clip) for clip in clips]
        np.testing.assert_allclose(answers, expected, atol=1e-5)


def test_double_precision_is_accepted(runner, random):
    clip = random.normal(size=400)

    np.testing.assert_array_equal(runner(clip), runner(clip.astype("float32")))


def test_first_clip_may_have_one_sample(tmp_path):
    # One sample is the shape that a file declares for "any length".
    model = keras.Sequential([keras.Input((None,)), keras.layers.ReLU()])
    path = export.to_tflite(model, tmp_path / "model.tflite")

    assert export.TFLiteRunner(path)(np.array([2.0])).tolist() == [2.0]


def test_a_clip_that_xnnpack_refuses_has_the_answer_of_the_model(tmp_path, random):
    model = models.CommandRecognizer(
        ["on", "off"], 8000, encoder=[keras.layers.MaxPooling1D(2, padding="same")]
    )
    runner = export.TFLiteRunner(export.to_tflite(model, tmp_path / "model.tflite"))

    for samples in (4000, 39, 3000, 250, 1, 4000):
        clip = random.normal(size=samples).astype("float32")
        np.testing.assert_allclose(runner(clip), model(clip[None])[0], atol=1e-5)


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        pytest.param(
            [keras.layers.Reshape((-1, 40))],
            r"operator RESHAPE says: .*\(39 != 0\)$",
            id="while-it-makes-room",
        ),
        pytest.param(
            [layers.Frame(40, 20), keras.layers.Conv1D(3, 2)], "s", id="at-work"
        ),
    ],
)
def test_a_clip_that_fails_does_not_spoil_the_next(tmp_path, stage, reason):
    model = keras.Sequential([keras.Input((None,)), *stage])
    runner = export.TFLiteRunner(export.to_tflite(model, tmp_path / "model.tflite"))
    bad = np.ones(39)  # neither a multiple of 40 nor two frames

    for clip in (np.ones(400), np.ones(80), np.linspace(-1, 1, 400)):
        np.testing.assert_allclose(runner(clip), model(clip[None])[0], atol=1e-5)
        with pytest.raises(ValueError, match=f"Received 39 samples; .*{reason}"):
            runner(bad)


def test_metadata_survives(runner):
    assert runner.metadata == {"sampling_rate": 16000, "labels": ["开灯", "off"]}


def test_matching_sampling_rate_is_accepted(runner):
    expected = runner(np.ones(400))

    np.testing.assert_array_equal(runner(np.ones(400), sampling_rate=16000), expected)


def test_rejects_another_sampling_rate(runner):
    message = "`sampling_rate` must be 16000, .* Received: sampling_rate=44100"

    with pytest.raises(ValueError, match=message):
        runner(np.ones(400), sampling_rate=44100)


@pytest.mark.parametrize(
    ("waveform", "received"),
    [
        pytest.param(np.ones((1, 400)), r"shape=\(1, 400\), dtype=float64", id="batch"),
        pytest.param(np.float32(1), r"shape=\(\), dtype=float32", id="number"),
        pytest.param(np.ones(0), r"shape=\(0,\), dtype=float64", id="empty"),
        pytest.param(np.ones(400, "int16"), r"=\(400,\), dtype=int16", id="integers"),
    ],
)
def test_rejects_what_is_no_waveform(runner, waveform, received):
    with pytest.raises(
        ValueError, match="`waveform` must be .* Received: .*" + received
    ):
        runner(waveform)


def test_rejects_a_path_without_a_file(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere\.tflite` must be a \.tflite"):
        export.TFLiteRunner(tmp_path / "nowhere.tflite")


@pytest.mark.parametrize("content", [b"RIFF\0\0\0\0WAVEfmt ", b"PK\3\4" + bytes(99)])
def test_rejects_files_of_another_format(tmp_path, content):
    path = tmp_path / "model.tflite"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=r"model\.tflite` must be .* another format"):
        export.TFLiteRunner(path)


@pytest.mark.parametrize("missing", [1, 100, -8])
def test_rejects_damaged_files(exported, tmp_path, missing):
    path = tmp_path / "model.tflite"
    path.write_bytes(exported.read_bytes()[:-missing])

    with pytest.raises(ValueError, match=r"model\.tflite` must be .* It is damaged"):
        export.TFLiteRunner(path)


def test_any_changed_byte_is_refused_or_changes_no_answer(exported, tmp_path, random):
    content = np.frombuffer(exported.read_bytes(), "uint8")
    path = tmp_path / "model.tflite"
    clip = np.zeros(16000, "float32")
    expected = export.TFLiteRunner(exported)(clip)

    for place in random.integers(8, len(content), size=30):
        changed = content.copy()
        changed[place] ^= 1 << random.integers(8)
        path.write_bytes(changed.tobytes())
        with contextlib.suppress(ValueError):  # of a file that is refused
            answer = export.TFLiteRunner(path)(clip)
            np.testing.assert_array_equal(answer, expected)
