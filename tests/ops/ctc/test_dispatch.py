"""Tests of the CTC loss and gradient against enumeration and a float64 lattice."""

import hypothesis
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import strategies

from ops.ctc import kernels
from ops.ctc.judges import enumerated, lattice, softmax
from speechkit.ops.ctc import dispatch as ctc
from speechkit.ops.ctc.graph import lattice_tensorflow


@pytest.fixture(params=kernels.NAMES)
def kernel(request):
    """Runs a test with each kernel."""
    with kernels.kernel_scope(request.param):
        yield


def loss_and_gradient(logits, labels, lengths, blank_index=0, dtype=tf.float32):
    """Returns the losses and their gradients with respect to the logits."""
    logits = tf.constant(logits, dtype)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        losses = ctc.ctc_loss(logits, np.array(labels), np.array(lengths), blank_index)
    return losses.numpy(), tape.gradient(losses, logits).numpy()


def excess(logits, labels):
    """Returns how far the best pieces of the alignments of one clip exceed their sum.

    Above 650 the lattice in probabilities gives way to the one in logarithms.
    """
    whole_blocks = np.pad(logits, [[0, -len(logits) % 8], [0, 0]])
    scores = tf.constant(whole_blocks[:, :, None], tf.float64)
    *_, value = lattice_tensorflow._in_probabilities(
        tf.gather(scores, labels, axis=1),
        scores[:, :1],
        tf.zeros_like(scores[:, :1]),
        tf.constant(labels, tf.int32)[:, None],
        tf.constant([len(logits)]),
        tf.constant([True]),
    )
    return float(value[0])


