"""Tests of the laws and the errors of `WordVocabulary`."""

import json

import hypothesis
import keras
import numpy as np
import pytest
from hypothesis import strategies

from speechkit.text import WordVocabulary

WORDS = strategies.text(
    strategies.characters(exclude_categories=("C", "Z")), min_size=1, max_size=3
)
SENTENCES = strategies.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@hypothesis.given(texts=strategies.lists(SENTENCES, min_size=1, max_size=4))
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
def test_decoding_undoes_encoding(texts):
    vocabulary = WordVocabulary.from_texts(texts)

    labels = vocabulary.encode_batch(texts)

    assert vocabulary.decode_batch(labels) == texts
    assert labels.dtype == np.int32
    assert set(labels.ravel()) - {-1} == set(range(1, vocabulary.num_classes))


def test_rare_words_are_unknown():
    texts = ["turn left", "turn right", "go left"]

    vocabulary = WordVocabulary.from_texts(texts, min_count=2, unknown="<unk>")

    assert vocabulary.words == ("<unk>", "left", "turn")
    assert vocabulary.unknown_label == 1
    assert vocabulary.encode("go  right left") == [1, 1, 2]
    assert vocabulary.decode([3, 1]) == "turn <unk>"
    assert vocabulary.space_label is None


def test_no_texts_make_an_empty_batch():
    assert WordVocabulary(("a",)).encode_batch([]).shape == (0, 0)
    assert WordVocabulary(("a",)).encode_batch(["", ""]).shape == (2, 0)


def test_vocabulary_survives_a_round_trip_through_json():
    vocabulary = WordVocabulary(["开机", "<unk>"], unknown="<unk>")

    config = json.dumps(keras.saving.serialize_keras_object(vocabulary))

    revived = keras.saving.deserialize_keras_object(json.loads(config))
    assert revived == vocabulary
    assert hash(revived) == hash(vocabulary)


def test_rejects_texts_with_other_words():
    message = r"tokens of the vocabulary. Received: 'b', 'c' in 'a c b'"

    with pytest.raises(ValueError, match=message):
        WordVocabulary(("a",)).encode("a c b")


@pytest.mark.parametrize("value", [(), "ab", ("a", ""), ("a", 1)])
def test_rejects_words_that_are_no_texts(value):
    with pytest.raises(ValueError, match="`words` must be texts, at least one, and"):
        WordVocabulary(value)


def test_rejects_words_with_white_space():
    with pytest.raises(ValueError, match=r"without white space. Received: 'new york'"):
        WordVocabulary(("a", "new york"))


def test_rejects_an_unknown_word_without_a_label():
    with pytest.raises(ValueError, match=r"must be a token .*unknown='<unk>'"):
        WordVocabulary(("a",), unknown="<unk>")
