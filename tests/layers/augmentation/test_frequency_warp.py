"""Tests of `FrequencyWarp`: where a frequency goes, the ends of the axis, seeds."""

import librosa
import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from contract.masks import masked
from speechkit.layers import FrequencyWarp
from speechkit.ops.time.masks import get_mask


def centres(num_features, min_freq=0.0, max_freq=8000.0, *, htk=False):
    """Returns the centres of mel filters, in hertz."""
    return librosa.mel_frequencies(
        num_features + 2, fmin=min_freq, fmax=max_freq, htk=htk
    )[1:-1]


def sources_of(hertz, factor):
    """Returns the frequencies, up to 8 kHz, that the warp moves to `hertz`."""
    corner = 0.6 * 8000 * min(factor, 1)
    slope = (8000 - corner / factor) / (8000 - corner)
    return np.where(hertz < corner, hertz / factor, 8000 - slope * (8000 - hertz))


def warped(values, factor, **options):
    """Returns one frame of features, warped by a known factor."""
    layer = FrequencyWarp((factor, factor), sampling_rate=16000, **options)
    return np.asarray(layer(values[None, None].astype("float32"), training=True))[0, 0]


@pytest.mark.parametrize("factor", [0.8, 0.9, 1.1, 1.2])
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="defaults"),
        pytest.param({"min_freq": 20.0, "max_freq": 7600.0}, id="part-of-the-axis"),
        pytest.param({"mel_scale": "htk"}, id="htk"),
    ],
)
def test_peak_moves_to_the_factor_times_its_frequency(factor, options):
    htk = options.get("mel_scale") == "htk"
    corners = {k: v for k, v in options.items() if k != "mel_scale"}
    hertz = centres(200, **corners, htk=htk)

    for frequency in (500.0, 1500.0, 3500.0):
        peak = np.exp(-np.square((hertz - frequency) / (0.05 * frequency)))
        found = hertz[warped(peak, factor, **options).argmax()]

        # Two of the 200 filters, at most 2.5 % of a frequency.
        assert found == pytest.approx(frequency * factor, rel=0.025)


@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_axis_bends_back_to_its_end(factor):
    hertz = centres(200)

    # The value of a feature is its own frequency, so the output says where it was.
    sources = warped(hertz, factor)

    expected = sources_of(hertz, factor).clip(hertz[0], hertz[-1])
    np.testing.assert_allclose(sources, expected, rtol=1e-3)
    assert (np.diff(sources) >= 0).all()


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_fine_structure_is_not_blurred(factor):
    hertz = centres(80)
    mels = librosa.hz_to_mel([hertz, sources_of(hertz, factor)])
    places = np.interp(mels[1], mels[0], np.arange(80))

    # Harmonics each 5 features, as a low voice has them.
    outputs = warped(np.sin(2 * np.pi * np.arange(80) / 5), factor)

    # A straight line between two features would be wrong by 0.19, and 3 of them are at
    # each end, where there are fewer features to go by.
    expected = np.sin(2 * np.pi * places / 5)
    np.testing.assert_allclose(outputs[3:-3], expected[3:-3], atol=0.03)


@pytest.mark.parametrize("num_features", [1, 2, 3, 5])
def test_few_features_are_warped_too(num_features):
    outputs = warped(np.ones(num_features), 1.1)

    np.testing.assert_allclose(outputs, np.ones(num_features), atol=1e-6)


@pytest.mark.parametrize("factor", [0.1, 0.5, 2.0, 10.0])
def test_no_frequency_leaves_the_axis(factor):
    np.testing.assert_allclose(warped(np.ones(40), factor), np.ones(40), atol=1e-6)


def test_factor_one_changes_nothing(features):
    outputs = FrequencyWarp((1, 1), sampling_rate=16000)(features, training=True)

    np.testing.assert_allclose(outputs, features, atol=1e-6)


def test_factors_are_equally_spaced_and_equally_likely():
    hertz = np.tile(centres(80), (4100, 1, 1)).astype("float32")

    outputs = FrequencyWarp((0.8, 1.2), seed=1, sampling_rate=16000)(
        hertz, training=True
    )

    # Feature 30 lies in the middle, at 1.3 kHz, and reads 1.3 kHz over the factor.
    factors = hertz[0, 0, 30] / np.asarray(outputs)[:, 0, 30]
    values, counts = np.unique(factors.round(4), return_counts=True)
    assert len(values) == 41
    np.testing.assert_allclose(values, np.linspace(0.8, 1.2, 41), rtol=2e-3)
    assert scipy.stats.chisquare(counts).pvalue > 0.001


def test_all_frames_of_a_clip_are_warped_alike(random):
    frames = np.tile(random.normal(size=(20, 1, 40)), (1, 7, 1)).astype("float32")

    outputs = np.asarray(
        FrequencyWarp(seed=1, sampling_rate=16000)(frames, training=True)
    )

    np.testing.assert_allclose(outputs, np.tile(outputs[:, :1], (1, 7, 1)), atol=1e-6)


def test_every_call_draws_anew_in_one_traced_function(features):
    layer = FrequencyWarp((0.5, 2.0), seed=1, sampling_rate=16000)

    @tf.function
    def twice(x):
        return layer(x, training=True), layer(x, training=True)

    outputs = np.stack([*twice(features), *twice(features)])

    assert len(np.unique(outputs, axis=0)) == 4


def test_the_same_seed_gives_the_same_factors_in_every_mode(features):
    eager, graph, dataset = (
        FrequencyWarp((0.5, 2.0), seed=3, sampling_rate=16000) for _ in range(3)
    )
    traced = tf.function(lambda x: graph(x, training=True))
    clips = tf.data.Dataset.from_tensors(features).repeat(2)

    in_eager = [np.asarray(eager(features, training=True)) for _ in range(2)]
    in_graph = [np.asarray(traced(features)) for _ in range(2)]
    in_dataset = list(clips.map(lambda x: dataset(x, training=True)))

    np.testing.assert_allclose(in_graph, in_eager, atol=1e-6)
    np.testing.assert_allclose(in_dataset, in_eager, atol=1e-6)


def test_inference_changes_nothing(features):
    np.testing.assert_array_equal(
        FrequencyWarp((2, 2), sampling_rate=16000)(features), features
    )


def test_padding_stays_behind_its_mask(features):
    padded = masked(features, [12, 7, 3])

    outputs = FrequencyWarp(seed=1, sampling_rate=16000)(padded, training=True)

    valid = np.asarray(get_mask(outputs))
    np.testing.assert_array_equal(valid, get_mask(padded))
    assert np.isfinite(np.asarray(outputs)[valid]).all()


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("factors", (1.1, 0.9), "two finite numbers"),
        ("factors", (0.0, 1.0), "two finite numbers"),
        ("sampling_rate", 0, "an integer of 1 or more"),
        ("min_freq", -1.0, "a finite number of 0 or more"),
        ("mel_scale", "bark", "one of 'slaney', 'htk'"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    with pytest.raises(ValueError, match=f"`{name}` must be {accepted}"):
        FrequencyWarp(**{"sampling_rate": 16000, name: value})


@pytest.mark.parametrize("max_freq", [-5.0, 10.0, 99999.0])
def test_rejects_frequencies_that_mel_features_cannot_have(max_freq):
    with pytest.raises(ValueError, match="`max_freq` must be"):
        FrequencyWarp(min_freq=20.0, max_freq=max_freq, sampling_rate=16000)
