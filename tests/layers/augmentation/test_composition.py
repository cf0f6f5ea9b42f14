"""Tests of chains, choices, probabilities and schedules of augmentation."""

import keras
import numpy as np
import pytest
import scipy.stats

from speechkit import layers
from speechkit.ops.time.masks import get_mask


@pytest.fixture
def ones():
    return np.full((4000, 4), 0.5, "float32")


def quieter(decibels):
    return layers.Gain((decibels, decibels))


def test_layers_of_a_chain_act_one_after_the_other(waveforms):
    chain = layers.Compose([layers.Gain((20, 20)), layers.Gain((-20, -20))])

    outputs = chain(waveforms, training=True)

    np.testing.assert_allclose(outputs, np.clip(10 * waveforms, -1, 1) / 10, rtol=1e-5)


def test_a_chain_hands_masks_on(waveforms):
    chain = layers.Compose(
        [layers.Speed((2, 2)), layers.Tempo((0.5, 0.5), sampling_rate=16000)]
    )

    outputs = chain(waveforms[:, :1000], training=True)

    assert outputs.shape == (2, 1000)
    assert np.asarray(get_mask(outputs)).sum(axis=1).tolist() == [1000, 1000]


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_a_share_of_the_clips_is_changed(ones, probability):
    layer = layers.RandomApply(quieter(-20), probability, seed=1)

    outputs = np.asarray(layer(ones, training=True))

    changed = (outputs != ones).all(axis=1)
    # Four standard deviations of 4000 throws.
    spread = 4 * np.sqrt(probability * (1 - probability) / 4000)
    assert abs(changed.mean() - probability) <= spread
    np.testing.assert_allclose(outputs[changed], 0.05, rtol=1e-6)


def test_clips_of_both_lengths_end_where_they_do(waveforms):
    layer = layers.RandomApply(layers.Speed((0.5, 0.5)), 0.5, seed=1)

    outputs, draws = layer.augment(np.repeat(waveforms, 20, axis=0))

    counts = np.asarray(get_mask(outputs)).sum(axis=1)
    applied = np.asarray(draws["applied"])
    assert 0 < applied.sum() < 40
    np.testing.assert_array_equal(counts, np.where(applied, 3200, 1600))


def test_every_choice_is_equally_probable(ones):
    layer = layers.RandomChoice([quieter(-20), quieter(-40), quieter(-60)], seed=1)

    outputs = np.asarray(layer(ones, training=True))[:, 0]

    counts = [np.isclose(outputs, 0.5 * 10.0**-power).sum() for power in (1, 2, 3)]
    assert sum(counts) == 4000
    assert scipy.stats.chisquare(counts).pvalue > 0.001


def test_strength_follows_the_steps(ones):
    ramp = keras.optimizers.schedules.PolynomialDecay(0.0, 4, 1.0)
    layer = layers.ScheduledStrength(quieter(-20), ramp)

    drawn = [float(layer.draw(ones[:1])["gain_db"][0]) for _ in range(6)]

    np.testing.assert_allclose(drawn, [0, -5, -10, -15, -20, -20])


def test_strength_goes_on_in_a_saved_model(ones, tmp_path):
    ramp = keras.optimizers.schedules.PolynomialDecay(0.0, 4, 1.0)
    layer = layers.ScheduledStrength(quieter(-20), ramp)
    model = keras.Sequential([keras.Input((4,)), layer])
    model(ones, training=True)
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras").layers[-1]

    assert float(revived.draw(ones[:1])["gain_db"][0]) == -5


def test_noise_weakens_in_amplitude(waveforms):
    half = keras.optimizers.schedules.PolynomialDecay(0.5, 1, 0.5)
    plain = layers.WhiteNoise((10, 10), seed=1)
    weak = layers.ScheduledStrength(layers.WhiteNoise((10, 10), seed=1), half)

    noise = np.asarray(plain(waveforms, training=True)) - waveforms
    weaker = np.asarray(weak(waveforms, training=True)) - waveforms

    np.testing.assert_allclose(weaker, noise / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Compose([]), "`layers` must be a list of one or more layers"),
        (lambda: layers.RandomChoice(3), "`layers` must be a list of one or more"),
        (
            lambda: layers.Compose([keras.layers.Dense(1)]),
            "`layers` must be augmentation, .* Received: layers=<Dense",
        ),
        (lambda: layers.RandomApply("speed"), "`layer` must be augmentation, "),
        (
            lambda: layers.RandomApply(layers.Gain(), 1.5),
            "`probability` must be a number from 0 to 1",
        ),
        (
            lambda: layers.ScheduledStrength(layers.Gain(), 0.5),
            "`schedule` must be a schedule of `keras.optimizers.schedules`",
        ),
    ],
)
def test_rejects_what_is_no_augmentation(make, message):
    with pytest.raises(ValueError, match=message):
        make()
