"""Tests of a user's layer in models; `tests/contract` has its draws and its padding."""

from typing import ClassVar

import keras
import numpy as np
import pytest

from contract.masks import masked
from contract.offset import Offset, holders
from speechkit import layers

HOLDERS = ("Compose", "RandomApply", "RandomChoice", "ScheduledStrength")
each_holder = pytest.mark.parametrize("name", HOLDERS)


def model_of(layer):
    """Returns a compiled classifier that begins with the layer."""
    waveforms = keras.Input((None,))
    frames = layers.Frame(80, 40)(layer(waveforms))
    outputs = keras.layers.Dense(2)(layers.StatisticsPooling()(frames))
    model = keras.Model(waveforms, outputs)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, jit_compile=False)
    return model


def assert_same_draws(first, second):
    """Asserts that two structures of draws are equal."""
    pairs = zip(keras.tree.flatten(first), keras.tree.flatten(second), strict=True)
    for one, other in pairs:
        np.testing.assert_array_equal(one, other)


def test_its_numbers_are_those_it_draws(waveforms):
    outputs, draws = Offset(0.25, seed=1).augment(waveforms)

    level = np.asarray(draws["level"])
    assert np.abs(level).max() <= 0.25
    np.testing.assert_allclose(outputs, waveforms + level[:, None], atol=1e-6)


def test_it_need_not_care_for_the_padding(waveforms):
    outputs = Offset(seed=1)(masked(waveforms, [1600, 700]), training=True)

    np.testing.assert_array_equal(np.asarray(outputs)[1, 700:], 0)


@each_holder
def test_it_trains_within_a_model(name, waveforms):
    model = model_of(holders()[name])
    before = model.layers[-1].get_weights()[0]

    history = model.fit(np.tile(waveforms, (4, 1)), np.arange(8) % 2, verbose=0)

    assert np.isfinite(history.history["loss"]).all()
    assert (model.layers[-1].get_weights()[0] != before).any()


@each_holder
def test_it_is_loaded_with_a_model_and_draws_alike(name, waveforms, tmp_path):
    model = model_of(holders()[name])
    model.save(tmp_path / "model.keras")

    loaded = keras.saving.load_model(
        tmp_path / "model.keras", custom_objects={"Offset": Offset}
    )

    np.testing.assert_array_equal(loaded(waveforms), model(waveforms))
    assert_same_draws(loaded.layers[1].draw(waveforms), model.layers[1].draw(waveforms))


def test_strength_moves_its_draws_from_what_changes_nothing(waveforms):
    half = keras.optimizers.schedules.PolynomialDecay(0.5, 1, 0.5)
    plain, weak = Offset(seed=1), layers.ScheduledStrength(Offset(seed=1), half)

    level = np.asarray(plain.draw(waveforms)["level"])
    weaker = np.asarray(weak.draw(waveforms)["level"])

    np.testing.assert_allclose(weaker, level / 2)


class WithoutTransform(layers.AugmentationLayer):
    """Draws and changes nothing."""

    def draw_parameters(self, values, *, mask):
        return {}


class WithoutDraws(Offset):
    """Returns a tensor where a dictionary belongs."""

    def draw_parameters(self, values, *, mask):
        return self.draw_uniform(values)


class WithoutMask(Offset):
    """Returns values without their mask."""

    def transform(self, values, draws, *, mask):
        return values


class WithoutNeutral(Offset):
    """Does not say what changes nothing."""

    neutral_draws: ClassVar = {}


class WithAnotherNeutral(Offset):
    """Names a draw that it does not make."""

    neutral_draws: ClassVar = {"gain": 1.0}


def test_a_layer_without_a_method_cannot_be_made():
    with pytest.raises(TypeError, match=r"WithoutTransform .* method '?transform"):
        WithoutTransform()


@pytest.mark.parametrize(
    ("layer_class", "message"),
    [
        (WithoutDraws, "`WithoutDraws.draw_parameters` must return a dictionary of"),
        (WithoutMask, "`WithoutMask.transform` must return two things, the values and"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: layers.Compose([x])])
def test_a_method_that_returns_something_else_is_named(
    waveforms, layer_class, message, wrap
):
    # Two clips could be mistaken for values and a mask.
    with pytest.raises(TypeError, match=message):
        wrap(layer_class()).augment(waveforms)


@pytest.mark.parametrize(
    "wrap", [lambda x: x, lambda x: layers.Compose([layers.Gain(), x])]
)
def test_a_strength_needs_to_know_what_changes_nothing(wrap):
    schedule = keras.optimizers.schedules.PolynomialDecay(0.5, 10, 1.0)

    with pytest.raises(
        ValueError, match=r"`neutral_draws`, or .* where WithoutNeutral"
    ):
        layers.ScheduledStrength(wrap(WithoutNeutral()), schedule)


def test_neutral_draws_are_drawn(waveforms):
    layer = WithAnotherNeutral()

    with pytest.raises(ValueError, match=r"`WithAnotherNeutral\..* Received: \['gain'"):
        layer.weaken(layer.draw(waveforms), 0.5)


def test_what_does_not_derive_from_the_base_is_no_augmentation():
    with pytest.raises(
        ValueError, match=r"derives from `speechkit\.layers\.AugmentationLayer`"
    ):
        layers.Compose([keras.layers.GaussianNoise(0.1)])


def test_what_draws_nothing_takes_no_seed():
    with pytest.raises(TypeError, match="seed"):
        layers.Compose([Offset()], seed=1)
