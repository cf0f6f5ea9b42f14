"""Tests of `Vocabulary` as the base of a vocabulary of one's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit import text


@keras.saving.register_keras_serializable(package="tests")
class PhoneVocabulary(text.Vocabulary):
    """Labels of phones, which a lexicon gives for each word."""

    def __init__(self, lexicon):
        self.lexicon = dict(lexicon)
        phones = {phone for word in lexicon.values() for phone in word.split()}
        self._tokens = tuple(sorted(phones))

    @property
    def tokens(self):
        return self._tokens

    def split(self, text):
        return " ".join(self.lexicon[word] for word in text.split()).split()

    def join(self, tokens):
        return " ".join(tokens)

    def get_config(self):
        return {"lexicon": self.lexicon}


@pytest.fixture
def vocabulary():
    return PhoneVocabulary({"on": "aa n", "no": "n ow"})


def test_labels_follow_the_tokens(vocabulary):
    labels = vocabulary.encode_batch(["on no", "no"])

    np.testing.assert_array_equal(labels, [[1, 2, 2, 3], [2, 3, -1, -1]])
    assert vocabulary.decode_batch(labels) == ["aa n n ow", "n ow"]
    assert vocabulary.num_classes == 4
    assert vocabulary.space_label is None
    assert vocabulary.unknown_label is None


def test_layers_of_labels_take_it(vocabulary):
    batches = tf.data.Dataset.from_tensors(["on no", "no"])

    (labels,) = batches.map(text.LabelEncoder(vocabulary))

    assert labels.numpy().tolist() == [[1, 2, 2, 3], [2, 3, -1, -1]]
    texts = text.LabelDecoder(vocabulary)(labels)
    assert texts.numpy().tolist() == [b"aa n n ow", b"n ow"]


def test_it_is_saved_by_keras(vocabulary):
    config = keras.saving.serialize_keras_object(vocabulary)

    revived = keras.saving.deserialize_keras_object(config)

    assert type(revived) is PhoneVocabulary
    assert revived.tokens == vocabulary.tokens


def test_a_token_may_stand_for_all_others():
    vocabulary = PhoneVocabulary({"on": "aa n", "hm": "noise"})
    vocabulary.lexicon["off"] = "ao f"
    vocabulary.unknown = "noise"

    assert vocabulary.encode("on off") == [1, 2, 3, 3]


@pytest.mark.parametrize("use", ["encode", "unknown_label"])
def test_rejects_a_token_for_all_others_that_is_none(vocabulary, use):
    vocabulary.unknown = "<u>"
    message = "`unknown` must be a token of the vocabulary. Received: unknown='<u>'"

    with pytest.raises(ValueError, match=message):
        vocabulary.encode("on") if use == "encode" else vocabulary.unknown_label


class Twice(PhoneVocabulary):
    """Has a phone twice."""

    tokens = ("aa", "n", "aa")


@pytest.mark.parametrize("use", ["num_classes", "encode"])
def test_rejects_two_classes_of_one_text(use):
    vocabulary = Twice({"on": "aa n"})
    message = "`tokens` must hold each token once. Received: 'aa' again, for label 3"

    with pytest.raises(ValueError, match=message):
        vocabulary.encode("on") if use == "encode" else vocabulary.num_classes


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: text.CharacterVocabulary("aba"), "characters"),
        (lambda: text.WordVocabulary(("a", "b", "a")), "words"),
        (lambda: text.PinyinVocabulary(("a", "b", "a")), "sounds"),
    ],
)
def test_every_vocabulary_rejects_a_token_that_comes_twice(make, name):
    message = f"`{name}` must hold each token once. Received: 'a' again, for label 3"

    with pytest.raises(ValueError, match=message):
        make()
