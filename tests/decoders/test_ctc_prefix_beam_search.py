"""Tests of `CTCPrefixBeamSearch` against all paths and the search on the host."""

import math

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.masks import masked
from decoders.exhaustive import log_softmax, texts
from speechkit.decoders import (
    CTCBeamSearchDecoder,
    CTCGreedyDecoder,
    CTCPrefixBeamSearch,
)

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process


def prefix_search(texts, blank_index, beam_width=8):
    return CTCPrefixBeamSearch([*texts], beam_width=beam_width, blank_index=blank_index)


def labels_of(rows):
    return [tuple(row[row >= 0].tolist()) for row in np.asarray(rows)]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(-3, 2), st.integers(0, 2**32 - 1))
def test_labels_are_the_most_probable_of_all_paths(frames, blank, seed):
    # Up to four frames of three classes have at most 15 label sequences.
    logits = np.random.default_rng(seed).normal(scale=2, size=(3, frames, 3))

    found = labels_of(prefix_search("abc", blank, 16)(logits))

    for labels, clip in zip(found, logits, strict=True):
        acoustic = texts(log_softmax(clip), "abc", blank % 3)
        assert "".join("abc"[label] for label in labels) == max(
            acoustic, key=acoustic.get
        )


@pytest.mark.parametrize("beam_width", [1, 3, 8, 16])
def test_labels_equal_those_of_the_host(random, beam_width):
    logits = random.normal(scale=2, size=(6, 40, 7)).astype("float32")
    lengths = np.array([40, 0, 1, 39, 20, 40])
    host = CTCBeamSearchDecoder(
        [*"abcdefg"],
        blank_index=-1,
        beam_width=beam_width,
        beam_threshold=-math.inf,
        token_threshold=-math.inf,
    )

    found = labels_of(prefix_search("abcdefg", -1, beam_width)(masked(logits, lengths)))

    expected = [hypotheses[0].labels for hypotheses in host.decode(logits, lengths)]
    assert found == expected


def test_all_paths_of_a_text_count():
    probabilities = np.array([[[0.6, 0.4], [0.6, 0.4]]])

    logits = np.log(probabilities)

    # The blank twice is the best path: 0.36 against 0.64 for all others.
    assert labels_of(CTCGreedyDecoder(["", "a"])(logits)) == [()]
    assert labels_of(CTCPrefixBeamSearch(["", "a"])(logits)) == [(1,)]


def test_no_frames_give_no_labels():
    assert prefix_search("abc", 0)(np.ones((2, 0, 3), "f")).shape == (2, 0)


@pytest.mark.parametrize(
    "layer",
    [CTCGreedyDecoder(["", *"abcd"]), CTCPrefixBeamSearch(["", *"abcd"])],
    ids=["greedy", "prefix-beam"],
)
def test_exported_decoders_take_any_batch_and_any_length(random, layer):
    layer(np.zeros((1, 2, 5), "f"))
    module = tf.Module()
    signature = tf.TensorSpec((None, None, 5), tf.float32)
    module.run = tf.function(lambda x: layer(x), input_signature=[signature])
    # The converter's default allows built-in operators only.
    content = tf.lite.TFLiteConverter.from_concrete_functions(
        [module.run.get_concrete_function()], module
    ).convert()

    runner = Interpreter(model_content=content).get_signature_runner()

    (name,) = runner.get_input_details()
    for shape in ((1, 9, 5), (3, 4, 5), (2, 30, 5)):
        logits = random.normal(scale=2, size=shape).astype("float32")
        (labels,) = runner(**{name: logits}).values()
        np.testing.assert_array_equal(labels, layer(logits))


@pytest.mark.parametrize("beam_width", [0, 2.0, True])
def test_rejects_widths_that_are_no_positive_integer(beam_width):
    with pytest.raises(ValueError, match="`beam_width` must be an integer of 1"):
        prefix_search("abc", 0, beam_width)


def test_rejects_widths_above_16():
    message = r"`beam_width` must be 16 or less\. Received: beam_width=17"

    with pytest.raises(ValueError, match=message):
        prefix_search("abc", 0, 17)


def test_scores_are_those_of_all_paths(random):
    logits = random.normal(scale=2, size=(2, 3, 3)).astype("float32")

    found = prefix_search("abc", 0, 16).decode(logits, [3, 2], num_hypotheses=16)

    for readings, clip, end in zip(found, logits, [3, 2], strict=True):
        expected = texts(log_softmax(clip[:end]), ["", "b", "c"], 0)
        assert {x.text for x in readings} == expected.keys()
        for reading in readings:
            score = pytest.approx(expected[reading.text], abs=1e-5)
            assert reading.score == reading.acoustic_score == score
        assert sum(x.confidence for x in readings) == pytest.approx(1)


def test_times_are_those_of_the_host(random):
    logits = random.normal(scale=3, size=(2, 20, 4)).astype("float32")
    classes = ["", *"abc"]
    host = CTCBeamSearchDecoder(classes, beam_width=8, token_threshold=-math.inf)

    found = CTCPrefixBeamSearch(classes, beam_width=8).decode(logits)

    for (ours,), (theirs,) in zip(found, host.decode(logits), strict=True):
        assert ours.text == theirs.text
        assert [(x.start_frame, x.end_frame) for x in ours.timed_labels] == [
            (x.start_frame, x.end_frame) for x in theirs.timed_labels
        ]