@hypothesis.given(
    frames=strategies.integers(1, 6),
    classes=strategies.integers(2, 4),
    count=strategies.integers(0, 4),
    blank_index=strategies.integers(0, 3),
    seed=strategies.integers(0, 2**32 - 1),
)
@hypothesis.settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_loss_sums_over_every_alignment(
    kernel, frames, classes, count, blank_index, seed
):
    random = np.random.default_rng(seed)
    logits = random.normal(scale=3, size=(1, frames, classes))
    blank_index = min(blank_index, classes - 1)
    labels = [
        (blank_index + 1 + i) % classes
        for i in random.integers(classes - 1, size=count)
    ]

    losses, gradient = loss_and_gradient(
        logits, [[*labels, -1, -1]], [frames], blank_index
    )

    expected, expected_gradient = enumerated(logits[0], labels, blank_index)
    np.testing.assert_allclose(losses, [expected], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(gradient[0], expected_gradient, atol=1e-6)


def test_the_lattice_of_the_judge_agrees_with_enumeration(random):
    logits = random.normal(size=(5, 3))

    loss, gradient = lattice(logits, [2, 2, 1], 0)

    expected, expected_gradient = enumerated(logits, [2, 2, 1], 0)
    np.testing.assert_allclose(loss, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-12)


@pytest.mark.usefixtures("kernel")
def test_as_many_frames_as_labels_leave_one_alignment(random):
    logits = random.normal(size=(1, 6, 4))
    labels = np.array([[1, 3, 2, 1, 2, 3]])

    losses, gradient = loss_and_gradient(logits, labels, [6])

    one_hot = np.eye(4)[labels]
    expected = -np.log(softmax(logits)[one_hot == 1]).sum()
    np.testing.assert_allclose(losses, [expected], rtol=1e-6)
    np.testing.assert_allclose(gradient, softmax(logits) - one_hot, atol=1e-6)


@pytest.mark.usefixtures("kernel")
def test_one_frame_is_the_cross_entropy_of_its_label(random):
    logits = random.normal(size=(3, 1, 5))

    losses, gradient = loss_and_gradient(logits, [[4], [1], [2]], [1, 1, 1])

    one_hot = np.eye(5)[[[4], [1], [2]]]
    expected = -np.log(softmax(logits)[one_hot == 1])
    np.testing.assert_allclose(losses, expected, rtol=1e-6)
    np.testing.assert_allclose(gradient, softmax(logits) - one_hot, atol=1e-6)


@pytest.mark.parametrize(
    "scale", [pytest.param(1, id="unsure"), pytest.param(10, id="sure")]
)
def test_a_ragged_batch_of_long_clips_equals_float64(kernel, random, scale):
    frames, counts = [150, 130, 101, 40], [60, 12, 50, 0]
    logits = random.normal(scale=scale, size=(4, 150, 8)).astype("float32")
    labels = np.full((4, 60), -1)
    for clip, count in enumerate(counts):
        labels[clip, :count] = random.integers(0, 7, size=count)
        logits[clip, frames[clip] :] = np.nan

    losses, gradient = loss_and_gradient(logits, labels, frames, blank_index=7)

    for clip, (end, count) in enumerate(zip(frames, counts, strict=True)):
        loss, expected = lattice(logits[clip, :end], labels[clip, :count], 7)
        # The plain lattice is in float32: 150 additions of logarithms in 24 bits.
        np.testing.assert_allclose(losses[clip], loss, rtol=2e-6)
        np.testing.assert_allclose(gradient[clip, :end], expected, atol=3e-5)
        np.testing.assert_array_equal(gradient[clip, end:], 0)


def peaky_blank(logits):
    logits[:, 0] += 6


def certain_of_wrong_classes(logits):
    logits *= 10


def far_apart(logits):
    logits[:200, 0] += 800
    logits[200:, 1] += 800


def early_bottleneck(logits):
    logits[:300, 5] += 40


@pytest.mark.parametrize(
    ("change", "count", "least", "most"),
    [
        pytest.param(None, 80, 0, 650, id="unsure"),
        pytest.param(peaky_blank, 200, 0, 650, id="peaky-blank"),
        pytest.param(certain_of_wrong_classes, 80, 650, np.inf, id="wrong"),
        pytest.param(far_apart, 80, 650, np.inf, id="beyond-float64"),
        pytest.param(early_bottleneck, 80, 650, np.inf, id="bottleneck"),
        pytest.param(None, 480, 0, 650, id="hardly-a-frame-to-spare"),
    ],
)
@pytest.mark.parametrize("name", ["compiled", "graph"])
def test_500_frames_equal_float64_within_1e_6(random, name, change, count, least, most):
    logits = random.normal(size=(500, 30)).astype("float32")
    labels = random.permuted(np.arange(count) % 29 + 1)
    labels[1:][labels[1:] == labels[:-1]] = -1
    labels = labels[labels >= 0]
    if change is not None:
        change(logits)

    with kernels.kernel_scope(name):
        losses, gradient = loss_and_gradient(logits[None], labels[None], [500])

    loss, expected = lattice(logits, labels, 0)
    np.testing.assert_allclose(losses, [loss], rtol=2e-7)
    np.testing.assert_allclose(gradient[0], expected, atol=1e-6)
    assert least <= excess(logits, labels) <= most


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize(
    ("labels", "frames"),
    [
        pytest.param([1, 2, 1], 2, id="too-few-frames"),
        pytest.param([1, 1, 2], 3, id="no-frame-for-the-blank-between-equals"),
        pytest.param([2, 2, 2], 4, id="no-frame-for-one-of-two-blanks"),
        pytest.param([1, -1, -1], 0, id="no-frames"),
        pytest.param([1, 0, 2], 5, id="the-blank-among-labels"),
        pytest.param([1, 3, -1], 5, id="no-class"),
        pytest.param([1, -2, -1], 5, id="below-the-padding"),
        pytest.param([1, -1, 2], 5, id="padding-before-a-label"),
    ],
)
def test_what_has_no_alignment_is_infinite_without_a_gradient(random, labels, frames):
    logits = random.normal(size=(2, 5, 3))
    rows = np.array([labels, [1, -1, -1]])

    losses, gradient = loss_and_gradient(logits, rows, [frames, 5])

    assert losses[0] == np.inf
    assert np.isfinite(losses[1])
    np.testing.assert_array_equal(gradient[0], 0)
    assert np.abs(gradient[1]).min() > 0


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize(("labels", "frames"), [([1, 1, 2], 4), ([2, 2, 2], 5)])
def test_equal_labels_fit_with_a_blank_between_them(random, labels, frames):
    logits = random.normal(size=(1, 5, 3))

    losses, gradient = loss_and_gradient(logits, [labels], [frames])

    expected, expected_gradient = enumerated(logits[0, :frames], labels, 0)
    np.testing.assert_allclose(losses, [expected], rtol=1e-5)
    np.testing.assert_allclose(gradient[0, :frames], expected_gradient, atol=1e-5)


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("width", [0, 1, 3])
def test_no_labels_leave_blanks_alone(random, width):
    logits = random.normal(size=(1, 9, 3))

    losses, gradient = loss_and_gradient(logits, np.full((1, width), -1), [9])

    expected = -np.log(softmax(logits)[0, :, 0]).sum()
    np.testing.assert_allclose(losses, [expected], rtol=1e-6)
    np.testing.assert_allclose(gradient, softmax(logits) - [1, 0, 0], atol=1e-6)


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("frames", [0, 4], ids=["empty-batch", "padding-only"])
@pytest.mark.parametrize("is_graph", [False, True], ids=["eager", "graph"])
def test_neither_frames_nor_labels_cost_nothing(frames, is_graph):
    logits, labels = np.full((2, frames, 3), np.nan, "float32"), np.array([[-1], [2]])
    signature = [tf.TensorSpec((None, None, 3)), tf.TensorSpec((None, None), tf.int64)]

    def differentiated(logits, labels):
        losses = ctc.ctc_loss(logits, labels, tf.zeros((2,), tf.int32), 0)
        return losses, tf.gradients(losses, logits)[0]

    if is_graph:
        losses, gradient = tf.function(differentiated, signature)(logits, labels)
    else:
        losses, gradient = loss_and_gradient(logits, labels, [0, 0])

    np.testing.assert_array_equal(losses, [0, np.inf])
    np.testing.assert_array_equal(gradient, 0)


@pytest.mark.usefixtures("kernel")
def test_an_impossible_label_is_infinite_without_a_gradient():
    logits = np.tile([0.0, 0.0, -np.inf], (2, 4, 1))

    losses, gradient = loss_and_gradient(logits, [[2], [1]], [4, 4])

    # Of the 16 paths of two classes, 10 are one run of the label among blanks.
    np.testing.assert_allclose(losses, [np.inf, np.log(16 / 10)], rtol=1e-6)
    np.testing.assert_array_equal(gradient[0], 0)
    assert np.isfinite(gradient[1]).all()


@pytest.mark.usefixtures("kernel")
def test_lengths_beyond_the_end_are_the_whole_clip(random):
    logits, labels = random.normal(size=(1, 9, 3)), [[1, 2]]

    beyond, _ = loss_and_gradient(logits, labels, [12])

    whole, _ = loss_and_gradient(logits, labels, [9])
    np.testing.assert_array_equal(beyond, whole)


@pytest.mark.usefixtures("kernel")
def test_gradient_in_a_graph_is_the_same(random):
    _check_compiled_gradient(random, jit_compile=False)


@pytest.mark.parametrize("name", ["graph", "reference"])
def test_gradient_compiled_by_xla_is_the_same(random, name):
    with kernels.kernel_scope(name):
        _check_compiled_gradient(random, jit_compile=True)


def _check_compiled_gradient(random, jit_compile):
    logits = random.normal(size=(2, 12, 5)).astype("float32")
    labels = np.array([[1, 2, 2], [3, -1, -1]])

    @tf.function(jit_compile=jit_compile)
    def compiled(logits):
        losses = ctc.ctc_loss(logits, labels, tf.constant([12, 7]), 0)
        return losses, tf.gradients(losses, logits)[0]

    losses, gradient = compiled(logits)

    expected, expected_gradient = loss_and_gradient(logits, labels, [12, 7])
    np.testing.assert_allclose(losses, expected, rtol=1e-6)
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-6)


