"""Tests of the statistics of masks and warps: presets, widths, places, shares."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import FrequencyMasking, SpecAugment, TimeMasking, TimeWarp

CLIPS = 10_000

# Park et al., 2019, table 1: W, F, mF, T, p, mT.
PUBLISHED = {
    "LB": (80, 27, 1, 100, 1.0, 1),
    "LD": (80, 27, 2, 100, 1.0, 2),
    "SM": (40, 15, 2, 70, 0.2, 2),
    "SS": (40, 27, 2, 70, 0.2, 2),
}


def draws_of(layer, frames, features=40, lengths=None):
    """Returns what the layer draws for many clips, a tenth of them at a time."""
    values = np.zeros((CLIPS // 10, frames, features), "float32")
    batches = [values] * 10
    if lengths is not None:
        batches = [masked(values, part) for part in np.split(lengths, 10)]
    drawn = [layer.draw(batch) for batch in batches]
    return {name: np.concatenate([x[name] for x in drawn]) for name in drawn[0]}


def is_uniform(numbers, low, high):
    """Whether integers are spread evenly from `low` to `high` and nowhere else."""
    counts = np.bincount(numbers.ravel() - low)
    return len(counts) == high - low + 1 and scipy.stats.chisquare(counts)[1] > 0.001


@pytest.mark.parametrize("preset", PUBLISHED)
def test_presets_draw_what_was_published(preset):
    move, frequency, bands, time, share, stretches = PUBLISHED[preset]

    drawn = draws_of(SpecAugment.from_preset(preset, seed=1), frames=250)

    assert drawn["frequency_width"].shape == (CLIPS, bands)
    assert drawn["time_width"].shape == (CLIPS, stretches)
    assert is_uniform(drawn["frequency_width"], 0, frequency)
    assert is_uniform(drawn["time_width"], 0, min(time, int(share * 250)))
    assert is_uniform(drawn["warp_move"], -move, move)
    assert is_uniform(drawn["warp_frame"], move + 1, 250 - 2 - move)
    assert drawn["time_width"].max() <= share * 250


def test_an_argument_replaces_that_of_the_preset():
    layer = SpecAugment.from_preset("SM", max_time_width=30, max_time_warp=0, seed=1)

    drawn = draws_of(layer, frames=250)
    assert is_uniform(drawn["time_width"], 0, 30)
    assert is_uniform(drawn["frequency_width"], 0, 15)
    assert "warp_move" not in drawn


@pytest.mark.parametrize("preset", ["SM", "SS"])
def test_no_mask_is_wider_than_its_share_of_the_clip(preset):
    lengths = np.tile(np.arange(1, 251), CLIPS // 250)

    drawn = draws_of(SpecAugment.from_preset(preset, seed=1), 250, 1, lengths)

    assert (drawn["time_width"] <= 0.2 * lengths[:, None] + 1e-6).all()
    ends = drawn["time_start"] + drawn["time_width"]
    assert (ends <= lengths[:, None]).all()


def test_places_of_each_width_are_uniform():
    times = draws_of(TimeMasking(3, seed=1), frames=12)
    bands = draws_of(FrequencyMasking(3, seed=1), frames=1, features=12)

    for drawn in (times, bands):
        for width in range(4):
            assert is_uniform(drawn["start"][drawn["width"] == width], 0, 12 - width)


def test_adaptive_masks_grow_with_the_clip():
    layer = SpecAugment(
        num_frequency_masks=0, seed=1, time_width_share=0.1, time_masks_per_frame=0.04
    )
    lengths = np.tile([50, 100, 1000, 1000], CLIPS // 4)

    drawn = draws_of(layer, 1000, 1, lengths)["time_width"]

    for length, number in ((50, 2), (100, 4), (1000, 20)):
        widths = drawn[lengths == length]
        assert is_uniform(widths[:, :number], 0, length // 10)
        assert not widths[:, number:].any()


def test_hidden_frames_take_the_mean_of_the_clip(features):
    layer = TimeMasking(4, seed=1, fill="mean")
    draws = {"start": np.array([[2]] * 3), "width": np.array([[3]] * 3)}

    outputs = np.asarray(layer.apply(masked(features, [12, 8, 5]), draws))

    for clip, length in enumerate((12, 8, 5)):
        mean = features[clip, :length].mean()
        np.testing.assert_allclose(outputs[clip, 2:5], mean, atol=1e-6)
        np.testing.assert_array_equal(outputs[clip, :2], features[clip, :2])
        np.testing.assert_array_equal(outputs[clip, length:], 0)


def test_hidden_features_become_zero(features):
    draws = {"start": np.array([[1, 4]] * 3), "width": np.array([[2, 1]] * 3)}

    outputs = np.asarray(FrequencyMasking(4).apply(features, draws))

    np.testing.assert_array_equal(outputs[:, :, [1, 2, 4]], 0)
    np.testing.assert_array_equal(outputs[:, :, [0, 3]], features[:, :, [0, 3]])


@pytest.mark.parametrize(("frame", "move"), [(40, 15), (40, -15), (50, 30), (60, 0)])
def test_warp_equals_interpolation_along_a_broken_line(random, frame, move):
    features = random.normal(size=(1, 100, 3)).astype("float32")
    draws = {"frame": np.array([frame]), "move": np.array([move])}

    outputs = np.asarray(TimeWarp(30).apply(features, draws))[0]

    sources = np.interp(np.arange(100), [0, frame + move, 99], [0, frame, 99])
    expected = [np.interp(sources, np.arange(100), column) for column in features[0].T]
    np.testing.assert_allclose(outputs.T, expected, atol=1e-4)


@pytest.mark.parametrize("frames", [0, 1, 2, 3, 4, 9])
def test_short_clips_are_warped_within_their_frames(random, frames):
    values = random.normal(size=(200, frames, 2)).astype("float32")

    outputs = np.asarray(TimeWarp(80, seed=1)(values, training=True))

    assert np.isfinite(outputs).all()
    np.testing.assert_allclose(outputs[:, :1], values[:, :1], atol=1e-6)
    np.testing.assert_allclose(outputs[:, -1:], values[:, -1:], atol=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_one_trace_serves_batches_of_any_shape(jit_compile):
    layer, traces = SpecAugment.from_preset("LD", seed=1), []
    layer(np.zeros((1, 10, 8), "float32"))
    signature = [tf.TensorSpec((None, None, 8))]

    @tf.function(input_signature=signature, jit_compile=jit_compile)
    def augmented(features):
        traces.append(1)
        return layer(features, training=True)

    shapes = [augmented(tf.ones((n, 40 * n, 8))).shape for n in (1, 2, 5)]

    assert len(traces) == 1
    assert [tuple(shape) for shape in shapes] == [(1, 40, 8), (2, 80, 8), (5, 200, 8)]


def test_rejects_presets_fills_and_shares_that_are_none():
    with pytest.raises(
        ValueError, match="`preset` must be one of 'LB', 'LD', 'SM', 'SS'"
    ):
        SpecAugment.from_preset("XL")
    with pytest.raises(ValueError, match="`fill` must be one of 'zero', 'mean'"):
        TimeMasking(fill="noise")
    with pytest.raises(
        ValueError, match="`time_width_share` must be a number from 0 to"
    ):
        SpecAugment(time_width_share=2)
