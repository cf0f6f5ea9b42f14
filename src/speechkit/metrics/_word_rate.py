"""The base class of error rates of words: which labels make a word."""

from keras import ops

from speechkit import _checks
from speechkit.metrics.error_rate import ErrorRate
from speechkit.ops.edits import words


class WordRate(ErrorRate):
    """Counts words: what stands between one or more spaces."""

    def __init__(self, space_label, decoder=None, *, name=None, **kwargs):
        super().__init__(decoder=decoder, name=name, **kwargs)
        self.space_label = _checks.check_int("space_label", space_label, minimum=0)

    def tokens(self, labels):
        return word_tokens(labels, self.space_label)

    def get_config(self):
        return {**super().get_config(), "space_label": self.space_label}


def word_tokens(labels, space_label: int):
    """Returns a number for each word of labels, and how many words each clip has."""
    hashes, lengths = words.word_hashes(labels, space_label)
    # Between words is a space, so at most every other label begins one.
    return hashes[:, : (ops.shape(labels)[1] + 1) // 2], lengths
