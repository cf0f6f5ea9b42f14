"""Tests of the numbers and the errors of `ctc_loss` and `CTCLoss`.

`tests/ops/test_ctc.py` judges the lattice itself; here it is what surrounds it.
"""

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import scipy.special
import scipy.stats
import tensorflow as tf

from contract.masks import masked
from speechkit.losses import CTCLoss, ctc_loss

LOGIT_LENGTHS = np.array([40, 31, 12], dtype="int32")
LABEL_LENGTHS = np.array([9, 5, 0], dtype="int32")


@pytest.fixture
def logits(random):
    """Three clips of 40 frames of 6 classes."""
    return random.normal(scale=2, size=(3, 40, 6)).astype("float32")


@pytest.fixture
def labels(random):
    """Labels from 1 to 4, so that either end may be the blank."""
    labels = random.integers(1, 5, size=(3, 9)).astype("int32")
    return np.where(np.arange(9) < LABEL_LENGTHS[:, None], labels, -1)


def loss_and_gradient(function, logits):
    logits = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        losses = function(logits)
    return losses.numpy(), tape.gradient(losses, logits).numpy()


@pytest.mark.parametrize(("blank_index", "from_zero"), [(0, 0), (5, 5), (-1, 5)])
def test_loss_and_gradient_equal_tensorflow(logits, labels, blank_index, from_zero):
    losses, gradient = loss_and_gradient(
        lambda x: ctc_loss(
            labels, x, logit_lengths=LOGIT_LENGTHS, blank_index=blank_index
        ),
        logits,
    )

    expected, expected_gradient = loss_and_gradient(
        lambda x: tf.nn.ctc_loss(
            np.maximum(labels, 0),
            x,
            LABEL_LENGTHS,
            LOGIT_LENGTHS,
            logits_time_major=False,
            blank_index=from_zero,
        ),
        logits,
    )
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    np.testing.assert_allclose(gradient, expected_gradient, atol=2e-5)


def test_valid_frames_come_from_the_mask_the_argument_or_the_lengths(logits, labels):
    expected = ctc_loss(labels, logits, logit_lengths=LOGIT_LENGTHS)
    mask = np.arange(40) < LOGIT_LENGTHS[:, None]

    carried = ctc_loss(labels, masked(logits, LOGIT_LENGTHS))
    given = ctc_loss(labels, logits, mask=mask)
    counted = ctc_loss(labels, masked(logits, [40, 40, 40]), logit_lengths=[40, 31, 12])

    np.testing.assert_array_equal(carried, expected)
    np.testing.assert_array_equal(given, expected)
    np.testing.assert_array_equal(counted, expected)


def test_without_lengths_all_frames_are_valid(logits, labels):
    losses = ctc_loss(labels, logits)

    expected = ctc_loss(labels, logits, logit_lengths=[40, 40, 40])
    np.testing.assert_array_equal(losses, expected)


def test_padded_frames_may_hold_anything(logits, labels):
    dirty = logits.copy()
    dirty[1, 31:], dirty[2, 12:] = np.nan, np.inf

    losses, gradient = loss_and_gradient(
        lambda x: ctc_loss(labels, x, logit_lengths=LOGIT_LENGTHS), dirty
    )

    expected = ctc_loss(labels, logits, logit_lengths=LOGIT_LENGTHS)
    np.testing.assert_array_equal(losses, expected)
    np.testing.assert_array_equal(gradient[1, 31:], 0)
    np.testing.assert_array_equal(gradient[2, 12:], 0)


@pytest.mark.parametrize("shift", [-50.0, 300.0])
def test_a_constant_added_to_the_logits_of_a_frame_changes_nothing(
    logits, labels, shift
):
    shifted = ctc_loss(labels, logits + shift)

    # At 300, float32 keeps 3e-5 of a logit.
    np.testing.assert_allclose(shifted, ctc_loss(labels, logits), rtol=1e-5)


def test_labels_too_long_for_their_clip_are_infinite(logits, labels):
    losses = np.asarray(ctc_loss(labels, logits, logit_lengths=[8, 31, 0]))

    assert losses[0] == np.inf
    assert np.isfinite(losses[1])
    assert losses[2] == 0


def test_half_precision_is_computed_in_float32(logits, labels):
    half = tf.cast(logits, "float16")

    losses = ctc_loss(labels, half)

    expected = ctc_loss(labels, tf.cast(half, "float32"))
    np.testing.assert_array_equal(losses, expected)
    assert losses.dtype == "float32"


def test_double_precision_stays(logits, labels):
    assert ctc_loss(labels, logits.astype("float64")).dtype == "float64"


def test_loss_object_equals_the_function(logits, labels):
    expected = ctc_loss(labels, logits, logit_lengths=LOGIT_LENGTHS, blank_index=-1)

    losses = CTCLoss(blank_index=-1, reduction=None)(
        labels, masked(logits, LOGIT_LENGTHS)
    )

    np.testing.assert_array_equal(losses, expected)


