"""Tests of where the loss is computed by functions of the host, and in what way.

Its numbers are judged in `test_ctc.py`, beside those of the other kernels.
"""

import numpy as np
import pytest
import tensorflow as tf

from ops.ctc.judges import lattice
from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.ctc.compiled import call_tensorflow, loss_numba
from speechkit.ops.ctc.graph import loss_tensorflow
from speechkit.ops.runtime import choosing


@pytest.fixture
def batch(random):
    """Returns arguments of `ctc_loss` for 40 clips."""
    logits = random.normal(scale=2, size=(40, 60, 12)).astype("float32")
    labels = random.integers(1, 12, size=(40, 15)).astype("int32")
    return logits, labels, np.full(40, 60, "int32"), np.full(40, True), 0


def kernels_traced(jit_compile):
    """Returns the kernel that a graph takes."""
    kernels = []

    @tf.function(jit_compile=jit_compile)
    def trace():
        kernels.append(choosing.choose(ctc._KERNELS, "float32"))
        return tf.zeros(())

    trace()
    return kernels


def test_graphs_call_compiled_code_but_xla_does_not():
    assert kernels_traced(jit_compile=False) == [call_tensorflow.ctc_loss]
    assert kernels_traced(jit_compile=True) == [loss_tensorflow.ctc_loss]


def test_with_a_gpu_the_logits_stay_there(monkeypatch):
    monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: [kind])

    assert kernels_traced(jit_compile=False) == [loss_tensorflow.ctc_loss]


def test_shapes_are_known_in_a_graph():
    @tf.function(
        input_signature=[
            tf.TensorSpec((3, None, 5), tf.float32),
            tf.TensorSpec((3, None), tf.int32),
        ]
    )
    def trace(logits, labels):
        losses = ctc.ctc_loss(logits, labels, [4, 4, 4], 0)
        (gradient,) = tf.gradients(losses, logits)
        assert losses.shape == (3,)
        assert gradient.shape.as_list() == [3, None, 5]
        return losses

    np.testing.assert_array_equal(
        trace(np.zeros((3, 4, 5), "float32"), np.full((3, 1), -1, "int32")).shape, [3]
    )


@pytest.mark.parametrize("num_threads", [1, 2, 7])
def test_any_number_of_threads_gives_the_numbers_of_the_judge(
    batch, monkeypatch, num_threads
):
    monkeypatch.setattr(loss_numba, "_WORTH_A_THREAD", 1)
    logits, labels, *_ = batch

    losses, *parts = loss_numba.losses(*batch, num_threads)
    weights = np.ones(40, "float32")
    gradient = loss_numba.gradient(
        logits, labels, batch[2], *parts, weights, 0, num_threads
    )

    judged = [lattice(*clip, 0) for clip in zip(logits, labels, strict=True)]
    np.testing.assert_allclose(losses, [loss for loss, _ in judged], rtol=1e-6)
    np.testing.assert_allclose(gradient, [one for _, one in judged], atol=1e-6)


@pytest.mark.parametrize(
    ("num_threads", "worth", "count"), [(1, 1, 1), (3, 1, 3), (3, 1e9, 1), (99, 1, 40)]
)
def test_clips_go_to_threads_in_parts(batch, monkeypatch, num_threads, worth, count):
    parts = []
    monkeypatch.setattr(loss_numba, "_WORTH_A_THREAD", worth)
    monkeypatch.setattr(
        loss_numba, "_in_probabilities", lambda *arguments: parts.append(arguments[-1])
    )

    loss_numba.losses(*batch, num_threads)

    assert len(parts) == count
    assert sorted(np.concatenate(parts)) == list(range(40))


def test_only_what_float64_may_not_hold_is_computed_in_logarithms(batch, monkeypatch):
    logits, labels, *rest = batch
    logits[7] *= 60  # certain of wrong classes
    clips = []
    compiled = loss_numba._in_logarithms
    monkeypatch.setattr(
        loss_numba,
        "_in_logarithms",
        lambda *arguments: (clips.extend(arguments[-1]), compiled(*arguments)),
    )

    losses, *_ = loss_numba.losses(logits, labels, *rest, 1)

    assert clips == [7]
    expected, _ = lattice(logits[7], labels[7], 0)
    np.testing.assert_allclose(losses[7], expected, rtol=1e-6)
