"""Labels to texts in a graph of TensorFlow: inside a model that answers in words."""

import keras
import tensorflow as tf

from speechkit.text.label_encoder_tensorflow import check_vocabulary
from speechkit.text.subword_vocabulary import SubwordVocabulary
from speechkit.text.vocabulary import Vocabulary

_SPACE = "▁"  # as sentencepiece writes it


@keras.saving.register_keras_serializable(package="speechkit")
class LabelDecoder(keras.layers.Layer):
    """Turns labels into a tensor of texts, as `vocabulary.decode` does.

    It works in a model and in what is exported from it, and on TensorFlow alone; what
    is exported needs neither pypinyin nor sentencepiece. What follows the first −1 of a
    row is not read.

    Args:
        vocabulary: Any vocabulary of `speechkit.text`. One of your own must join tokens
            with the same text between any two of them.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name`.

    Input shape:
        `(batch, labels)` integers, padded with −1; labels without a token are left out.

    Output shape:
        `(batch,)` strings in UTF-8.

    Raises:
        TypeError: If the vocabulary is none.

    Example:
        >>> from speechkit.text import CharacterVocabulary
        >>> decoder = LabelDecoder(CharacterVocabulary(" abc"))
        >>> decoder(tf.constant([[2, 1, 4], [3, -1, -1]])).numpy().tolist()
        [b'a c', b'b']
    """

    def __init__(self, vocabulary: Vocabulary, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.vocabulary = check_vocabulary(vocabulary)
        self._has_pieces = isinstance(vocabulary, SubwordVocabulary)
        if isinstance(vocabulary, SubwordVocabulary):
            self._tokens, self._separator = vocabulary.written_tokens, ""
        else:
            first = vocabulary.tokens[0]
            between = vocabulary.join([first, first])
            self._tokens = tuple(token.encode() for token in vocabulary.tokens)
            self._separator = between[len(first) : len(between) - len(first)]
        self.built = True

    def call(self, inputs):
        labels = tf.cast(inputs, "int32")
        before_end = tf.math.cumprod(tf.cast(labels != -1, "int32"), axis=1) > 0
        known = (labels > 0) & (labels < self.vocabulary.num_classes) & before_end
        kept = tf.ragged.boolean_mask(labels, known)
        # A constant and no table: it travels with every kind of export.
        tokens = tf.gather(tf.constant([b"", *self._tokens]), kept)
        texts = tf.strings.reduce_join(tokens, axis=1, separator=self._separator)
        if not self._has_pieces:
            return texts
        texts = tf.strings.regex_replace(texts, f"^({_SPACE})+", "")
        return tf.strings.regex_replace(texts, _SPACE, " ")

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
