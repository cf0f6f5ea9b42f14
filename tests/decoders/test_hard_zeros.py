"""A log probability of −inf is legal for all that read logits, judged by all paths."""

import math

import numpy as np
import pytest

from decoders import exhaustive
from speechkit import config, decoders, losses, text

CLASSES = ["", "a", "b"]
WIDE = {"beam_width": 200, "beam_threshold": -math.inf, "token_threshold": -math.inf}


def clip_with_zeros(seed):
    """Returns logits of 4 frames, some −inf, but never all of a frame."""
    random = np.random.default_rng(seed)
    logits = random.normal(scale=2, size=(4, 3)).astype("float32")
    logits[random.random((4, 3)) < 0.4] = -np.inf
    kept = random.integers(0, 3, size=4)
    return np.where(np.arange(3) == kept[:, None], np.float32(0.5), logits)


CLIPS = [clip_with_zeros(seed) for seed in range(25)]
CLIPS.append(np.where(np.eye(3)[[1, 0, 1, 2]] > 0, 0, -np.inf).astype("float32"))


def of_all_paths(logits):
    """Returns the log probability of each text that is possible."""
    found = exhaustive.texts(exhaustive.log_softmax(logits), CLASSES, 0)
    return {key: value for key, value in found.items() if value > -math.inf}


def best_path(logits):
    paths = exhaustive.paths(exhaustive.log_softmax(logits), 0)
    _, labels, log_prob = max(paths, key=lambda path: path[2])
    return labels, log_prob


def stream_of(logits):
    stream = decoders.CTCBeamSearchDecoder(CLASSES, **WIDE).stream()
    for frame in logits:
        stream.feed(frame[None])
    return stream.hypotheses(50, final=True)


SEARCHES = {
    "beam": lambda logits: decoders.CTCBeamSearchDecoder(CLASSES, **WIDE).decode(
        logits[None], num_hypotheses=50
    )[0],
    "prefix-beams": lambda logits: decoders.CTCPrefixBeamSearch(
        CLASSES, beam_width=16
    ).decode(logits[None], num_hypotheses=50)[0],
    "stream": stream_of,
}


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES.keys())
def test_a_search_finds_the_possible_texts_and_no_others(search):
    for logits in CLIPS:
        logits = logits[:3]  # 9 texts: no more than the narrowest beam holds
        expected = of_all_paths(logits)

        found = {reading.text: reading.score for reading in search(logits)}

        assert found == pytest.approx(expected, abs=1e-4)


def test_the_greedy_path_is_the_best_of_all():
    decoder = decoders.CTCGreedyDecoder(CLASSES)
    for logits in CLIPS:
        labels, log_prob = best_path(logits)

        ((reading,),) = decoder.decode(logits[None])

        assert reading.labels == labels
        assert reading.score == pytest.approx(log_prob, abs=1e-5)


LABELS = [[1, -1], [2, -1], [1, 2], [1, 1], [-1, -1]]


def spelled(row):
    return "".join(CLASSES[label] for label in row if label > 0)


@pytest.mark.parametrize("kernels", ["graph", "compiled"])
def test_the_loss_is_that_of_all_paths(kernels):
    expected = [
        [-of_all_paths(logits).get(spelled(row), -math.inf) for row in LABELS]
        for logits in CLIPS
    ]
    logits = np.repeat(np.stack(CLIPS), len(LABELS), axis=0)

    with config.kernel_scope(kernels):
        found = losses.ctc_loss(np.tile(LABELS, (len(CLIPS), 1)), logits)

    # In float32, of losses up to 10.
    np.testing.assert_allclose(found, np.ravel(expected), rtol=1e-4, atol=1e-5)


def test_a_phrase_has_the_probability_of_all_its_paths():
    scorer = decoders.PhraseScorer(
        text.CharacterVocabulary("ab"), ("a", "b", "ab", "aa")
    )
    expected = [
        [of_all_paths(logits).get(phrase, -math.inf) for phrase in scorer.phrases]
        for logits in CLIPS
    ]

    found = scorer.log_probabilities(np.stack(CLIPS))

    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("row", LABELS, ids=spelled)
def test_an_alignment_is_the_best_path_of_its_labels_or_an_error(row):
    for logits in CLIPS:
        paths = exhaustive.paths(exhaustive.log_softmax(logits), 0)
        wanted = tuple(label for label in row if label > 0)
        expected = max(score for _, labels, score in paths if labels == wanted)

        if expected == -math.inf:
            with pytest.raises(ValueError, match="have no probability"):
                decoders.ctc_align([row], logits[None], frame_step_seconds=0.01)
            continue
        (found,) = decoders.ctc_align([row], logits[None], frame_step_seconds=0.01)
        assert found.log_probability == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("row", [[0.9, np.nan], [np.nan, 0.9], [np.nan, np.nan]])
def test_a_command_may_be_impossible_and_nan_is_not_understood(row):
    decoder = decoders.CommandDecoder(("on", "off"), threshold=0.0)

    impossible, broken = decoder([[-np.inf, 0.5], row])

    assert impossible == decoders.Command("off", 0.5)
    assert broken.label is None
    assert math.isnan(broken.probability)
