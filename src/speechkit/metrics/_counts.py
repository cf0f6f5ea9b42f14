"""The sums of an error rate over a corpus, and shares of them."""

from typing import NamedTuple

import keras
from keras import ops

from speechkit.metrics import _sums
from speechkit.ops.time import precision


class Counts(NamedTuple):
    """Holds the sums over a corpus, as float64 scalars."""

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
        """Number of reference tokens."""
        return self.hits + self.substitutions + self.deletions

    @property
    def hypothesis_length(self):
        """Number of tokens of the hypotheses."""
        return self.hits + self.substitutions + self.insertions


def divide(errors, tokens):
    """Returns errors by tokens; without tokens 0, or infinity if there are errors."""
    empty = ops.where(errors > 0, float("inf"), 0.0)
    rate = errors / ops.maximum(tokens, _sums.LEAST)
    return ops.where(tokens > 0, rate, ops.cast(empty, precision.WIDE_FLOAT))
