"""Tests of the laws and the errors of `PinyinVocabulary`."""

import json

import keras
import pytest

from speechkit import metrics
from speechkit.text import PinyinVocabulary, to_pinyin

COMMANDS = ["蓝牙开机", "蓝牙关机", "蓝牙打电话", "蓝牙还剩多少电"]


@pytest.mark.parametrize("unit", ["syllables", "initials_finals"])
def test_labels_are_those_of_the_sounds(unit):
    vocabulary = PinyinVocabulary.from_texts(COMMANDS, unit=unit)

    for text in COMMANDS:
        decoded = vocabulary.decode(vocabulary.encode(text))
        assert decoded.split() == to_pinyin(text, unit=unit)
    assert list(vocabulary.sounds) == sorted(set(vocabulary.sounds))


def test_tones_are_what_the_tone_error_rate_takes():
    vocabulary = PinyinVocabulary.from_texts(["蓝牙", "烂鸭"], unit="initials_finals")
    metric = metrics.ToneErrorRate(vocabulary.tones)

    metric.update_state(
        vocabulary.encode_batch(["蓝牙"]), vocabulary.encode_batch(["烂鸭"])
    )

    # lan2 ya2 and lan4 ya1: the same sounds in other tones.
    assert float(metric.result()) == 1
    assert len(vocabulary.tones) == vocabulary.num_classes
    assert sorted(vocabulary.tones) == [-1, -1, 1, 2, 2, 4]


def test_vocabulary_survives_a_round_trip_through_json():
    lexicon = {"行": "xing2"}
    vocabulary = PinyinVocabulary.from_texts(["行人"], lexicon=lexicon)

    config = json.dumps(keras.saving.serialize_keras_object(vocabulary))

    revived = keras.saving.deserialize_keras_object(json.loads(config))
    assert revived == vocabulary
    assert revived.decode(revived.encode("行")) == "xing2"
    assert hash(revived) == hash(vocabulary)


def test_rejects_sounds_that_are_not_in_it():
    with pytest.raises(ValueError, match=r"of the vocabulary. Received: 'guan1'"):
        PinyinVocabulary(("kai1",)).encode("开关")


def test_rejects_an_unknown_unit():
    with pytest.raises(ValueError, match="`unit` must be one of"):
        PinyinVocabulary(("kai1",), unit="tones")
