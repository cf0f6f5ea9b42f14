"""Tests of lengths and masks against counting."""

import numpy as np
import pytest
import tensorflow as tf

from speechkit import config, layers, losses
from speechkit.ops.time import lengths

FRAMES = [
    pytest.param(400, 160, id="overlapping"),
    pytest.param(25, 25, id="adjacent"),
    pytest.param(10, 40, id="with-gaps"),
    pytest.param(1, 1, id="samples"),
    pytest.param(1999, 1, id="long"),
]


@pytest.mark.parametrize(("frame_length", "frame_step"), FRAMES)
def test_frame_count_equals_counting_frames(frame_length, frame_step):
    for num_samples in range(2001):
        starts = np.arange(0, num_samples, frame_step)
        expected = np.count_nonzero(starts + frame_length <= num_samples)

        count = lengths.frame_count(num_samples, frame_length, frame_step)

        assert count == expected, num_samples


@pytest.mark.parametrize("shape", [(13, 12), (13, 12, 5)], ids=["rank-2", "rank-3"])
def test_length_mask_marks_the_first_elements(shape):
    valid = np.arange(13)

    mask = lengths.length_mask(np.zeros(shape, "float32"), valid)

    expected = [[place < length for place in range(12)] for length in valid]
    np.testing.assert_array_equal(mask, expected)


def test_length_mask_of_a_length_beyond_the_end_is_all_valid():
    mask = lengths.length_mask(np.zeros((1, 3)), np.array([7]))

    np.testing.assert_array_equal(mask, [[True, True, True]])


@pytest.mark.parametrize(("frame_length", "frame_step"), FRAMES[:3])
def test_frame_mask_marks_frames_of_valid_samples(frame_length, frame_step):
    valid = np.arange(0, 501, 7)
    mask = np.arange(500) < valid[:, None]

    frames = np.asarray(lengths.frame_mask(mask, frame_length, frame_step))

    starts = range(0, 500 - frame_length + 1, frame_step)
    expected = [mask[:, s : s + frame_length].all(axis=1) for s in starts]
    np.testing.assert_array_equal(frames, np.stack(expected, axis=1))


def test_frame_mask_of_no_mask_is_no_mask():
    assert lengths.frame_mask(None, 400, 160) is None


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 4)])
def test_zero_padding_replaces_nan(shape):
    values = np.full(shape, 5.0)
    values[0, 1:] = np.nan
    mask = np.array([[True, False, False], [True, True, True]])

    padded = lengths.zero_padding(values, mask)

    np.testing.assert_array_equal(padded, np.nan_to_num(values, nan=0.0))


def test_zero_padding_without_a_mask_changes_nothing():
    values = np.array([[np.nan, 1.0]])

    assert lengths.zero_padding(values, None) is values


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4)])
def test_mask_lengths_counts_valid_elements(shape):
    mask = np.array([[True, False, False], [True, True, True]])

    np.testing.assert_array_equal(lengths.mask_lengths(np.zeros(shape), mask), [1, 3])
    np.testing.assert_array_equal(lengths.mask_lengths(np.zeros(shape), None), [3, 3])


@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 2)])
def test_padding_repeats_the_last_valid_frame(random, shape):
    values = random.normal(size=shape)
    mask = np.arange(4) < np.array([[4], [2], [0]])
    padded = values.copy()
    padded[~mask] = np.nan

    held = lengths.hold_last(padded, mask)

    expected = np.stack([values[0], values[1][[0, 1, 1, 1]], np.zeros(shape[1:])])
    np.testing.assert_array_equal(held, expected)


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 2), (3, 5, 2, 4)])
def test_frame_at_a_place_is_that_frame_or_zero(random, shape):
    values = random.normal(size=shape).astype("float32")
    values[:, 4] = np.nan

    frames = lengths.frame_at(values, np.array([0, 3, -1]))

    expected = [values[0, 0], values[1, 3], np.zeros_like(values[2, 0])]
    np.testing.assert_array_equal(frames, expected)


HUGE = [
    pytest.param("int64", 2**32 + 2, 5, id="int64"),
    pytest.param("int64", 2**63 - 1, 5, id="int64-largest"),
    pytest.param("int64", -(2**63), 0, id="int64-least"),
    pytest.param("int64", 2 - 2**32, 0, id="int64-negative"),
    pytest.param("uint32", 2**32 - 1, 5, id="uint32"),
    pytest.param("uint64", 2**64 - 1, 5, id="uint64"),
    pytest.param("int32", 2**31 - 1, 5, id="int32"),
    pytest.param("uint8", 200, 5, id="uint8"),
    pytest.param("int8", -128, 0, id="int8"),
]


@pytest.mark.parametrize(("dtype", "length", "expected"), HUGE)
def test_a_length_of_many_bits_is_not_another(dtype, length, expected):
    values = np.ones((2, 5), "float32")
    given = np.array([length, 2], dtype)
    graph = tf.function(lengths.length_mask, autograph=False)

    for mask in (lengths.length_mask(values, given), graph(values, given)):
        np.testing.assert_array_equal(np.sum(mask, axis=1), [expected, 2])

    masked = layers.LengthMasking()([values, given])
    np.testing.assert_array_equal(np.sum(masked, axis=1), [expected, 2])


@pytest.mark.parametrize(("dtype", "length", "expected"), HUGE)
def test_the_loss_in_a_graph_counts_the_frames_that_there_are(dtype, length, expected):
    logits = np.zeros((2, 5, 3), "float32")
    labels = np.full((2, 1), -1)
    graph = tf.function(
        lambda x: losses.ctc_loss(labels, logits, logit_lengths=x), autograph=False
    )

    with config.kernel_scope("graph"):
        found = graph(np.array([length, 2], dtype))

    # Without labels, each frame is the blank, one of three classes.
    np.testing.assert_allclose(found, np.log(3) * np.array([expected, 2]), rtol=1e-6)
