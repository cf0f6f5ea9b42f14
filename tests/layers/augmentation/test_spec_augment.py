"""Tests of the masks of `SpecAugment`: widths, places, padding, seeds, modes."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import SpecAugment
from speechkit.ops.time.masks import get_mask


@pytest.fixture
def one_clip():
    return np.ones((1, 30, 20), "float32")


def bands(max_width, number=1):
    """Returns a layer that hides bands of frequency alone."""
    return SpecAugment(
        max_frequency_width=max_width,
        num_frequency_masks=number,
        num_time_masks=0,
        seed=1,
    )


def stretches(max_width, number=1, **options):
    """Returns a layer that hides stretches of time alone."""
    return SpecAugment(
        num_frequency_masks=0,
        max_time_width=max_width,
        num_time_masks=number,
        seed=2,
        **options,
    )


def narrow_masks(seed=None):
    """Returns a layer that hides one band and one stretch, each 10 wide at most."""
    return SpecAugment(max_frequency_width=10, max_time_width=10, seed=seed)


def hidden_frames(layer, clips, frames, lengths=None):
    """Returns `(clips, frames)`: which frames were set to zero."""
    ones = np.ones((clips, frames, 1), "float32")
    lengths = np.full(clips, frames) if lengths is None else lengths
    hidden = np.asarray(layer(masked(ones, lengths), training=True))[:, :, 0] == 0
    # Padding is always zero.
    return hidden & (np.arange(frames) < lengths[:, None])


def hidden_features(layer, clips, features):
    """Returns `(clips, features)`: which features were set to zero."""
    ones = np.ones((clips, 1, features), "float32")
    return np.asarray(layer(ones, training=True))[:, 0] == 0


def runs_of(hidden):
    """Returns the number of hidden stretches of each clip."""
    return np.diff(hidden.astype(int), axis=1, prepend=0).clip(min=0).sum(axis=1)


@pytest.mark.parametrize("widest", [1, 5, 9])
def test_widths_are_uniform_from_zero_to_the_largest(widest):
    by_frequency = hidden_features(bands(widest), clips=4000, features=12)
    by_time = hidden_frames(stretches(widest), clips=4000, frames=12)

    for hidden in (by_frequency, by_time):
        counts = np.bincount(hidden.sum(axis=1))
        assert len(counts) == widest + 1
        assert scipy.stats.chisquare(counts).pvalue > 0.001
        assert runs_of(hidden).max() == 1


def test_places_are_uniform():
    hidden = hidden_features(bands(4), clips=8000, features=12)

    for width in (1, 2, 3, 4):
        starts = hidden[hidden.sum(axis=1) == width].argmax(axis=1)
        counts = np.bincount(starts)
        # The first place is the lowest feature, the last one ends at the highest.
        assert len(counts) == 12 - width + 1
        assert scipy.stats.chisquare(counts).pvalue > 0.001


def test_several_masks_are_drawn_apart():
    hidden = hidden_frames(stretches(3, 2), clips=2000, frames=40)

    assert runs_of(hidden).max() == 2
    assert hidden.sum(axis=1).max() == 6


def test_masks_are_never_wider_than_the_axis():
    by_frequency = hidden_features(bands(100), clips=200, features=3)
    by_time = hidden_frames(stretches(100), clips=200, frames=3)

    assert by_frequency.sum(axis=1).max() == by_time.sum(axis=1).max() == 3


@pytest.mark.parametrize(("share", "widest"), [(0.0, 0), (0.2, 2), (0.59, 5), (1.0, 8)])
def test_one_time_mask_hides_at_most_a_share_of_the_valid_frames(share, widest):
    layer = stretches(8, max_time_share=share)

    hidden = hidden_frames(layer, clips=2000, frames=16, lengths=np.full(2000, 10))

    counts = np.bincount(hidden.sum(axis=1))
    assert len(counts) == widest + 1
    assert widest == 0 or scipy.stats.chisquare(counts).pvalue > 0.001


def test_time_masks_fall_on_valid_frames_only():
    lengths = np.tile([16, 7, 1, 0], 500)
    layer = stretches(10, 2)

    hidden = hidden_frames(layer, clips=2000, frames=16, lengths=lengths)
    draws = layer.draw(masked(np.ones((2000, 16, 1), "float32"), lengths))

    ends = np.asarray(draws["time_start"]) + np.asarray(draws["time_width"])
    assert (ends <= lengths[:, None]).all()
    for length in (16, 7, 1):
        assert hidden[lengths == length][:, :length].any(axis=0).all()


def test_what_is_not_hidden_stays(features):
    outputs = np.asarray(
        SpecAugment(max_frequency_width=2, max_time_width=4, seed=1)(
            features, training=True
        )
    )

    kept = outputs != 0
    assert 0 < kept.mean() < 1
    np.testing.assert_array_equal(outputs[kept], features[kept])


def test_each_clip_draws_its_own_masks(one_clip):
    clips = np.repeat(one_clip, 50, axis=0)

    outputs = np.asarray(narrow_masks(seed=1)(clips, training=True))

    assert len(np.unique(outputs, axis=0)) > 45


def test_the_same_seed_gives_the_same_masks_in_every_mode(one_clip):
    eager, graph, dataset = (narrow_masks(seed=3) for _ in range(3))
    traced = tf.function(lambda x: graph(x, training=True))
    clips = tf.data.Dataset.from_tensors(one_clip).repeat(3)

    in_eager = [np.asarray(eager(one_clip, training=True)) for _ in range(3)]
    in_graph = [np.asarray(traced(one_clip)) for _ in range(3)]
    in_dataset = list(clips.map(lambda x: dataset(x, training=True)))

    np.testing.assert_array_equal(in_graph, in_eager)
    np.testing.assert_array_equal(in_dataset, in_eager)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_every_call_draws_anew_in_one_traced_function(one_clip, jit_compile):
    layer = narrow_masks(seed=3)
    layer(one_clip)

    @tf.function(jit_compile=jit_compile)
    def twice(x):
        return layer(x, training=True), layer(x, training=True)

    outputs = np.stack([*twice(one_clip), *twice(one_clip)])

    assert len(np.unique(outputs, axis=0)) == 4


def test_every_batch_of_a_dataset_draws_anew(one_clip):
    layer = narrow_masks(seed=3)
    clips = tf.data.Dataset.from_tensors(one_clip).repeat(4)

    outputs = np.stack(list(clips.map(lambda x: layer(x, training=True))))

    assert len(np.unique(outputs, axis=0)) == 4


def test_without_a_seed_two_layers_draw_apart(one_clip):
    first, second = (
        np.asarray(narrow_masks()(one_clip, training=True)) for _ in range(2)
    )

    assert (first != second).any()


def test_inference_changes_nothing(features):
    layer = narrow_masks(seed=1)

    np.testing.assert_array_equal(layer(features), features)
    np.testing.assert_array_equal(layer(features, training=False), features)


def test_mask_stays_as_it_is(features):
    padded = masked(features, [12, 7, 3])

    mask = get_mask(SpecAugment(seed=1)(padded, training=True))

    np.testing.assert_array_equal(mask, get_mask(padded))


@pytest.mark.parametrize(
    "name",
    [
        "max_frequency_width",
        "num_frequency_masks",
        "max_time_width",
        "num_time_masks",
    ],
)
@pytest.mark.parametrize("value", [-1, 1.0, True, None])
def test_rejects_widths_and_counts_that_are_no_integers(name, value):
    message = f"`{name}` must be an integer of 0 or more. Received: {name}={value}"

    with pytest.raises(ValueError, match=message):
        SpecAugment(**{name: value})


@pytest.mark.parametrize("value", [-0.1, 1.1, True, None])
def test_rejects_shares_that_are_none(value):
    message = f"`max_time_share` must be a number from 0 to 1. .*={value}"

    with pytest.raises(ValueError, match=message):
        SpecAugment(max_time_share=value)


def test_mixed_precision_counts_long_clips_exactly():
    # In half precision, 4097 frames would be 4096.
    layer = stretches(1, 40, dtype="mixed_float16")

    hidden = hidden_frames(layer, clips=500, frames=4097)

    assert layer.compute_dtype == "float16"
    assert hidden[:, -1].any()
