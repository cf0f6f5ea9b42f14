"""The base class of error rates: sums over the corpus, in integers."""

import keras
from keras import ops

from speechkit.metrics import _batch_checks, _sums
from speechkit.metrics._counts import Counts, divide
from speechkit.ops.edits import edit_counts
from speechkit.ops.time import lengths, precision


@keras.saving.register_keras_serializable(package="speechkit")
class ErrorRate(keras.metrics.Metric):
    """Sums hits and errors over a corpus; a base class for error rates of your own.

    A subclass overrides `tokens`, the things that are compared, or `rate`, the quotient
    of the counts, or both. Batches, decoder, weights, replicas, merging and
    saving are taken care of. Sums are integers, so neither the order of batches nor the
    number of replicas changes a bit. Tokens are paired as `align` pairs them.

    By itself it compares labels, and divides the errors by the reference labels.

    Args:
        decoder: Any `Decoder`, which takes `y_pred` to labels. `None` means that
            `y_pred` holds labels.
        name: Name of the metric. `None` makes one of the name of the class.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: What the decoder takes, or `(batch, labels)` like `y_true`.
        sample_weight: `(batch,)`: how many times each clip counts.

    Raises:
        ValueError: If shapes do not fit, or, in an eager call on TensorFlow, if a
            weight is negative, infinite or NaN.

    Example:
        >>> class DeletionRate(ErrorRate):
        ...     def rate(self, counts):
        ...         return counts.deletions / counts.reference_length
        >>> metric = DeletionRate()
        >>> metric.update_state([[1, 2, 3, 4]], [[1, 3, 4, -1]])
        >>> float(metric.result())
        0.25
    """

    def __init__(self, decoder=None, *, name: str | None = None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.decoder = decoder
        self._sums = self.add_variable(
            (len(Counts._fields),), "zeros", dtype=_sums.DTYPE, name="sums"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        if self.decoder is not None:
            y_pred = self.decoder(y_pred)
        elif len(getattr(y_pred, "shape", ())) == 3:
            raise ValueError(
                f"`{type(self).__name__}` was given logits without a decoder: pass "
                "decoder=CTCGreedyDecoder(vocabulary), for instance. Received shape of "
                f"`y_pred`: {tuple(y_pred.shape)}"
            )
        # Labels beyond 32 bits must not become others.
        sides = map(ops.convert_to_tensor, (y_true, y_pred))
        labels = [lengths.in_32_bits(side) for side in sides]
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight)
        _batch_checks.check_shapes(labels, sample_weight)
        (reference, length), (hypothesis, hypothesis_length) = map(self.tokens, labels)
        counts = edit_counts.edit_counts(
            reference, hypothesis, length, hypothesis_length
        )
        wrong = ops.cast(sum(counts[1:]) > 0, "int32")
        columns = ops.stack([*counts, ops.ones_like(wrong), wrong], axis=1)
        columns = ops.cast(columns, _sums.DTYPE) * _weights(sample_weight)
        _sums.add(self._sums, ops.sum(columns, axis=0))

    def tokens(self, labels):
        """Returns the tokens of labels, and the number of tokens of each clip.

        Args:
            labels: `(batch, labels)` int32; −1 after the last label of a clip.

        Returns:
            `(batch, tokens)` integers, of which only equality matters, from the start
            of each row; and `(batch,)` int32, how many of a row count.
        """
        return labels, ops.sum(ops.cast(labels >= 0, "int32"), axis=1)

    def rate(self, counts):
        """Returns the rate of a corpus.

        Args:
            counts: Has `hits`, `substitutions`, `deletions`, `insertions`, `errors`,
                `reference_length` and `hypothesis_length`, all in tokens, and `clips`
                and `wrong_clips`: float64 scalars, summed by weight.

        Returns:
            A scalar.
        """
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
        """Tokens of the hypothesis without one of the reference, by weight."""
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
        sums = ops.cast(self._sums, precision.WIDE_FLOAT) / _sums.UNIT
        return Counts(*(sums[place] for place in range(len(Counts._fields))))


def _weights(sample_weight):
    """Returns the weights of the clips in units, `(batch, 1)`, or that of all."""
    if sample_weight is None:
        return _sums.UNIT
    return ops.reshape(_sums.in_units(sample_weight), (-1, 1))
