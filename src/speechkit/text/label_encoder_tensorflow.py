"""Texts to labels in a graph of TensorFlow: in `tf.data`, or inside a model."""

import keras
import tensorflow as tf

from speechkit.text.character_vocabulary import CharacterVocabulary
from speechkit.text.vocabulary import Vocabulary
from speechkit.text.word_vocabulary import WordVocabulary

_SPLITTERS = {
    CharacterVocabulary: lambda texts: tf.strings.unicode_split(texts, "UTF-8"),
    WordVocabulary: lambda texts: tf.strings.split(texts),
}


@keras.saving.register_keras_serializable(package="speechkit")
class LabelEncoder(keras.layers.Layer):
    """Turns a tensor of texts into labels, as `vocabulary.encode` does.

    It works in `tf.data.Dataset.map`, and on TensorFlow alone. With characters and
    words it works in a model, too, and in what is exported from it. How Chinese is read
    and how words are divided only Python knows: with a `PinyinVocabulary`, a
    `SubwordVocabulary` or one of your own, texts are encoded by the Python process that
    runs the pipeline, and a model cannot have this layer. Text that already is pinyin
    with spaces is words: `LabelEncoder(WordVocabulary(vocabulary.sounds))` gives the
    same labels anywhere.

    Args:
        vocabulary: Any vocabulary of `speechkit.text`.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name`.

    Input shape:
        `(batch,)` strings in UTF-8.

    Output shape:
        `(batch, labels)` int32; −1 after the last label of a text.

    Raises:
        TypeError: If the vocabulary is none.
        ValueError: If a model is to have this layer, and its vocabulary needs Python.
        tf.errors.InvalidArgumentError: In the call, if a text has a token that is not
            in the vocabulary and nothing stands for such tokens.

    Example:
        >>> encoder = LabelEncoder(CharacterVocabulary(" abc"))
        >>> encoder(tf.constant(["a c", "b"])).numpy().tolist()
        [[2, 1, 4], [3, -1, -1]]
    """

    def __init__(self, vocabulary: Vocabulary, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.vocabulary = check_vocabulary(vocabulary)
        self._in_graph = type(vocabulary) in _SPLITTERS
        if self._in_graph:
            # Keras's own table, since that is what it exports with a model. No token is
            # empty, so nothing is taken for what is not in the table, which gets 0.
            self._table = keras.layers.StringLookup(
                vocabulary=list(vocabulary.tokens), oov_token=""
            )
        self.built = True

    def call(self, inputs):
        texts = tf.convert_to_tensor(inputs)
        return self._look_up(texts) if self._in_graph else self._encode(texts)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None)

    def compute_output_spec(self, inputs):
        if not self._in_graph:
            raise ValueError(
                "`vocabulary` must be a CharacterVocabulary or a WordVocabulary to "
                "encode texts in a model; encode with others in `tf.data`. "
                f"Received: {type(self.vocabulary).__name__}"
            )
        shape = self.compute_output_shape(inputs.shape)
        return keras.KerasTensor(shape, dtype="int32")

    def get_config(self):
        vocabulary = keras.saving.serialize_keras_object(self.vocabulary)
        return {**super().get_config(), "vocabulary": vocabulary}

    @classmethod
    def from_config(cls, config):
        vocabulary = keras.saving.deserialize_keras_object(config["vocabulary"])
        return cls(**{**config, "vocabulary": vocabulary})

    def _look_up(self, texts):
        tokens = _SPLITTERS[type(self.vocabulary)](texts)
        labels = tf.cast(self._table(tokens.flat_values), "int32")
        unknown = self.vocabulary.unknown_label
        if unknown is None:
            check = tf.debugging.assert_positive(
                labels, "`inputs` must consist of tokens of the vocabulary."
            )
            with tf.control_dependencies([] if check is None else [check]):
                labels = tf.identity(labels)
        else:
            labels = tf.where(labels == 0, unknown, labels)
        labels = tokens.with_flat_values(labels)
        return labels.to_tensor(default_value=-1)

    def _encode(self, texts):
        def encode(values):
            return self.vocabulary.encode_batch([value.decode() for value in values])

        labels = tf.numpy_function(encode, [texts], "int32")
        return tf.ensure_shape(labels, (texts.shape[0], None))


def check_vocabulary(vocabulary: Vocabulary) -> Vocabulary:
    """Returns `vocabulary`.

    Raises:
        TypeError: If it is none.
    """
    if not isinstance(vocabulary, Vocabulary):
        raise TypeError(
            "`vocabulary` must be a vocabulary of speechkit.text. "
            f"Received: {type(vocabulary).__name__}"
        )
    return vocabulary
