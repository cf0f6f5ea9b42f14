"""Tests of `ErrorRate` as the base of an error rate of one's own."""

import jiwer
import keras
import numpy as np
import pytest
from keras import ops

from speechkit import metrics


@keras.saving.register_keras_serializable(package="tests")
class FoldedErrorRate(metrics.ErrorRate):
    """Compares labels after some of them are taken for others."""

    def __init__(self, folded, decoder=None, *, name="folded", **kwargs):
        super().__init__(decoder, name=name, **kwargs)
        self.folded = tuple(folded)

    def tokens(self, labels):
        folded = ops.take(ops.array(self.folded), ops.maximum(labels, 0), axis=0)
        return super().tokens(ops.where(labels < 0, -1, folded))

    def rate(self, counts):
        return counts.errors / counts.hypothesis_length

    def get_config(self):
        return {**super().get_config(), "folded": list(self.folded)}


@pytest.fixture
def labels(random):
    """Labels from 1 to 4 of references and hypotheses, and how many each clip has."""
    lengths = random.integers(1, 9, size=(2, 50))
    labels = random.integers(1, 5, size=(2, 50, 8))
    return np.where(np.arange(8) < lengths[..., None], labels, -1)


def test_tokens_and_rate_of_a_subclass_count(labels):
    metric = FoldedErrorRate((0, 1, 2, 1, 2))

    metric.update_state(*labels)

    texts = [
        [" ".join("xabab"[label] for label in row if label >= 0) for row in side]
        for side in labels
    ]
    judged = jiwer.process_words(*texts)
    names = ("hits", "substitutions", "deletions", "insertions")
    counts = [getattr(judged, name) for name in names]
    assert [float(getattr(metric, name)) for name in names] == counts
    length = judged.hits + judged.substitutions + judged.insertions
    assert float(metric.result()) == pytest.approx(sum(counts[1:]) / length)


def test_by_itself_it_is_the_rate_of_labels(labels):
    metric, judge = metrics.ErrorRate(), metrics.CharacterErrorRate()

    for each in (metric, judge):
        each.update_state(*labels)

    assert metric.name.startswith("error_rate")  # Keras numbers those of one process
    assert float(metric.result()) == float(judge.result()) > 0


def test_logits_without_a_decoder_are_refused():
    with pytest.raises(ValueError, match="was given logits without a decoder: pass"):
        metrics.ErrorRate().update_state(np.ones((2, 3)), np.zeros((2, 5, 4)))


def test_labels_beyond_32_bits_are_no_others():
    metric = metrics.ErrorRate()

    metric.update_state(np.array([[2**32 + 1, 2]]), np.array([[1, 2]]))

    assert float(metric.result()) == 0.5
