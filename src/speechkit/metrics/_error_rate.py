"""What the error rates share: the sums over the corpus, in integers."""

from typing import NamedTuple

import keras
from keras import ops

from speechkit.metrics import _sums
from speechkit.ops.edits import edit_counts


class Counts(NamedTuple):
    """Sums over a corpus, as float64 scalars."""

    hits: keras.KerasTensor
    substitutions: keras.KerasTensor
    deletions: keras.KerasTensor
    insertions: keras.KerasTensor
    clips: keras.KerasTensor
    wrong_clips: keras.KerasTensor

    @property
    def errors(self):
        """Substitutions, deletions and insertions."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def reference_length(self):
        """Reference tokens."""
        return self.hits + self.substitutions + self.deletions

    @property
    def hypothesis_length(self):
        """Tokens of the hypotheses."""
        return self.hits + self.substitutions + self.insertions


class ErrorRate(keras.metrics.Metric):
    """Sums hits and errors; a subclass says what a token is, and what the rate is."""

    def __init__(self, decoder=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.decoder = decoder
        self._sums = self.add_variable(
            (len(Counts._fields),), "zeros", dtype="int64", name="sums"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        if self.decoder is not None:
            y_pred = self.decoder(y_pred)
        labels = [ops.cast(side, "int32") for side in (y_true, y_pred)]
        (said, said_lengths), (heard, heard_lengths) = map(self.tokens, labels)
        counts = edit_counts.edit_counts(said, heard, said_lengths, heard_lengths)
        wrong = ops.cast(sum(counts[1:]) > 0, "int32")
        columns = ops.stack([*counts, ops.ones_like(wrong), wrong], axis=1)
        columns = ops.cast(columns, "int64") * _weights(sample_weight)
        _sums.add(self._sums, ops.sum(columns, axis=0))

    def tokens(self, labels):
        """Returns the tokens of labels, and how many each clip has."""
        return labels, ops.sum(ops.cast(labels >= 0, "int32"), axis=1)

    def rate(self, counts):
        """Returns the rate that follows from `Counts`."""
        return divide(counts.errors, counts.reference_length)

    def result(self):
        return ops.cast(self.rate(self._counts()), "float32")

    def merge_state(self, metrics):
        """Adds what other metrics of the same kind have counted."""
        for metric in metrics:
            self._sums.assign_add(metric._sums)

    @property
    def hits(self):
        """Reference tokens that were recognised, by weight."""
        return self._counts().hits

    @property
    def substitutions(self):
        """Reference tokens that were taken for others, by weight."""
        return self._counts().substitutions

    @property
    def deletions(self):
        """Reference tokens that were missed, by weight."""
        return self._counts().deletions

    @property
    def insertions(self):
        """Tokens that nobody said, by weight."""
        return self._counts().insertions

    def get_config(self):
        decoder = self.decoder
        if decoder is not None:
            decoder = keras.saving.serialize_keras_object(decoder)
        return {**super().get_config(), "decoder": decoder}

    @classmethod
    def from_config(cls, config):
        decoder = config.get("decoder")
        if isinstance(decoder, dict):
            decoder = keras.saving.deserialize_keras_object(decoder)
        return cls(**{**config, "decoder": decoder})

    def _counts(self):
        sums = ops.cast(self._sums, "float64") / _sums.UNIT
        return Counts(*(sums[place] for place in range(len(Counts._fields))))


def divide(errors, tokens):
    """Returns errors by tokens; without tokens 0, or infinity if there are errors."""
    empty = ops.where(errors > 0, float("inf"), 0.0)
    rate = errors / ops.maximum(tokens, 1 / _sums.UNIT)
    return ops.where(tokens > 0, rate, ops.cast(empty, "float64"))


def _weights(sample_weight):
    """Returns the weights of the clips in units, `(batch, 1)`, or that of all."""
    if sample_weight is None:
        return _sums.UNIT
    return ops.reshape(_sums.in_units(sample_weight), (-1, 1))