@pytest.mark.parametrize("blank_index", [6, -7, 0.0, None])
def test_rejects_a_blank_that_is_no_class(logits, labels, blank_index):
    message = f"`blank_index` .* -6 to 5. Received: blank_index={blank_index}"

    with pytest.raises(ValueError, match=message):
        ctc_loss(labels, logits, blank_index=blank_index)


def test_rejects_axes_that_do_not_fit(logits, labels):
    message = r"\(batch, labels\), .* Received shapes: labels="

    with pytest.raises(ValueError, match=message + r"\(9,\), logits=\(3, 40, 6\)"):
        ctc_loss(labels[0], logits)
    with pytest.raises(ValueError, match=message + r"\(3, 9\), logits=\(40, 6\)"):
        ctc_loss(labels, logits[0])
    with pytest.raises(ValueError, match=message + r"\(2, 9\), logits=\(3, 40, 6\)"):
        ctc_loss(labels[:2], logits)
    with pytest.raises(ValueError, match=r"logit_lengths=\(2,\)"):
        ctc_loss(labels, logits, logit_lengths=[40, 40])


def in_a_graph(function):
    return tf.function(function, autograph=False)


@pytest.mark.parametrize("form", [lambda function: function, in_a_graph])
@pytest.mark.parametrize(
    "mask",
    [
        pytest.param(np.ones((3, 39), bool), id="other-frames"),
        pytest.param(np.ones((6, 40), bool), id="other-clips"),
        pytest.param(np.ones((3, 40), "float32"), id="numbers"),
        pytest.param(np.array([3, 3, 3]), id="lengths"),
        pytest.param(np.array([True] * 3), id="one-axis"),
    ],
)
def test_rejects_a_mask_that_is_none(logits, labels, mask, form):
    message = (
        r"`mask` must be boolean with the axes \(batch, frames\) of the logits, whose "
        r"shape is \(3, 40, 6\); lengths go to `logit_lengths`. Received: dtype="
    )
    function = form(lambda mask: ctc_loss(labels, logits, mask=mask))

    with pytest.raises(ValueError, match=message):
        function(mask)


@pytest.mark.parametrize("form", [lambda function: function, in_a_graph])
@pytest.mark.parametrize("lengths", [[3.7, 3.0, 3.0], [True, True, True]])
def test_rejects_lengths_that_are_no_integers(logits, labels, lengths, form):
    function = form(lambda x: ctc_loss(labels, logits, logit_lengths=x))

    with pytest.raises(ValueError, match=r"`logit_lengths` must be integers, .*dtype="):
        function(np.array(lengths))


@pytest.mark.parametrize(
    ("infeasible", "expected"), [("infinite", np.inf), ("zero", 0.0)]
)
@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
def test_labels_that_do_not_fit_cost_what_the_policy_says(
    logits, labels, infeasible, expected, label_smoothing
):
    losses, gradient = loss_and_gradient(
        lambda x: ctc_loss(
            labels,
            x,
            logit_lengths=[8, 31, 0],
            infeasible=infeasible,
            label_smoothing=label_smoothing,
        ),
        logits,
    )

    assert losses[0] == expected
    assert 0 < losses[1] < np.inf
    assert losses[2] == 0
    np.testing.assert_array_equal(gradient[[0, 2]], 0)
    assert np.abs(gradient[1]).max() > 0


def test_labels_that_do_not_fit_raise_where_the_policy_says_so(logits, labels):
    labels[1, :2] = 3  # five labels, of which two are equal

    losses = ctc_loss(labels, logits, logit_lengths=[40, 6, 0], infeasible="raise")

    assert np.isfinite(losses).all()
    with pytest.raises(ValueError, match="clip 1 with 5 frames for labels that need 6"):
        ctc_loss(labels, logits, logit_lengths=[40, 5, 0], infeasible="raise")


def test_in_a_graph_labels_that_do_not_fit_are_infinite(logits, labels):
    graph = tf.function(
        lambda x, lengths: ctc_loss(
            labels, x, logit_lengths=lengths, infeasible="raise"
        )
    )

    with pytest.warns(UserWarning, match="clip 0 with 8 frames for labels that need"):
        losses = graph(logits, tf.constant([8, 31, 0])).numpy()

    np.testing.assert_array_equal(np.isinf(losses), [True, False, False])


@pytest.mark.parametrize(
    ("value", "classes"), [(np.nan, 2), (np.inf, 2), (-np.inf, slice(None))]
)
def test_rejects_frames_without_a_softmax(logits, labels, value, classes):
    logits[1, 30, classes] = value

    ctc_loss(labels, logits, logit_lengths=[40, 30, 12])
    with pytest.raises(ValueError, match=r"no NaN and no \+inf .* in the clips \[1\]"):
        ctc_loss(labels, logits, logit_lengths=[40, 31, 12])


