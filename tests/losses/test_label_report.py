"""Tests that compiled training says once which labels it cannot learn."""

import re
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit import config, layers, models, text
from speechkit.losses import CTCLoss, ctc_loss

GOOD = [1, 2, -1]
WRONG = [
    pytest.param([1, 0, 0], "labels[2]=[1, 0, 0], with 0 at place 1", id="the-blank"),
    pytest.param([1, 5, -1], "labels[2]=[1, 5, -1], with 5 at place 1", id="no-class"),
    pytest.param([1, -1, 2], "with -1 at place 1", id="hole"),
    pytest.param([-2, -1, -1], "with -2 at place 0", id="below"),
    pytest.param([1.5, 2, -1], "with 1.5 at place 0", id="fraction"),
    pytest.param([2**33, 2, -1], "with 8589934592 at place 0", id="beyond-32-bits"),
]


@pytest.fixture
def logits(random):
    return random.normal(size=(3, 6, 5)).astype("float32")


def model_with(loss):
    model = keras.Sequential([keras.Input((None, 5)), keras.layers.Dense(5)])
    model.compile("sgd", loss, jit_compile=False)
    return model


def warnings_of(function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function()
    return [str(warning.message) for warning in caught]


def in_a_graph(loss, labels, logits):
    """Returns what a graph that is called twice says."""
    graph = tf.function(loss, autograph=False)
    return warnings_of(lambda: [graph(labels, logits) for _ in range(2)])


@pytest.mark.parametrize(("row", "received"), WRONG)
def test_the_first_wrong_label_is_named(logits, row, received):
    labels = np.array([GOOD, GOOD, row])
    sentence = "must be from 0 to 4 without the blank 0, then -1 to the end. .*"

    with pytest.raises(ValueError, match=sentence + re.escape(received)):
        ctc_loss(labels, logits)
    with config.kernel_scope("graph"):
        (message,) = in_a_graph(ctc_loss, labels, logits)

    assert re.search(sentence + re.escape(received), message)


@pytest.mark.parametrize("kernels", ["graph", "compiled"])
def test_fit_says_so_once(logits, kernels):
    labels = np.array([GOOD, GOOD, [1, 0, 0]])

    with config.kernel_scope(kernels):
        model = model_with(CTCLoss(infeasible="zero"))
        (message,) = warnings_of(
            lambda: model.fit(logits, labels, epochs=2, shuffle=False, verbose=0)
        )

    assert "labels[2]=[1, 0, 0], with 0 at place 1" in message


@pytest.mark.parametrize(
    ("infeasible", "expected"), [("infinite", 1), ("raise", 1), ("zero", 0)]
)
def test_the_first_clip_with_too_few_frames_is_named(logits, infeasible, expected):
    labels = np.array([[1, 2, 3, 4], [1, 1, 1, 1], [1, 2, -1, -1]])

    with config.kernel_scope("graph"):
        messages = in_a_graph(CTCLoss(infeasible=infeasible), labels, logits)

    assert len(messages) == expected
    assert all("clip 1 with 6 frames for labels that need 7" in x for x in messages)


def test_good_labels_are_not_spoken_of_and_every_loss_object_speaks(logits):
    labels = np.array([GOOD, GOOD, [1, 7, -1]])
    loss = CTCLoss()
    model = model_with(loss)

    assert warnings_of(lambda: model.fit(logits[:2], labels[:2], verbose=0)) == []
    assert len(warnings_of(lambda: model.fit(logits, labels, verbose=0))) == 1
    assert warnings_of(lambda: model.evaluate(logits, labels, verbose=0)) == []
    model.compile("sgd", CTCLoss(), jit_compile=False)
    assert len(warnings_of(lambda: model.fit(logits, labels, verbose=0))) == 1


def test_intermediate_labels_are_named_as_such(random):
    model = models.CTCRecognizer(
        text.CharacterVocabulary("abcd"),
        8000,
        front_end=[layers.Frame(8, 8)],
        encoder=[keras.layers.Dense(4), layers.SelfConditioning(5)],
    )
    model.compile("sgd", CTCLoss(), jit_compile=False)
    inputs = {
        "waveforms": random.normal(size=(2, 80)).astype("float32"),
        "lengths": np.array([80, 64]),
        "intermediate_labels": np.array([[1, 2], [1, 9]]),
    }

    messages = warnings_of(
        lambda: model.fit(
            inputs, np.array([[1, 2], [3, -1]]), epochs=2, shuffle=False, verbose=0
        )
    )

    assert len(messages) == 1
    assert "`intermediate_labels` must be from 0 to 4" in messages[0]
    assert "intermediate_labels[1]=[1, 9], with 9 at place 1" in messages[0]
