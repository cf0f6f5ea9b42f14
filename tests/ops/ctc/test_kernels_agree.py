"""One table: each kernel of CTC, called in each way, on each kind of input.

The judge sums all alignments one by one in float64.
"""

import functools

import numpy as np
import pytest
import tensorflow as tf

from ops.ctc import kernels
from ops.ctc.judges import enumerated
from speechkit.ops.ctc import dispatch as ctc

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

# XLA cannot call compiled functions of the host.
CELLS = [
    (kernel, mode)
    for kernel in kernels.NAMES
    for mode in ("eager", "graph", "xla")
    if (kernel, mode) != ("compiled", "xla")
]
FRAMES, CLASSES = 6, 4
NAN, INF, BLANK = np.nan, np.inf, 0

# The change of clip 0, whose labels are 1, 2; clip 1 stays as it is.
KINDS = {
    "finite": {},
    "nan-in-a-label": {"logits": (2, 1, NAN)},
    "nan-in-the-blank-of-the-first-frame": {"logits": (0, BLANK, NAN)},
    "nan-in-another-class": {"logits": (4, 3, NAN)},
    "nan-in-a-frame": {"logits": (5, slice(None), NAN)},
    "nan-everywhere": {"logits": (slice(None), slice(None), NAN)},
    "nan-in-the-padding": {"logits": (4, slice(None), NAN), "length": 4},
    "infinity-in-the-padding": {"logits": (5, 2, INF), "length": 5},
    "infinity-in-a-label": {"logits": (2, 2, INF)},
    "infinity-in-another-class": {"logits": (2, 3, INF)},
    "masked-class": {"logits": (slice(None), 3, -INF)},
    "masked-label-in-a-frame": {"logits": (2, 1, -INF)},
    "masked-blank": {"logits": (slice(None), BLANK, -INF)},
    "masked-label": {"logits": (slice(None), 1, -INF)},
    "masked-blank-and-labels-in-a-frame": {"logits": (3, slice(0, 3), -INF)},
    "all-masked-in-a-frame": {"logits": (3, slice(None), -INF)},
    "very-sure": {"scale": 1e4},
    "surer": {"scale": 1e30},
    "very-sure-of-a-label": {"logits": (1, 2, 1e30)},
    "far-from-zero": {"logits": (slice(None), slice(None), 1e30)},
    "very-sure-of-the-blank": {"logits": (slice(None), BLANK, 1e4)},
    "very-sure-of-another-class": {"logits": (slice(1, 3), 3, 1e30)},
    "infeasible": {"length": 2, "labels": [1, 1]},
    "infeasible-with-nan": {"logits": (1, 3, NAN), "length": 2, "labels": [1, 1]},
    "blank-among-the-labels": {"labels": [1, BLANK]},
    "just-feasible": {"length": 3, "labels": [1, 1]},
    "no-frames": {"length": 0},
    "no-labels": {"labels": [-1, -1]},
    "no-frames-and-no-labels": {"length": 0, "labels": [-1, -1]},
    "nan-without-labels": {"logits": (2, 1, NAN), "labels": [-1, -1]},
}


def batch_of(kind):
    """Returns logits, labels and lengths of two clips."""
    change = KINDS[kind]
    logits = np.random.default_rng(seed=0).normal(size=(2, FRAMES, CLASSES))
    logits[0] *= change.get("scale", 1)
    frames, classes, value = change.get("logits", ([], [], 0))
    logits[0, frames, classes] = value
    labels = np.array([change.get("labels", [1, 2]), [3, 3]], "int32")
    return (
        logits.astype("float32"),
        labels,
        np.array([change.get("length", FRAMES), 5], "int32"),
    )


@functools.cache
def judged(kind):
    """Returns losses and gradients of two clips."""
    logits, labels, lengths = batch_of(kind)
    losses, gradients = np.full(2, INF), np.zeros(logits.shape)
    for clip, length in enumerate(lengths):
        row = labels[clip][labels[clip] >= 0]
        if BLANK not in row:
            losses[clip], gradients[clip, :length] = enumerated(
                logits[clip, :length], row, BLANK
            )
    return losses, gradients


@functools.cache
def function_of(kernel, mode):
    """Returns the function of loss and gradient, which is traced once for a shape."""

    def differentiated(logits, labels, lengths):
        with kernels.kernel_scope(kernel), tf.GradientTape() as tape:
            tape.watch(logits)
            losses = ctc.ctc_loss(logits, labels, lengths, BLANK)
        return losses, tape.gradient(losses, logits)

    if mode == "eager":
        return differentiated
    return tf.function(differentiated, jit_compile=mode == "xla", autograph=False)


def run(cell, *batch):
    results = function_of(*cell)(*map(tf.constant, batch))
    return [result.numpy() for result in results]


@pytest.fixture(params=CELLS, ids="-".join, scope="module")
def cell(request):
    """Returns a kernel and the way in which it is called."""
    return request.param


@pytest.mark.parametrize("kind", KINDS)
def test_loss_and_gradient_equal_those_of_all_alignments(cell, kind):
    losses, gradients = run(cell, *batch_of(kind))

    expected_losses, expected_gradients = judged(kind)
    # Of a score of 1e4, float32 keeps three digits; the others add in float64.
    keeps_less = cell[0] == "reference" and kind == "very-sure-of-the-blank"
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(
        gradients, expected_gradients, atol=1e-3 if keeps_less else 1e-6
    )


@pytest.mark.parametrize("name", CELLS[:5], ids="-".join)
@pytest.mark.parametrize("factor", [NAN, INF, 1e3, 1e30])
def test_a_clip_never_changes_a_digit_of_its_neighbours(name, random, factor):
    logits = random.normal(size=(8, 50, 30))
    labels = random.integers(1, 30, size=(8, 10)).astype("int32")
    lengths = np.full(8, 50, "int32")
    expected = run(name, logits, labels, lengths)
    logits[[2, 6]] *= factor  # in float64, where each digit shows

    results = run(name, logits, labels, lengths)

    for result, before in zip(results, expected, strict=True):
        others = [0, 1, 3, 4, 5, 7]
        np.testing.assert_array_equal(result[others], before[others])
        assert not np.array_equal(result[2], before[2])


@pytest.mark.parametrize(
    ("batch", "frames", "width"), [(0, 6, 2), (2, 6, 0), (2, 0, 2)]
)
def test_empty_axes(cell, batch, frames, width):
    logits = np.ones((batch, frames, CLASSES), "float32")
    labels = np.full((batch, width), -1, "int32")

    losses, gradients = run(cell, logits, labels, np.full(batch, frames, "int32"))

    # Blanks alone: each has a quarter.
    np.testing.assert_allclose(losses, np.full(batch, frames * np.log(4)), rtol=1e-6)
    expected = np.broadcast_to([-0.75, 0.25, 0.25, 0.25], logits.shape)
    np.testing.assert_allclose(gradients, expected, atol=1e-6)