def test_a_masked_class_is_a_class_less(logits, labels):
    logits[:, :, 5] = -np.inf

    losses = ctc_loss(labels, logits, logit_lengths=LOGIT_LENGTHS)

    expected = ctc_loss(labels, logits[:, :, :5], logit_lengths=LOGIT_LENGTHS)
    np.testing.assert_allclose(losses, expected, rtol=1e-6)


def test_logits_beyond_the_largest_sum_have_a_loss():
    logits = np.full((1, 2, 3), 2e38, "float32")

    losses = ctc_loss(np.array([[1, 2]]), logits)

    np.testing.assert_allclose(losses, [2 * np.log(3)], rtol=1e-6)


@pytest.mark.parametrize(
    ("infeasible", "label_smoothing"),
    [("infinite", 0.0), ("raise", 0.0), ("zero", 0.0), ("zero", 0.1)],
)
def test_nan_is_not_taken_for_infeasible(logits, labels, infeasible, label_smoothing):
    logits[1, 30, 3] = np.nan
    function = tf.function(
        lambda x: ctc_loss(
            labels,
            x,
            logit_lengths=LOGIT_LENGTHS,
            infeasible=infeasible,
            label_smoothing=label_smoothing,
        )
    )

    losses, gradient = loss_and_gradient(function, logits)

    np.testing.assert_array_equal(np.isnan(losses), [False, True, False])
    assert np.isnan(gradient[1, :31]).all()
    assert np.isfinite(gradient[[0, 2]]).all()
    np.testing.assert_array_equal(gradient[1, 31:], 0)


def test_smoothing_towards_a_masked_class_is_infinite_but_not_infeasible(
    logits, labels
):
    logits[0, :, 5] = -np.inf

    losses = ctc_loss(labels, logits, infeasible="zero", label_smoothing=0.1)

    np.testing.assert_array_equal(np.isinf(losses), [True, False, False])


@pytest.mark.parametrize(
    "row",
    [
        pytest.param([1, 6], id="no-class"),
        pytest.param([1, 0], id="the-blank"),
        pytest.param([-1, 1], id="padding-before-a-label"),
        pytest.param([1, -2], id="below-the-padding"),
    ],
)
def test_rejects_labels_that_are_none(logits, labels, row):
    labels[2, :2] = row

    message = "from 0 to 5 without the blank 0, then -1 .* Received: labels"
    with pytest.raises(ValueError, match=message + rf"\[2\]=\[{row[0]}, {row[1]},"):
        ctc_loss(labels, logits)


@pytest.mark.parametrize("lengths", [[40, 41, 0], [40, -1, 0]])
def test_rejects_lengths_beyond_the_frames(logits, labels, lengths):
    message = r"from 0 to 40, .* Received: logit_lengths=\[40, "

    with pytest.raises(ValueError, match=message):
        ctc_loss(labels, logits, logit_lengths=lengths)


def test_label_smoothing_mixes_in_the_divergence_from_equal_shares(logits, labels):
    valid = np.arange(40) < LOGIT_LENGTHS[:, None]
    shares = scipy.special.softmax(logits.astype("float64"), axis=-1)
    divergences = scipy.stats.entropy(np.full(6, 1 / 6), shares, axis=-1)
    expected = 0.75 * ctc_loss(labels, logits, logit_lengths=LOGIT_LENGTHS).numpy()
    expected += 0.25 * np.where(valid, divergences, 0).sum(axis=1)
    logits[~valid] = np.nan

    losses, gradient = loss_and_gradient(
        lambda x: ctc_loss(
            labels, x, logit_lengths=LOGIT_LENGTHS, label_smoothing=0.25
        ),
        logits,
    )

    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    assert np.isfinite(gradient[valid]).all()
    np.testing.assert_array_equal(gradient[~valid], 0)


