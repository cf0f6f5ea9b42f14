"""Tests that a stream answers as the whole clip does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechkit.decoders import (
    CTCBeamSearchDecoder,
    NGramLanguageModel,
    ShallowFusion,
)

CLASSES = ["", " ", "a", "b"]
MODEL = NGramLanguageModel.train(["a b", "ab a", "ba", "a a b", "b"], order=2)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=4), st.integers(0, 2**32 - 1))
def test_pieces_give_the_answer_of_the_whole(cuts, seed):
    logits = np.random.default_rng(seed).normal(scale=3, size=(40, 4))
    decoder = CTCBeamSearchDecoder(CLASSES, fusion=ShallowFusion(MODEL), beam_width=9)
    hotwords = {"ab": 2.0}
    (expected,) = decoder.decode(logits[None], num_hypotheses=9, hotwords=hotwords)

    stream = decoder.stream(hotwords=hotwords)
    for piece in np.split(logits, sorted(cuts)):
        stream.feed(piece).hypotheses()

    assert stream.hypotheses(9, final=True) == expected


def test_partial_readings_leave_the_last_word_open():
    decoder = CTCBeamSearchDecoder(CLASSES, allowed_phrases=["ab"])
    stream = decoder.stream().feed(9 * np.eye(4)[[2, 0]])

    (partial,) = stream.hypotheses()

    assert partial.text == "a"
    assert stream.hypotheses(final=True) == []
    assert stream.feed(9 * np.eye(4)[[3]]).hypotheses(final=True)[0].text == "ab"


def test_no_frames_give_the_empty_text():
    (hypothesis,) = CTCBeamSearchDecoder(CLASSES).stream().hypotheses(final=True)

    assert (hypothesis.text, hypothesis.score) == ("", 0)
    assert hypothesis.words == hypothesis.timed_labels == ()


@pytest.mark.parametrize("shape", [(4,), (2, 5), (1, 2, 4)])
def test_rejects_frames_of_other_shapes(shape):
    with pytest.raises(ValueError, match=r"\(frames, classes\) with 4 classes"):
        CTCBeamSearchDecoder(CLASSES).stream().feed(np.zeros(shape))


def test_rejects_no_hypotheses():
    with pytest.raises(ValueError, match="`num_hypotheses` must be an integer of 1"):
        CTCBeamSearchDecoder(CLASSES).stream().hypotheses(0)
