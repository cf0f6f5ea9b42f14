"""Tests of what models accept, and of the sentences for what they do not."""

import pathlib

import keras
import numpy as np
import pytest

from contract.model_cases import CASES
from speechkit import models

CLIPS = np.zeros((2, 4000), "float32")


@pytest.fixture(scope="module")
def recognizer():
    return CASES[models.CommandRecognizer]()


@pytest.fixture(scope="module")
def transcriber():
    return CASES[models.CTCRecognizer]()


@pytest.mark.parametrize(
    "lengths",
    [
        [0.5, 1.0],
        [4000.0, 10.0],
        [-1, 10],
        [10, 4001],
        [10],
        [1, 2, 3],
        10,
        "10",
        [[10], [20]],
        [True, False],
        [[1], [2, 3]],
    ],
    ids=str,
)
def test_rejects_lengths_that_do_not_fit_the_clips(recognizer, lengths):
    with pytest.raises(
        ValueError, match=r"integers, one for each clip, from 0 to .*4000"
    ):
        recognizer.recognize(CLIPS, lengths)


def test_one_clip_may_have_a_length_alone(recognizer):
    assert recognizer.recognize(CLIPS[0], 2000) == recognizer.recognize(
        CLIPS[:1], np.array([2000], "uint16")
    )


@pytest.mark.parametrize("lengths", [None, []], ids=["none", "empty"])
def test_no_clips_have_no_answers(recognizer, transcriber, lengths):
    assert recognizer.recognize(CLIPS[:0], lengths) == []
    assert transcriber.transcribe(CLIPS[:0], lengths) == []


@pytest.mark.parametrize(
    ("waveforms", "error"),
    [
        pytest.param("clip.wav", TypeError, id="text"),
        pytest.param(pathlib.Path("clip.wav"), TypeError, id="path"),
        pytest.param(None, TypeError, id="none"),
        pytest.param([np.zeros(3), np.zeros(4)], ValueError, id="lengths-differ"),
        pytest.param(["a.wav", "b.wav"], ValueError, id="texts"),
    ],
)
def test_rejects_what_is_no_array(recognizer, transcriber, waveforms, error):
    for answer in (recognizer.recognize, transcriber.transcribe):
        with pytest.raises(error, match=r"`\(samples,\)` or a batch .*audio\.read"):
            answer(waveforms)


@pytest.mark.parametrize("channels", [1, 2])
def test_rejects_channels_behind_the_samples(recognizer, channels):
    with pytest.raises(ValueError, match=r"looks like \(samples, channels\)"):
        recognizer.recognize(np.zeros((4000, channels), "float32"))


def test_many_short_clips_are_a_batch(recognizer):
    assert len(recognizer.recognize(np.zeros((20, 30), "float32"))) == 20


@pytest.mark.parametrize(
    "inputs",
    [
        {"waveforms": CLIPS, "length": np.array([10, 20])},
        {"waveform": CLIPS},
        {"waveforms": CLIPS, "intermediate_labels": np.array([[1], [1]])},
    ],
    ids=["length", "waveform", "labels"],
)
def test_rejects_unknown_keys(recognizer, inputs):
    with pytest.raises(
        ValueError, match=r"key `waveforms`, and may have `lengths`\. Rec"
    ):
        recognizer(inputs)


def test_ctc_recognizers_name_intermediate_labels(transcriber):
    with pytest.raises(ValueError, match=r"`lengths` and `intermediate_labels`\. Rec"):
        transcriber({"waveforms": CLIPS, "labels": CLIPS})


@pytest.mark.parametrize("lengths", [[10], [1, 2, 3], 10, [[1], [2]]], ids=str)
def test_a_call_rejects_another_number_of_lengths(recognizer, lengths):
    with pytest.raises(
        ValueError, match=r"`lengths` must be `\(batch,\)`, one for each"
    ):
        recognizer({"waveforms": CLIPS, "lengths": np.array(lengths)})


def test_a_call_rejects_lists_of_three(recognizer):
    with pytest.raises(ValueError, match="two parts, waveforms and lengths"):
        recognizer([CLIPS, np.array([10, 20]), CLIPS])


def test_export_rejects_a_signature_with_lengths(recognizer, tmp_path):
    waveforms = keras.InputSpec("float32", (None, None), name="waveforms")
    lengths = keras.InputSpec("int32", (None,), name="lengths")

    for signature in (
        [{"waveforms": waveforms, "lengths": lengths}],
        [waveforms, lengths],
    ):
        with pytest.raises(ValueError, match=r"speechkit\.export\.to_saved_model"):
            recognizer.export(tmp_path / "model", input_signature=signature)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("lengths", "received"),
    [
        ([-1, 10], r"\[-1, 10\]"),
        ([10, 4001], r"\[10, 4001\]"),
        ([10, 2**40], r"\[10, 1099511627776\]"),
        ([0.5, 1.0], "dtype float64"),
        ([np.nan, 1.0], "dtype float64"),
        ([True, False], "dtype bool"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "convert", [np.array, keras.ops.array], ids=["array", "tensor"]
)
def test_a_call_refuses_lengths_that_do_not_fit(
    recognizer, transcriber, lengths, received, convert
):
    lengths = convert(np.array(lengths))
    if keras.backend.standardize_dtype(lengths.dtype) == "float32":
        received = "dtype float32"

    for model in (recognizer, transcriber):
        for inputs in ({"waveforms": CLIPS, "lengths": lengths}, (CLIPS, lengths)):
            with pytest.raises(ValueError, match=f"`lengths` must be .*{received}"):
                model(inputs)


@pytest.mark.parametrize("shape", [(1,), (3,), (2, 1), ()], ids=str)
def test_a_call_refuses_lengths_that_are_not_one_for_each_clip(recognizer, shape):
    with pytest.raises(
        ValueError, match=r"`lengths` must be `\(batch,\)`, one for each"
    ):
        recognizer({"waveforms": CLIPS, "lengths": np.ones(shape, "int32")})


@pytest.mark.parametrize("shape", [(2, 1), (2, 2), (2, 1, 1)], ids=str)
def test_prediction_refuses_lengths_of_more_axes(recognizer, shape):
    inputs = {"waveforms": CLIPS, "lengths": np.ones(shape, "int32")}

    with pytest.raises(ValueError, match=r"`lengths` must be `\(batch,\)`, one for"):
        recognizer.predict(inputs, verbose=0)


@pytest.mark.parametrize("dtype", ["float32", "bool"])
def test_a_graph_refuses_lengths_of_another_type(recognizer, dtype):
    lengths = keras.Input((), dtype=dtype)

    with pytest.raises(ValueError, match="`lengths` must be integers"):
        recognizer._masked_waveforms([keras.Input((4000,)), lengths])


def test_a_graph_takes_lengths_beyond_the_clips_for_all_and_none(recognizer):
    clips = np.random.default_rng(seed=0).normal(size=(3, 4000)).astype("float32")
    lengths = np.array([-3, 0, 9999])

    probabilities = recognizer.predict(
        {"waveforms": clips, "lengths": lengths}, verbose=0
    )

    expected = recognizer({"waveforms": clips, "lengths": np.array([0, 0, 4000])})
    np.testing.assert_allclose(probabilities, expected, atol=1e-6)
