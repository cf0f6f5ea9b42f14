"""Tests of `LabelEncoder` and `LabelDecoder` against the vocabularies themselves."""

import base64
import io

import keras
import numpy as np
import pytest
import sentencepiece
import tensorflow as tf

from speechkit.text import (
    CharacterVocabulary,
    LabelDecoder,
    LabelEncoder,
    PinyinVocabulary,
    SubwordVocabulary,
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


CHINESE = ["蓝牙开机", "", "银行 关机"]


@pytest.fixture(scope="module")
def subwords():
    """A vocabulary of pieces, of which some are bytes, and texts to write with it."""
    verbs, places = ["turn", "switch", "go"], ["left", "right", "on", "off"]
    texts = [f"{verb} {place} now" for verb in verbs for place in places]
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=file,
        vocab_size=300,
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=3,
    )
    model = base64.b64encode(file.getvalue()).decode()
    return SubwordVocabulary(model, unknown="<unk>"), [*texts[:3], "", "go 开 é", "now"]


@pytest.mark.parametrize("unit", ["syllables", "initials_finals"])
def test_chinese_is_read_in_a_pipeline(unit):
    vocabulary = PinyinVocabulary.from_texts(
        CHINESE, unit, lexicon={"银行": "yin2 hang2"}
    )
    encoder = LabelEncoder(vocabulary)

    (labels,) = tf.data.Dataset.from_tensor_slices(CHINESE).batch(3).map(encoder)

    np.testing.assert_array_equal(labels, vocabulary.encode_batch(CHINESE))
    texts = [text.decode() for text in LabelDecoder(vocabulary)(labels).numpy()]
    assert texts == vocabulary.decode_batch(labels.numpy())


def test_pinyin_is_words_with_the_same_labels():
    vocabulary = PinyinVocabulary.from_texts(CHINESE)
    written = [vocabulary.decode(vocabulary.encode(text)) for text in CHINESE]

    labels = LabelEncoder(WordVocabulary(vocabulary.sounds))(tf.constant(written))

    np.testing.assert_array_equal(labels, vocabulary.encode_batch(CHINESE))


def test_words_are_divided_in_a_pipeline(subwords):
    vocabulary, texts = subwords
    encoder = LabelEncoder(vocabulary)

    (labels,) = tf.data.Dataset.from_tensor_slices(texts).batch(6).map(encoder)

    np.testing.assert_array_equal(labels, vocabulary.encode_batch(texts))


def test_pieces_are_joined_as_sentencepiece_does(subwords):
    vocabulary, texts = subwords
    unknown, start = 1, 2  # `<unk>` and `<s>` of the model, after the blank
    rows = [vocabulary.encode(text) for text in texts]
    rows += [[unknown, *rows[0]], [start, *rows[0], unknown], [unknown, unknown]]
    space = vocabulary.tokens.index("▁") + 1
    rows += [[space, space, *rows[0]], [*rows[0], space, space]]
    processor = sentencepiece.SentencePieceProcessor(
        model_proto=base64.b64decode(vocabulary.model)
    )

    decoded = LabelDecoder(vocabulary)(tf.ragged.constant(rows).to_tensor(-1))

    expected = [processor.decode([label - 1 for label in row]) for row in rows]
    assert [text.decode() for text in decoded.numpy()] == expected
    assert expected[: len(texts)] == texts


@pytest.mark.parametrize("kind", ["pinyin", "subwords"])
def test_decoders_of_all_kinds_travel_with_a_model(kind, subwords, tmp_path):
    vocabulary, texts = (
        subwords
        if kind == "subwords"
        else (PinyinVocabulary.from_texts(CHINESE), CHINESE)
    )
    labels = vocabulary.encode_batch(texts)
    inputs = keras.Input((None,), dtype="int32")
    model = keras.Model(inputs, LabelDecoder(vocabulary)(inputs))
    model.save(tmp_path / "model.keras")
    model.export(tmp_path / "exported", verbose=False)

    revived = keras.saving.load_model(tmp_path / "model.keras")
    served = tf.saved_model.load(str(tmp_path / "exported")).serve

    for run in (model, revived, served):
        decoded = [text.decode() for text in run(tf.constant(labels)).numpy()]
        assert decoded == vocabulary.decode_batch(labels)


def test_rejects_a_model_that_would_need_python():
    encoder = LabelEncoder(PinyinVocabulary(("kai1",)))
    message = "encode with others in `tf.data`. Received: PinyinVocabulary"

    with pytest.raises(ValueError, match=message):
        encoder(keras.Input((), dtype="string"))


def test_what_has_no_reading_is_an_error_in_a_pipeline():
    encoder = LabelEncoder(PinyinVocabulary(("kai1",)))
    batches = tf.data.Dataset.from_tensors(["开", "left"]).map(encoder)

    with pytest.raises(tf.errors.InvalidArgumentError, match="Chinese characters"):
        next(iter(batches))


@pytest.mark.parametrize("layer", [LabelEncoder, LabelDecoder])
def test_rejects_what_is_no_vocabulary(layer):
    with pytest.raises(TypeError, match=r"must be a vocabulary of .*Received: str"):
        layer("abc")