@pytest.mark.usefixtures("kernel")
def test_upstream_gradients_scale_each_clip(random):
    logits = random.normal(size=(3, 7, 4))
    labels, weights = [[1, 2], [2, -1], [3, 3]], [2.0, 0.0, -0.5]
    _, expected = loss_and_gradient(logits, labels, [7, 7, 7], dtype=tf.float64)

    tensor = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        total = tf.reduce_sum(
            weights * ctc.ctc_loss(tensor, np.array(labels), [7] * 3, 0)
        )

    scaled = expected * np.array(weights)[:, None, None]
    np.testing.assert_allclose(tape.gradient(total, tensor), scaled, atol=1e-12)


@pytest.mark.parametrize(
    ("blank_index", "expected"), [(0, 0), (4, 4), (-1, 4), (-5, 0)]
)
def test_blank_index_counts_from_either_end(blank_index, expected):
    assert ctc.check_blank_index(blank_index, num_classes=5) == expected


@pytest.mark.parametrize("blank_index", [5, -6, 1.0, None])
def test_rejects_a_blank_that_is_no_class(blank_index):
    message = f"`blank_index` .* from -5 to 4. Received: blank_index={blank_index}"

    with pytest.raises(ValueError, match=message):
        ctc.check_blank_index(blank_index, num_classes=5)
