"""Tests of `Speed`: pitch, duration, masks, seeds."""

import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import Speed
from speechkit.ops.time.masks import get_mask


@pytest.fixture
def ramps():
    """400 clips whose sample `t` is `t`: the output tells the speed."""
    return np.tile(np.arange(500, dtype="float32"), (400, 1))


def speeds_of(outputs):
    return np.asarray(outputs)[:, 200] / 200


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.1, 2.0])
def test_sine_is_played_at_the_factor_times_its_frequency(factor):
    factor = round(factor * 65536) / 65536  # the nearest speed that there is
    phase = 2 * np.pi * 440 / 16000
    sine = np.sin(phase * np.arange(4000)).astype("float32")[None]

    played = np.asarray(Speed((factor, factor))(sine, training=True))[0]

    expected = np.sin(phase * factor * np.arange(np.ceil(4000 / factor)))
    # The low-pass rings where the sine begins and ends all at once.
    np.testing.assert_allclose(played[300:-300], expected[300:-300], atol=1e-5)


def test_factors_are_uniform_in_the_range(ramps):
    speeds = speeds_of(Speed((0.8, 1.2), seed=1)(ramps, training=True))

    assert 0.8 <= speeds.min() < 0.805
    assert 1.195 < speeds.max() <= 1.2
    uniform = scipy.stats.uniform(0.8, 0.4)
    assert scipy.stats.kstest(speeds, uniform.cdf).pvalue > 0.001


@pytest.mark.parametrize("padded", [False, True], ids=["whole-clips", "padded-clips"])
def test_mask_ends_where_the_clip_does(ramps, padded):
    lengths = np.where(padded, np.arange(300, 500).repeat(2), 500)
    inputs = masked(ramps, lengths) if padded else ramps

    outputs = Speed((0.8, 1.2), seed=1)(inputs, training=True)

    mask = np.asarray(get_mask(outputs))
    counts = mask.sum(axis=1)
    assert outputs.shape == (400, 625)
    np.testing.assert_allclose(counts, lengths / speeds_of(outputs), atol=1)
    np.testing.assert_array_equal(mask, np.arange(625) < counts[:, None])
    np.testing.assert_array_equal(np.asarray(outputs)[~mask], 0)


@pytest.mark.parametrize(
    ("factor", "samples"), [(0.5, 200), (0.8, 125), (1.0, 100), (1.5, 67), (2.0, 50)]
)
def test_duration_is_that_of_the_clip_over_the_factor(factor, samples):
    clip = np.ones((1, 100), "float32")

    outputs = Speed((factor, factor))(clip, training=True)

    assert outputs.shape == (1, samples)
    assert np.asarray(get_mask(outputs)).all()


def test_factor_one_changes_nothing(waveforms):
    outputs = Speed((1, 1))(waveforms, training=True)

    np.testing.assert_array_equal(outputs, waveforms)


def test_a_clip_of_any_known_or_unknown_length_is_played_alike(waveforms):
    eager, graph = Speed((0.9, 0.9)), Speed((0.9, 0.9))
    signature = [tf.TensorSpec((None, None), tf.float32)]
    traced = tf.function(lambda x: graph(x, training=True), input_signature=signature)

    for samples in (1600, 1599, 7, 1, 0):
        clips = waveforms[:, :samples]
        expected = eager(clips, training=True)
        np.testing.assert_allclose(traced(clips), expected, atol=1e-6)


def test_every_call_draws_anew_in_one_traced_function(ramps):
    layer = Speed(seed=1)

    @tf.function
    def twice(x):
        return layer(x, training=True), layer(x, training=True)

    speeds = np.concatenate([speeds_of(x) for x in (*twice(ramps), *twice(ramps))])

    assert len(np.unique(speeds)) > 1500


def test_the_same_seed_gives_the_same_speeds_in_every_mode(ramps):
    eager, graph, dataset = (Speed(seed=3) for _ in range(3))
    traced = tf.function(lambda x: graph(x, training=True))
    clips = tf.data.Dataset.from_tensors(ramps).repeat(2)

    in_eager = [speeds_of(eager(ramps, training=True)) for _ in range(2)]
    in_graph = [speeds_of(traced(ramps)) for _ in range(2)]
    in_dataset = [speeds_of(x) for x in clips.map(lambda x: dataset(x, training=True))]

    np.testing.assert_allclose(in_graph, in_eager, rtol=1e-6)
    np.testing.assert_allclose(in_dataset, in_eager, rtol=1e-6)


def test_inference_changes_nothing(waveforms):
    padded = masked(waveforms, [1600, 700])

    outputs = Speed((0.5, 0.5))(padded)

    np.testing.assert_array_equal(outputs, padded)
    np.testing.assert_array_equal(get_mask(outputs), get_mask(padded))


@pytest.mark.parametrize("value", [(1.1, 0.9), (0.05, 1), (1,), 1.0, (0.9, None)])
def test_rejects_what_is_no_range_of_speeds(value):
    message = "`factors` must be two finite numbers .* both of 0.1 or more. Received: "

    with pytest.raises(ValueError, match=message):
        Speed(value)
