"""Tests of `LabelEncoder` and `LabelDecoder` against the vocabularies themselves."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit.text import (
    CharacterVocabulary,
    LabelDecoder,
    LabelEncoder,
    PinyinVocabulary,
    WordVocabulary,
)

TEXTS = ["turn left", "", "蓝牙 开机 now", "left"]
VOCABULARIES = {
    "characters": CharacterVocabulary.from_texts(TEXTS),
    "words": WordVocabulary.from_texts(TEXTS),
}
each_vocabulary = pytest.mark.parametrize(
    "vocabulary", VOCABULARIES.values(), ids=VOCABULARIES
)


@each_vocabulary
def test_labels_in_a_pipeline_are_those_of_the_vocabulary(vocabulary):
    encoder = LabelEncoder(vocabulary)

    (labels,) = tf.data.Dataset.from_tensor_slices(TEXTS).batch(4).map(encoder)

    np.testing.assert_array_equal(labels, vocabulary.encode_batch(TEXTS))


@each_vocabulary
def test_texts_are_those_of_the_vocabulary(vocabulary):
    labels = vocabulary.encode_batch(TEXTS)
    # What follows the first −1 does not count.
    labels = np.concatenate([labels, np.full((4, 1), -1), np.ones((4, 1))], axis=1)

    texts = LabelDecoder(vocabulary)(labels)

    assert [text.decode() for text in texts.numpy()] == TEXTS


@each_vocabulary
def test_they_travel_with_a_model(vocabulary, tmp_path):
    inputs = keras.Input((), dtype="string")
    outputs = LabelDecoder(vocabulary)(LabelEncoder(vocabulary)(inputs))
    model = keras.Model(inputs, outputs)
    model.save(tmp_path / "model.keras")
    model.export(tmp_path / "exported", verbose=False)

    revived = keras.saving.load_model(tmp_path / "model.keras")
    served = tf.saved_model.load(str(tmp_path / "exported")).serve

    for run in (model, revived, served):
        assert [text.decode() for text in run(tf.constant(TEXTS)).numpy()] == TEXTS


def test_unknown_tokens_get_their_label():
    vocabulary = WordVocabulary(("<unk>", "left"), unknown="<unk>")

    labels = LabelEncoder(vocabulary)(tf.constant(["turn left"]))

    np.testing.assert_array_equal(labels, [[1, 2]])


def test_unknown_tokens_without_a_label_are_an_error():
    encoder = tf.function(LabelEncoder(CharacterVocabulary("ab")))

    with pytest.raises(tf.errors.InvalidArgumentError, match="tokens of the vocab"):
        encoder(tf.constant(["abc"]))


@pytest.mark.parametrize("layer", [LabelEncoder, LabelDecoder])
def test_rejects_vocabularies_that_have_no_graph(layer):
    message = "CharacterVocabulary or a WordVocabulary. Received: PinyinVocabulary"

    with pytest.raises(ValueError, match=message):
        layer(PinyinVocabulary(("kai1",)))