def test_label_smoothing_pulls_towards_equal_shares(labels):
    flat = np.zeros((3, 40, 6), "float32")
    _, plain = loss_and_gradient(lambda x: ctc_loss(labels, x), flat)

    _, smoothed = loss_and_gradient(
        lambda x: ctc_loss(labels, x, label_smoothing=0.5), flat
    )

    # Where all shares are equal already, the divergence has no gradient.
    np.testing.assert_allclose(smoothed, 0.5 * plain, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "value"),
    [("infeasible", "ignore"), ("label_smoothing", 1.0), ("label_smoothing", -0.1)],
)
def test_rejects_options_that_are_none(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be .* Received: {name}="):
        CTCLoss(**{name: value})


def test_options_reach_the_loss_object(logits, labels):
    loss = CTCLoss(infeasible="zero", label_smoothing=0.25, reduction=None)

    losses = loss(labels, masked(logits, [8, 31, 12]))

    expected = ctc_loss(
        labels,
        logits,
        logit_lengths=[8, 31, 12],
        infeasible="zero",
        label_smoothing=0.25,
    )
    np.testing.assert_array_equal(losses, expected)
    assert type(loss).from_config(loss.get_config()).label_smoothing == 0.25


def test_an_intermediate_layer_trains_with_a_loss_of_its_own(logits, labels):
    frames = keras.Input((None, 6))
    hidden = keras.layers.Dense(6, name="hidden")(frames)
    model = keras.Model(frames, [hidden, keras.layers.Dense(6, name="top")(hidden)])
    losses = [CTCLoss(blank_index=-1), CTCLoss(blank_index=-1)]
    model.compile("sgd", losses, loss_weights=[0.3, 0.7], jit_compile=False)

    scores = model.evaluate(logits, [labels, labels], verbose=0, return_dict=True)

    expected = 0.3 * scores["hidden_loss"] + 0.7 * scores["top_loss"]
    assert scores["loss"] == pytest.approx(expected, rel=1e-6)
    of_top = ctc_loss(labels, model(logits)[1], blank_index=-1)
    assert scores["top_loss"] == pytest.approx(np.mean(of_top), rel=1e-6)


def test_fit_weighs_clips_and_leaves_out_what_does_not_fit(logits, labels):
    model = keras.Sequential([keras.Input((None, 6)), keras.layers.Dense(6)])
    loss = CTCLoss(infeasible="zero")
    model.compile(keras.optimizers.SGD(0.1), loss, jit_compile=False)
    labels[0] = [1, 1, 1, 1, 1, 1, 1, 1, 1]  # 17 frames, of which there are 16
    weights = np.array([1.0, 0.0, 2.0], "float32")
    each = ctc_loss(labels, model(logits[:, :16]), infeasible="zero").numpy()

    history = model.fit(
        logits[:, :16], labels, sample_weight=weights, batch_size=3, verbose=0
    )

    assert each[0] == 0
    expected = (each * weights).sum() / 3
    assert history.history["loss"] == [pytest.approx(expected, rel=1e-5)]


@pytest.mark.parametrize("jit_compile", [False, True])
def test_training_of_a_broken_model_ends(logits, labels, jit_compile):
    model = keras.Sequential([keras.Input((None, 6)), keras.layers.Dense(6)])
    loss = CTCLoss(infeasible="zero")
    model.compile(keras.optimizers.SGD(0.1), loss, jit_compile=jit_compile)
    labels[1] = [1, 1, 1, 1, 1, 1, 1, 1, 1]  # 17 frames, of which there are 16
    logits[0, 3, 2] = np.nan

    history = model.fit(
        logits[:, :16],
        labels,
        epochs=3,
        callbacks=[keras.callbacks.TerminateOnNaN()],
        verbose=0,
    )

    assert np.isnan(history.history["loss"]).tolist() == [True]


def test_two_replicas_have_the_gradient_of_one_and_train_alike():
    program = Path(__file__).with_name("two_replicas.py")

    process = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=True
    )

    one, two, losses, losses_of_two = map(np.array, json.loads(process.stdout))
    np.testing.assert_allclose(two, one, rtol=1e-5, atol=1e-5)
    assert np.abs(one).min() > 0
    np.testing.assert_allclose(losses_of_two, losses, rtol=1e-5)
    assert losses[1] < losses[0]


@pytest.mark.parametrize("form", [lambda function: function, in_a_graph])
@pytest.mark.parametrize(
    "shape", [(2, 5), (2, 2), (2, 5, 1), (3,), (1,), (0,), (3, 1), (1, 1)]
)
def test_rejects_weights_of_frames_or_of_other_clips(shape, form):
    loss = form(lambda w: CTCLoss()(np.ones((2, 1)), np.zeros((2, 5, 3)), w))

    with pytest.raises(ValueError, match=r"`sample_weight` must have .* of 2 clips"):
        loss(np.ones(shape, "float32"))


@pytest.mark.parametrize("weight", [2.0, [2.0, 2.0], [[2.0], [2.0]]])
def test_one_weight_may_count_for_all(weight):
    one = CTCLoss()(np.ones((2, 1)), np.zeros((2, 5, 3)))

    weighted = CTCLoss()(np.ones((2, 1)), np.zeros((2, 5, 3)), np.array(weight))

    np.testing.assert_allclose(weighted, 2 * one, rtol=1e-6)


def test_rejects_labels_that_are_no_whole_numbers():
    with pytest.raises(ValueError, match=r"Received: labels\[0\]=\[1.5\], with 1.5"):
        CTCLoss()(np.array([[1.5]]), np.zeros((1, 5, 3)))
