"""Tests of the times and scores of an alignment; `tests/ops` has the path itself."""

import numpy as np
import pytest

from contract.masks import masked
from ops.ctc.judges import log_softmax
from speechkit.decoders import ctc_align
from speechkit.text import CharacterVocabulary

VOCABULARY = CharacterVocabulary(" abc")  # the blank is 0, the space 1, then a, b, c


def sure_logits(classes):
    """Returns logits that make one class of five far more probable in each frame."""
    return 12.0 * np.eye(5, dtype="float32")[np.array(classes)][None]


def test_labels_have_the_frames_that_emit_them():
    logits = sure_logits([0, 2, 2, 0, 0, 3, 1, 4, 4, 4, 0])

    (clip,) = ctc_align([[2, 3, 1, 4]], logits, frame_step_seconds=0.02)

    frames = [(s.label, s.start_frame, s.end_frame) for s in clip.labels]
    assert frames == [(2, 1, 3), (3, 5, 6), (1, 6, 7), (4, 7, 10)]
    times = [(s.start_seconds, s.end_seconds) for s in clip.labels]
    assert times == [(0.02, 0.06), (0.1, 0.12), (0.12, 0.14), (0.14, 0.2)]


def test_labels_that_were_not_said_get_the_best_frames_there_are(random):
    logits = random.normal(size=(1, 9, 5)).astype("float32")
    logits[0, 4, 3] = 8

    (clip,) = ctc_align([[3]], logits, frame_step_seconds=0.02)

    (span,) = clip.labels
    assert span.start_frame <= 4 < span.end_frame


def test_words_span_their_labels_and_mean_over_their_frames(random):
    logits = sure_logits([0, 2, 2, 3, 0, 1, 1, 4, 0])
    logits += random.normal(size=logits.shape)
    log_probs = log_softmax(logits)[0]

    (clip,) = ctc_align([[2, 3, 1, 4]], logits, frame_step_seconds=0.02)
    first, second = clip.words(VOCABULARY)

    assert (first.label, first.start_seconds, first.end_seconds) == ("ab", 0.02, 0.08)
    assert (second.label, second.start_frame, second.end_frame) == ("c", 7, 8)
    expected = np.exp(log_probs[[1, 2, 3], [2, 2, 3]].mean())
    assert first.score == pytest.approx(expected, rel=1e-5)
    assert clip.labels[0].score == pytest.approx(
        np.exp(log_probs[[1, 2], 2].mean()), rel=1e-5
    )


def test_log_probability_is_that_of_the_one_path():
    logits = sure_logits([0, 2, 2, 3, 0])

    (clip,) = ctc_align([[2, 3]], logits, frame_step_seconds=0.02)

    of_path = log_softmax(logits)[0, np.arange(5), [0, 2, 2, 3, 0]].sum()
    assert clip.log_probability == pytest.approx(of_path, rel=1e-4)


def test_valid_frames_come_from_the_mask_or_the_lengths(random):
    logits = random.normal(size=(2, 12, 5)).astype("float32")
    labels = [[2, 2, 3], [4, -1, -1]]

    carried = ctc_align(labels, masked(logits, [12, 5]), frame_step_seconds=0.02)
    given = ctc_align(labels, logits, logit_lengths=[12, 5], frame_step_seconds=0.02)
    alone = ctc_align([[4]], logits[1:, :5], frame_step_seconds=0.02)

    assert carried == given
    assert given[1] == alone[0]


def test_no_labels_are_an_alignment_of_blanks():
    logits = sure_logits([0, 0])

    (clip,) = ctc_align([[-1]], logits, frame_step_seconds=0.02)

    assert clip.labels == clip.words(VOCABULARY) == ()


@pytest.mark.parametrize(
    "row",
    [
        pytest.param([2, 2, 2], id="no-room-for-blanks"),
        pytest.param([2, 0, 3], id="the-blank"),
        pytest.param([2, 5, -1], id="no-class"),
        pytest.param([2, -1, 3], id="padding-before-a-label"),
    ],
)
def test_rejects_labels_that_have_no_alignment(row):
    logits = np.zeros((2, 4, 5))
    message = rf"Received: labels\[1\]=\[{row[0]}, {row[1]}, {row[2]}\] for 4 frames"

    with pytest.raises(ValueError, match=message):
        ctc_align([[1, -1, -1], row], logits, frame_step_seconds=0.02)


@pytest.mark.parametrize(
    ("labels", "received"),
    [
        pytest.param([[1, 2], [1, 2]], r"shape=\(2, 2\)", id="more-rows-than-clips"),
        pytest.param([1, 2], r"shape=\(2,\)", id="no-rows"),
        pytest.param([[1.0, 2.0]], "dtype=float64", id="fractions"),
        pytest.param([[1], [1, 2]], "rows of different lengths", id="ragged"),
        pytest.param(["ab"], "dtype=<U2", id="text"),
    ],
)
def test_rejects_labels_of_another_shape_or_type(labels, received):
    message = rf"each of the 1 clips, .* Received: .*{received}"

    with pytest.raises(ValueError, match=message):
        ctc_align(labels, np.zeros((1, 4, 5)), frame_step_seconds=0.02)


def test_rejects_labels_without_a_probability():
    logits = np.zeros((2, 4, 5))
    logits[1, :, 1] = -np.inf

    with pytest.raises(ValueError, match="labels of clip 1 have no probability"):
        ctc_align([[1], [1]], logits, frame_step_seconds=0.02)


@pytest.mark.parametrize("value", [0, -0.01, None])
def test_rejects_a_frame_step_that_is_not_positive(value):
    with pytest.raises(ValueError, match="`frame_step_seconds` must be a finite"):
        ctc_align([[1]], np.zeros((1, 4, 5)), frame_step_seconds=value)
