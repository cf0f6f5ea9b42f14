"""Tests of the numbers and the errors of `ctc_loss` and `CTCLoss`.

`tests/ops/test_ctc.py` judges the lattice itself; here it is what surrounds it.
"""

import numpy as np
import pytest
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


def test_rejects_labels_and_logits_of_other_ranks(logits, labels):
    message = r"\(batch, labels\) .* Received shapes: labels="

    with pytest.raises(ValueError, match=message + r"\(9,\), logits=\(3, 40, 6\)"):
        ctc_loss(labels[0], logits)
    with pytest.raises(ValueError, match=message + r"\(3, 9\), logits=\(40, 6\)"):
        ctc_loss(labels, logits[0])
