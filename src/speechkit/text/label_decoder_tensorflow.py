"""Labels to texts in a graph of TensorFlow: inside a model that answers in words."""

import keras
import tensorflow as tf

from speechkit.text.character_vocabulary import CharacterVocabulary
from speechkit.text.word_vocabulary import WordVocabulary

_SEPARATORS = {CharacterVocabulary: "", WordVocabulary: " "}


@keras.saving.register_keras_serializable(package="speechkit")
class LabelDecoder(keras.layers.Layer):
    """Turns labels into a tensor of texts, as `vocabulary.decode` does.

    It works in a model and in what is exported from it, and on TensorFlow alone. What
    follows the first −1 of a row is not read.

    Args:
        vocabulary: `CharacterVocabulary` or `WordVocabulary`.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name`.

    Input shape:
        `(batch, labels)` integers, padded with −1; labels without a token are left out.

    Output shape:
        `(batch,)` strings in UTF-8.

    Raises:
        ValueError: If the vocabulary is another.

    Example:
        >>> decoder = LabelDecoder(CharacterVocabulary(" abc"))
        >>> decoder(tf.constant([[2, 1, 4], [3, -1, -1]])).numpy().tolist()
        [b'a c', b'b']
    """

    def __init__(self, vocabulary: CharacterVocabulary | WordVocabulary, **kwargs):
        super().__init__(autocast=False, **kwargs)
        if type(vocabulary) not in _SEPARATORS:
            raise ValueError(
                "`vocabulary` must be a CharacterVocabulary or a WordVocabulary. "
                f"Received: {type(vocabulary).__name__}"
            )
        self.vocabulary = vocabulary
        self.built = True

    def call(self, inputs):
        labels = tf.cast(inputs, "int32")
        before_end = tf.math.cumprod(tf.cast(labels != -1, "int32"), axis=1) > 0
        known = (labels > 0) & (labels < self.vocabulary.num_classes) & before_end
        kept = tf.ragged.boolean_mask(labels, known)
        # A constant and no table: it travels with every kind of export.
        tokens = tf.gather(tf.constant(["", *self.vocabulary.tokens]), kept)
        separator = _SEPARATORS[type(self.vocabulary)]
        return tf.strings.reduce_join(tokens, axis=1, separator=separator)

    def compute_output_shape(self, input_shape):
        return (input_shape[0],)

    def compute_output_spec(self, inputs):
        return keras.KerasTensor((inputs.shape[0],), dtype="string")

    def get_config(self):
        vocabulary = keras.saving.serialize_keras_object(self.vocabulary)
        return {**super().get_config(), "vocabulary": vocabulary}

    @classmethod
    def from_config(cls, config):
        vocabulary = keras.saving.deserialize_keras_object(config["vocabulary"])
        return cls(**{**config, "vocabulary": vocabulary})
