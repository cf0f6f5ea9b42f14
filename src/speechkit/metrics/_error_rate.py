"""What the error rates share: the sums over the corpus."""

import keras
from keras import ops


class ErrorRate(keras.metrics.Metric):
    """Sums edits and reference tokens; a subclass counts those of each clip."""

    def __init__(self, decoder=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.decoder = decoder
        # In float64 a count is exact up to 2^53, and weights need not be whole.
        self.edits = self.add_variable((), "zeros", dtype="float64", name="edits")
        self.reference_length = self.add_variable(
            (), "zeros", dtype="float64", name="reference_length"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        if self.decoder is not None:
            y_pred = self.decoder(y_pred)
        edits, lengths = self.count(
            ops.cast(y_true, "int32"), ops.cast(y_pred, "int32")
        )
        self.edits.assign_add(_weighted_sum(edits, sample_weight))
        self.reference_length.assign_add(_weighted_sum(lengths, sample_weight))

    def count(self, reference, hypothesis):
        """Returns the edits and the reference tokens of each clip, `(batch,)` each."""
        raise NotImplementedError

    def result(self):
        # No reference at all: no error without edits, infinitely many with some.
        empty = ops.where(self.edits > 0, float("inf"), 0.0)
        rate = self.edits / ops.maximum(self.reference_length, 1e-12)
        return ops.cast(
            ops.where(self.reference_length > 0, rate, ops.cast(empty, "float64")),
            "float32",
        )

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


def _weighted_sum(counts, sample_weight):
    counts = ops.cast(counts, "float64")
    if sample_weight is not None:
        weights = ops.convert_to_tensor(sample_weight)
        counts = counts * ops.cast(ops.reshape(weights, (-1,)), "float64")
    return ops.sum(counts)
