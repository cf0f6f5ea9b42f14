"""Texts to labels in a graph of TensorFlow: in `tf.data`, or inside a model."""

import keras
import tensorflow as tf

from speechkit.text.character_vocabulary import CharacterVocabulary
from speechkit.text.word_vocabulary import WordVocabulary

_SPLITTERS = {
    CharacterVocabulary: lambda texts: tf.strings.unicode_split(texts, "UTF-8"),
    WordVocabulary: lambda texts: tf.strings.split(texts),
}


@keras.saving.register_keras_serializable(package="speechkit")
class LabelEncoder(keras.layers.Layer):
    """Turns a tensor of texts into labels, as `vocabulary.encode` does.

    It works in `tf.data.Dataset.map`, in a model and in what is exported from it, and
    on TensorFlow alone.

    Args:
        vocabulary: `CharacterVocabulary` or `WordVocabulary`.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name`.

    Input shape:
        `(batch,)` strings in UTF-8.

    Output shape:
        `(batch, labels)` int32; −1 after the last label of a text.

    Raises:
        ValueError: If the vocabulary is another.
        tf.errors.InvalidArgumentError: In the call, if a text has a token that is not
            in the vocabulary and nothing stands for such tokens.

    Example:
        >>> encoder = LabelEncoder(CharacterVocabulary(" abc"))
        >>> encoder(tf.constant(["a c", "b"])).numpy().tolist()
        [[2, 1, 4], [3, -1, -1]]
    """

    def __init__(self, vocabulary: CharacterVocabulary | WordVocabulary, **kwargs):
        super().__init__(autocast=False, **kwargs)
        if type(vocabulary) not in _SPLITTERS:
            raise ValueError(
                "`vocabulary` must be a CharacterVocabulary or a WordVocabulary. "
                f"Received: {type(vocabulary).__name__}"
            )
        self.vocabulary = vocabulary
        # Keras's own table, since that is what it exports with a model. No token is
        # empty, so nothing is taken for what is not in the table; that gets the blank.
        self._table = keras.layers.StringLookup(
            vocabulary=list(vocabulary.tokens), oov_token=""
        )
        self.built = True

    def call(self, inputs):
        tokens = _SPLITTERS[type(self.vocabulary)](tf.convert_to_tensor(inputs))
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

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None)

    def compute_output_spec(self, inputs):
        shape = self.compute_output_shape(inputs.shape)
        return keras.KerasTensor(shape, dtype="int32")

    def get_config(self):
        vocabulary = keras.saving.serialize_keras_object(self.vocabulary)
        return {**super().get_config(), "vocabulary": vocabulary}

    @classmethod
    def from_config(cls, config):
        vocabulary = keras.saving.deserialize_keras_object(config["vocabulary"])
        return cls(**{**config, "vocabulary": vocabulary})
