"""Tests of the scores of phrases against all alignments, one by one."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from ops.ctc.judges import enumerated
from speechkit.decoders import Command, PhraseScorer, phrase_scorer
from speechkit.text import CharacterVocabulary

VOCABULARY = CharacterVocabulary("ab")
PHRASES = ("ab", "ba", "aab", "b")


@pytest.fixture
def logits(random):
    """Two clips of six frames of three classes."""
    return random.normal(scale=2, size=(2, 6, 3)).astype("float32")


def test_scores_are_the_sum_of_all_alignments(logits):
    scores = PhraseScorer(VOCABULARY, PHRASES).log_probabilities(logits, [6, 4])

    for clip, end in zip(range(2), [6, 4], strict=True):
        labels = [VOCABULARY.encode(phrase) for phrase in PHRASES]
        expected = [-enumerated(logits[clip, :end], row, 0)[0] for row in labels]
        np.testing.assert_allclose(scores[clip], expected, rtol=1e-5)


def test_many_clips_are_scored_like_few(logits, monkeypatch):
    many = PhraseScorer(VOCABULARY, PHRASES).log_probabilities(logits, [6, 4])

    # Room for the copies of one clip alone: 4 phrases, 6 frames, 3 classes.
    monkeypatch.setattr(phrase_scorer, "_MAX_NUMBERS", 4 * 6 * 3)
    few = PhraseScorer(VOCABULARY, PHRASES).log_probabilities(logits, [6, 4])

    np.testing.assert_array_equal(few, many)


def test_no_clips_have_no_scores(logits):
    assert PhraseScorer(VOCABULARY, PHRASES)(logits[:0]) == []


def test_a_phrase_too_long_for_its_clip_is_impossible(logits):
    scores = PhraseScorer(VOCABULARY, ("aab", "b")).log_probabilities(logits, [3, 3])

    np.testing.assert_array_equal(scores[:, 0], -np.inf)
    assert np.isfinite(scores[:, 1]).all()


def test_the_mask_says_which_frames_are_valid(logits):
    scorer = PhraseScorer(VOCABULARY, PHRASES)

    carried = scorer.log_probabilities(masked(logits, [6, 4]))

    given = scorer.log_probabilities(logits, [6, 4])
    np.testing.assert_array_equal(carried, given)


def test_the_best_phrase_is_understood_if_it_is_probable_enough(logits):
    scores = PhraseScorer(VOCABULARY, PHRASES).log_probabilities(logits)
    best = np.exp(scores.max(axis=1))

    threshold = float(best.mean())
    commands = PhraseScorer(VOCABULARY, PHRASES, threshold=threshold)(logits)

    for clip, command in enumerate(commands):
        phrase = PHRASES[scores[clip].argmax()] if best[clip] >= threshold else None
        assert command == Command(phrase, pytest.approx(best[clip]))
    assert sum(command.label is None for command in commands) == 1


def test_what_is_none_of_the_phrases_has_a_low_probability():
    logits = 9 * np.eye(3)[[[2, 0, 2, 0, 2, 0]]]  # surely "bbb"

    (command,) = PhraseScorer(VOCABULARY, PHRASES, threshold=0.5)(logits)

    assert command.label is None
    assert command.probability < 0.01


def test_config_survives_a_round_trip():
    scorer = PhraseScorer(VOCABULARY, PHRASES, threshold=0.4)

    config = keras.saving.serialize_keras_object(scorer)

    assert keras.saving.deserialize_keras_object(config) == scorer


@pytest.mark.parametrize("phrases", [(), "ab"])
def test_rejects_phrases_that_are_none(phrases):
    with pytest.raises(ValueError, match="`phrases` must be a list of"):
        PhraseScorer(VOCABULARY, phrases)


def test_rejects_a_phrase_with_unknown_characters():
    with pytest.raises(ValueError, match="no class has 'c'"):
        PhraseScorer(VOCABULARY, ("ab", "abc"))


def test_rejects_a_threshold_that_is_no_probability():
    with pytest.raises(ValueError, match="`threshold` must be a number from 0 to 1"):
        PhraseScorer(VOCABULARY, PHRASES, threshold=1.5)
