"""Tests of `SubwordVocabulary` against sentencepiece itself."""

import base64
import json

import keras
import pytest
import sentencepiece

from speechkit.text import SubwordVocabulary


@pytest.fixture(scope="module")
def texts():
    verbs, places = ["turn", "switch", "go"], ["left", "right", "on", "off"]
    return [
        f"{verb} {place} {again}"
        for verb in verbs
        for place in places
        for again in ("again", "now", "please")
    ]


@pytest.fixture(scope="module")
def vocabulary(texts):
    return SubwordVocabulary.from_texts(texts, num_pieces=20)


def test_pieces_are_those_of_sentencepiece(vocabulary, texts):
    processor = sentencepiece.SentencePieceProcessor(
        model_proto=base64.b64decode(vocabulary.model)
    )

    for text in texts:
        expected = [1 + piece for piece in processor.encode(text)]
        assert vocabulary.encode(text) == expected
        assert vocabulary.decode([*expected, -1]) == text
    assert vocabulary.num_classes == 21


def test_what_it_cannot_write_is_an_error_or_a_label(vocabulary):
    with pytest.raises(ValueError, match=r"tokens of the vocabulary. Received: '开'"):
        vocabulary.encode("turn 开")
    explicit = SubwordVocabulary(vocabulary.model, unknown="<unk>")

    assert explicit.unknown_label == 1
    assert 1 in explicit.encode("turn 开")


def test_vocabulary_survives_a_round_trip_through_json(vocabulary):
    config = json.dumps(keras.saving.serialize_keras_object(vocabulary))

    revived = keras.saving.deserialize_keras_object(json.loads(config))

    assert revived == vocabulary
    assert revived.encode("turn left") == vocabulary.encode("turn left")


@pytest.mark.parametrize("value", ["", "AAAA", "not base 64", b"bytes", None])
def test_rejects_what_is_no_model(value):
    with pytest.raises(ValueError, match="`model` must be a "):
        SubwordVocabulary(value)


def test_rejects_more_pieces_than_the_texts_have(texts):
    with pytest.raises(ValueError, match="`num_pieces` must fit the texts"):
        SubwordVocabulary.from_texts(texts, num_pieces=5000)
