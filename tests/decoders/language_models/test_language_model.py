"""Tests of language models that users write, against n-grams in the search itself."""

import keras
import numpy as np
import pytest

from speechkit.decoders import (
    CTCBeamSearchDecoder,
    LanguageModel,
    NGramLanguageModel,
    ShallowFusion,
)

NGRAMS = NGramLanguageModel.train(["a b", "ab a", "ba", "a a b", "b"], order=3)
CLASSES = ["", " ", "a", "b"]


class Asked(LanguageModel):
    """The same n-grams, behind the protocol alone."""

    def __init__(self, words):
        self.words = words
        self.asked = []

    def first_state(self, *, begin=True):
        return NGRAMS.first_state(begin=begin)

    def step(self, state, word):
        self.asked.append((state, word))
        return NGRAMS.step(state, word)


def of_the_user():
    return Asked([word for word in NGRAMS.words if word[0] != "<"])


@pytest.mark.parametrize("boundaries", [True, False])
@pytest.mark.parametrize(
    "options", [{}, {"allowed_words": ["a", "ab", "abba"]}], ids=["all", "allowed"]
)
def test_a_model_of_a_user_scores_as_the_same_ngrams(random, boundaries, options):
    logits = random.normal(scale=2, size=(3, 25, 4))
    found = []

    for model in (of_the_user(), NGRAMS):
        fusion = ShallowFusion(model, weight=1.5, word_bonus=0.5, boundaries=boundaries)
        decoder = CTCBeamSearchDecoder(CLASSES, fusion=fusion, beam_width=20, **options)
        found.append(decoder.decode(logits, num_hypotheses=5))

    for ours, expected in zip(*found, strict=True):
        assert [x.text for x in ours] == [x.text for x in expected]
        assert [x.language_score for x in ours] == pytest.approx(
            [x.language_score for x in expected], abs=1e-5
        )


def test_each_word_is_asked_for_once_in_each_state(random):
    model = of_the_user()
    decoder = CTCBeamSearchDecoder(CLASSES, fusion=ShallowFusion(model))

    decoder.decode(random.normal(size=(1, 30, 4)))

    assert len(model.asked) == len(set(model.asked)) > 5
    assert {word for _, word in model.asked} <= {*model.words, "<unk>", "</s>"}


def test_sentences_are_scored_word_by_word():
    assert of_the_user().score("a b") == pytest.approx(NGRAMS.score("a b"))
    assert of_the_user().perplexity(["a b"]) == pytest.approx(
        NGRAMS.perplexity(["a b"])
    )


def test_the_unknown_word_need_not_be_among_the_words():
    assert (of_the_user().unknown, Asked(["<unk>", "a"]).unknown) == (4, 0)


def test_ngrams_are_saved_whole():
    fusion = ShallowFusion(NGRAMS, weight=0.7, unknown_score=-3.0, unit="label")

    config = keras.saving.serialize_keras_object(fusion)
    revived = keras.saving.deserialize_keras_object(config)

    assert (revived.weight, revived.unknown_score, revived.unit) == (0.7, -3.0, "label")
    assert revived.model.words == NGRAMS.words
    for one, other in zip(revived.model.trie, NGRAMS.trie, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weight": -1.0}, "`weight` must be a finite number of 0 or more"),
        ({"word_bonus": np.nan}, "`word_bonus` must be a finite number"),
        ({"unit": "label"}, "`unit` must be one of 'word'"),
    ],
)
def test_rejects_weights_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        ShallowFusion(of_the_user(), **options)


def test_rejects_what_is_no_language_model():
    with pytest.raises(TypeError, match="`model` must be a LanguageModel"):
        ShallowFusion("home.arpa")


class Broken(Asked):
    """A model whose answers are as it is told."""

    log_prob, first, after = -1.0, (), ()

    def first_state(self, *, begin=True):
        return self.first

    def step(self, state, word):
        return self.log_prob, self.after


@pytest.mark.parametrize("attributes", [{"log_prob": x} for x in (np.nan, np.inf)])
def test_rejects_models_without_a_probability(attributes):
    model = Broken(["a", "ab"])
    vars(model).update(attributes)
    decoder = CTCBeamSearchDecoder(CLASSES, fusion=ShallowFusion(model))

    message = r"`LanguageModel.step` must return a logarithm .* Received: (nan|inf) for"
    for use in (decoder, decoder.transcribe):
        with pytest.raises(ValueError, match=message):
            use(9 * np.eye(4, dtype="float32")[[[2, 1, 3]]])


@pytest.mark.parametrize(
    ("name", "method"), [("first", "first_state"), ("after", "step")]
)
def test_rejects_models_whose_states_cannot_be_looked_up(name, method):
    model = Broken(["a", "ab"])
    setattr(model, name, ["a"])

    message = rf"`LanguageModel.{method}` must return a hashable state"
    decoder = CTCBeamSearchDecoder(CLASSES, fusion=ShallowFusion(model))
    with pytest.raises(TypeError, match=message):
        decoder.transcribe(9 * np.eye(4)[[[2, 1, 3]]])


def test_words_that_a_model_finds_impossible_are_not_found():
    model = Broken(["a", "ab"])
    model.log_prob = -np.inf
    decoder = CTCBeamSearchDecoder(CLASSES, fusion=ShallowFusion(model))

    assert decoder.decode(9 * np.eye(4)[[[2, 1, 3]]]) == [[]]
