"""Tests of the laws and the errors of `CharacterVocabulary`."""

import json

import hypothesis
import keras
import numpy as np
import pytest
from hypothesis import strategies

from speechkit.text import CharacterVocabulary

TEXTS = strategies.text(min_size=1, max_size=30)


@hypothesis.given(text=TEXTS, padding=strategies.integers(0, 5))
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
def test_decoding_undoes_encoding(text, padding):
    vocabulary = CharacterVocabulary.from_texts([text])

    labels = vocabulary.encode(text)

    assert vocabulary.decode([*labels, *[-1] * padding]) == text
    assert len(labels) == len(text)
    assert all(0 < label < vocabulary.num_classes for label in labels)


@hypothesis.given(texts=strategies.lists(TEXTS, min_size=1, max_size=5))
@hypothesis.settings(max_examples=50, deadline=None, derandomize=True)
def test_vocabulary_of_texts_has_each_character_once_in_order(texts):
    vocabulary = CharacterVocabulary.from_texts(texts)

    assert [*vocabulary.characters] == sorted({*"".join(texts)})


def test_labels_count_from_one_in_the_order_given():
    vocabulary = CharacterVocabulary("ba 开")

    assert vocabulary.encode("ab 开") == [2, 1, 3, 4]
    assert vocabulary.encode("") == []
    assert vocabulary.num_classes == 5
    assert vocabulary.blank_index == 0


@pytest.mark.parametrize(
    ("characters", "label"), [(" ab", 1), ("ab ", 3), ("ab", None)]
)
def test_space_has_a_label_if_there_is_one(characters, label):
    assert CharacterVocabulary(characters).space_label == label


def test_decoding_stops_at_the_first_padding():
    labels = np.array([1, 2, -1, 7, 0])

    assert CharacterVocabulary("ab").decode(labels) == "ab"


def test_vocabulary_survives_a_round_trip_through_json():
    vocabulary = CharacterVocabulary("a 开")

    config = json.dumps(keras.saving.serialize_keras_object(vocabulary))

    assert keras.saving.deserialize_keras_object(json.loads(config)) == vocabulary


def test_one_character_may_stand_for_all_others():
    vocabulary = CharacterVocabulary.from_texts(["ab"], unknown="?")

    assert vocabulary.encode("axb") == [2, 1, 3]
    assert vocabulary.unknown_label == 1
    config = json.loads(json.dumps(vocabulary.get_config()))
    assert CharacterVocabulary.from_config(config) == vocabulary
    with pytest.raises(ValueError, match="`unknown` must be a token"):
        CharacterVocabulary("ab", unknown="?")


def test_batches_are_padded_and_read_up_to_the_padding():
    vocabulary = CharacterVocabulary("ab")

    labels = vocabulary.encode_batch(["ab", "", "b"])

    np.testing.assert_array_equal(labels, [[1, 2], [-1, -1], [2, -1]])
    assert vocabulary.decode_batch(labels) == ["ab", "", "b"]


@pytest.mark.parametrize("value", ["", None, ["a", "b"]])
def test_rejects_characters_that_are_no_text(value):
    with pytest.raises(ValueError, match="`characters` must be a text of at least one"):
        CharacterVocabulary(value)


def test_rejects_characters_that_come_twice():
    with pytest.raises(ValueError, match=r"hold each token once. Received: 'a' again"):
        CharacterVocabulary("aba")


def test_rejects_texts_with_other_characters():
    message = "characters 'ab'. Received: 'cz' in 'zacc'"

    with pytest.raises(ValueError, match=message):
        CharacterVocabulary("ab").encode("zacc")


@pytest.mark.parametrize("label", [0, 3, -2])
def test_rejects_labels_without_a_character(label):
    message = f"`labels` must be from 1 to 2, or -1 at the end. Received: {label}"

    with pytest.raises(ValueError, match=message):
        CharacterVocabulary("ab").decode([1, label])
