"""Tests that every metric of keywords refuses batches that do not fit together."""

import numpy as np
import pytest
import tensorflow as tf

from speechkit import metrics

KINDS = {
    "equal-error-rate": metrics.EqualErrorRate,
    "detection-area": metrics.DetectionArea,
    "false-reject-rate": metrics.FalseRejectRate,
    "false-accepts-per-hour": lambda **kw: metrics.FalseAcceptsPerHour(1.0, **kw),
}
# Shapes of the labels, the predictions and the weights, and the class.
WRONG = [
    pytest.param((2,), (3,), None, None, id="clips"),
    pytest.param((2,), (3, 4), None, 1, id="clips-of-classes"),
    pytest.param((2,), (2, 4), None, None, id="classes-without-an-index"),
    pytest.param((6,), (2, 3), None, None, id="frames-in-one-row"),
    pytest.param((4, 1), (2, 1), None, None, id="more-labels"),
    pytest.param((1,), (3,), None, None, id="one-label"),
    pytest.param((2,), (2, 4), None, 4, id="no-such-class"),
    pytest.param((2,), (2,), None, 0, id="scores-without-classes"),
    pytest.param((2,), (2,), (3,), None, id="weights"),
    pytest.param((2,), (2,), (2, 3), None, id="weights-of-frames"),
    pytest.param((2, 5), (2, 5), (2, 4), None, id="weights-of-fewer-frames"),
]
RIGHT = [
    pytest.param((2,), (2, 1), (2, 1), None, id="a-last-axis"),
    pytest.param((2, 1), (2, 4), (2,), 1, id="classes"),
    pytest.param((2, 5), (2, 5), (2,), None, id="frames"),
    pytest.param((2, 5), (2, 5, 3), (2, 5), 2, id="frames-of-classes"),
    pytest.param((1,), (1,), (), None, id="one"),
    pytest.param((0,), (0,), (0,), None, id="none"),
]


def batch(*shapes):
    return [None if shape is None else np.ones(shape, "float32") for shape in shapes]


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize(("labels", "scores", "weights", "class_index"), WRONG)
def test_rejects_batches_that_do_not_fit(make, labels, scores, weights, class_index):
    metric = make(class_index=class_index)

    with pytest.raises(ValueError, match=r"must have (one|a) .*Received shape"):
        metric.update_state(*batch(labels, scores, weights))


@pytest.mark.parametrize(("labels", "scores", "weights", "class_index"), RIGHT)
def test_takes_batches_that_fit(labels, scores, weights, class_index):
    eager, graph = (metrics.FalseRejectRate(class_index=class_index) for _ in "12")
    values = batch(labels, scores, weights)

    eager.update_state(*values)
    signature = [tf.TensorSpec([None] * value.ndim) for value in values]
    tf.function(graph.update_state, signature, autograph=False)(*values)

    np.testing.assert_array_equal(eager.result(), graph.result())
