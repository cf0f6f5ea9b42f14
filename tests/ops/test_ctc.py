"""Tests of the CTC lattice against enumeration and a float64 lattice in NumPy."""

import itertools

import hypothesis
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import strategies

from speechkit.ops import ctc


def loss_and_gradient(logits, labels, lengths, blank_index=0):
    """Returns the losses and their gradients with respect to the logits."""
    logits = tf.constant(logits, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        log_probs = tf.nn.log_softmax(logits)
        losses = ctc.ctc_loss(log_probs, labels, np.asarray(lengths), blank_index)
    return losses.numpy(), tape.gradient(losses, logits).numpy()


def softmax(logits):
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def enumerated(logits, labels, blank_index):
    """Returns loss and gradient of one clip, alignment by alignment."""
    probabilities = softmax(logits.astype("float64"))
    frames, classes = probabilities.shape
    total, expected = 0.0, np.zeros((frames, classes))
    for path in itertools.product(range(classes), repeat=frames):
        merged = [c for c, _ in itertools.groupby(path) if c != blank_index]
        if merged == list(labels):
            probability = probabilities[np.arange(frames), path].prod()
            total += probability
            expected[np.arange(frames), path] += probability
    if total == 0:
        return np.inf, np.zeros((frames, classes))
    return -np.log(total), probabilities - expected / total


def lattice(logits, labels, blank_index):
    """Returns loss and gradient of one clip, by the recursion of Graves in float64."""
    log_probs = np.log(softmax(logits.astype("float64")))
    states = [blank_index]
    for label in labels:
        states += [label, blank_index]
    skips = [i for i in range(3, len(states), 2) if states[i] != states[i - 2]]
    forward = one_way(log_probs[:, states], skips)
    mirrored = [len(states) + 1 - i for i in skips]
    backward = one_way(log_probs[::-1, states[::-1]], mirrored)[::-1, ::-1]
    joint = forward + backward - log_probs[:, states]
    total = np.logaddexp.reduce(joint, axis=1)
    expected = np.zeros_like(log_probs)
    for place, state in enumerate(states):
        expected[:, state] += np.exp(joint[:, place] - total)
    return -total[0], np.exp(log_probs) - expected


def one_way(emissions, skips):
    variables = np.full(emissions.shape, -np.inf)
    variables[0, :2] = emissions[0, :2]
    for frame in range(1, len(emissions)):
        last = variables[frame - 1]
        arrived = last.copy()
        arrived[1:] = np.logaddexp(arrived[1:], last[:-1])
        for state in skips:
            arrived[state] = np.logaddexp(arrived[state], last[state - 2])
        variables[frame] = arrived + emissions[frame]
    return variables


@hypothesis.given(
    frames=strategies.integers(1, 5),
    labels=strategies.lists(strategies.integers(1, 2), max_size=4),
    blank_index=strategies.integers(0, 2),
    seed=strategies.integers(0, 2**32 - 1),
)
@hypothesis.settings(max_examples=60, deadline=None, derandomize=True)
def test_loss_sums_over_every_alignment(frames, labels, blank_index, seed):
    logits = np.random.default_rng(seed).normal(scale=3, size=(1, frames, 3))
    labels = [(blank_index + label) % 3 for label in labels]
    row = np.array([[*labels, -1, -1]], dtype="int32")

    losses, gradient = loss_and_gradient(logits, row, [frames], blank_index)

    expected, expected_gradient = enumerated(logits[0], labels, blank_index)
    np.testing.assert_allclose(losses, [expected], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(gradient[0], expected_gradient, atol=1e-5)


def test_as_many_frames_as_labels_leave_one_alignment(random):
    logits = random.normal(size=(1, 6, 4))
    labels = np.array([[1, 3, 2, 1, 2, 3]])

    losses, gradient = loss_and_gradient(logits, labels, [6])

    one_hot = np.eye(4)[labels]
    expected = -np.log(softmax(logits)[one_hot == 1]).sum()
    np.testing.assert_allclose(losses, [expected], rtol=1e-6)
    np.testing.assert_allclose(gradient, softmax(logits) - one_hot, atol=1e-6)


@pytest.mark.parametrize(
    "scale", [pytest.param(1, id="unsure"), pytest.param(10, id="sure")]
)
def test_a_ragged_batch_of_long_clips_equals_float64(random, scale):
    frames, counts = [150, 130, 101, 40], [60, 12, 50, 0]
    logits = random.normal(scale=scale, size=(4, 150, 8))
    labels = np.full((4, 60), -1)
    for clip, count in enumerate(counts):
        labels[clip, :count] = random.integers(0, 7, size=count)

    losses, gradient = loss_and_gradient(logits, labels, frames, blank_index=7)

    for clip, (end, count) in enumerate(zip(frames, counts, strict=True)):
        loss, expected = lattice(logits[clip, :end], labels[clip, :count], 7)
        # 150 additions of logarithms in 24 bits.
        np.testing.assert_allclose(losses[clip], loss, rtol=2e-6)
        np.testing.assert_allclose(gradient[clip, :end], expected, atol=3e-5)
        np.testing.assert_array_equal(gradient[clip, end:], 0)


def test_the_lattice_of_this_file_agrees_with_enumeration(random):
    logits = random.normal(size=(5, 3))

    loss, gradient = lattice(logits, [2, 2, 1], 0)

    expected, expected_gradient = enumerated(logits, [2, 2, 1], 0)
    np.testing.assert_allclose(loss, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-12)


@pytest.mark.parametrize(
    ("labels", "frames"),
    [
        pytest.param([1, 2, 1], 2, id="too-few-frames"),
        pytest.param([1, 1, 2], 3, id="no-frame-for-the-blank-between-equals"),
        pytest.param([2, 2, 2], 4, id="no-frame-for-one-of-two-blanks"),
        pytest.param([1, -1, -1], 0, id="no-frames"),
    ],
)
def test_labels_that_do_not_fit_are_infinite_without_a_gradient(random, labels, frames):
    logits = random.normal(size=(2, 5, 3))
    rows = np.array([labels, [1, -1, -1]])

    losses, gradient = loss_and_gradient(logits, rows, [frames, 5])

    assert losses[0] == np.inf
    assert np.isfinite(losses[1])
    np.testing.assert_array_equal(gradient[0], 0)
    assert np.abs(gradient[1]).min() > 0


@pytest.mark.parametrize(("labels", "frames"), [([1, 1, 2], 4), ([2, 2, 2], 5)])
def test_equal_labels_fit_with_a_blank_between_them(random, labels, frames):
    logits = random.normal(size=(1, 5, 3))

    losses, gradient = loss_and_gradient(logits, np.array([labels]), [frames])

    expected, expected_gradient = enumerated(logits[0, :frames], labels, 0)
    np.testing.assert_allclose(losses, [expected], rtol=1e-5)
    np.testing.assert_allclose(gradient[0, :frames], expected_gradient, atol=1e-5)


@pytest.mark.parametrize("width", [0, 1, 3])
def test_no_labels_leave_blanks_alone(random, width):
    logits = random.normal(size=(1, 9, 3))

    losses, gradient = loss_and_gradient(logits, np.full((1, width), -1), [9])

    expected = -np.log(softmax(logits)[0, :, 0]).sum()
    np.testing.assert_allclose(losses, [expected], rtol=1e-6)
    np.testing.assert_allclose(gradient, softmax(logits) - [1, 0, 0], atol=1e-6)


@pytest.mark.parametrize("frames", [0, 4], ids=["empty-batch", "padding-only"])
def test_neither_frames_nor_labels_cost_nothing(frames):
    logits, labels = np.zeros((2, frames, 3)), np.array([[-1], [2]])

    losses, gradient = loss_and_gradient(logits, labels, [0, 0])

    np.testing.assert_array_equal(losses, [0, np.inf])
    np.testing.assert_array_equal(gradient, 0)


def test_an_impossible_label_is_infinite_without_a_gradient():
    logits = np.tile([0.0, 0.0, -np.inf], (2, 4, 1))

    losses, gradient = loss_and_gradient(logits, np.array([[2], [1]]), [4, 4])

    # Of the 16 paths of two classes, 10 are one run of the label among blanks.
    np.testing.assert_allclose(losses, [np.inf, np.log(16 / 10)], rtol=1e-6)
    np.testing.assert_array_equal(gradient[0], 0)
    assert np.isfinite(gradient[1]).all()


def test_lengths_beyond_the_end_are_the_whole_clip(random):
    logits, labels = random.normal(size=(1, 9, 3)), np.array([[1, 2]])

    beyond, _ = loss_and_gradient(logits, labels, [12])

    whole, _ = loss_and_gradient(logits, labels, [9])
    np.testing.assert_array_equal(beyond, whole)


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
