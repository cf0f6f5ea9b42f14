"""The promises that every layer of augmentation keeps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.cases import CASES, Case
from contract.masks import masked, valid_part
from contract.offset import Offset, holders
from contract.rounding import assert_equal_but_for_rounding
from speechkit import layers
from speechkit.ops.time.masks import get_mask

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

AUGMENTATION = [layer for layer in CASES if ".augmentation." in layer.__module__]
# What a user writes keeps the promises, too, alone and in each layer that holds others.
OF_USERS = {
    "Offset": Case(lambda **kw: Offset(seed=1, **kw), (2, 1600)),
    **{
        f"{name}-of-Offset": Case(lambda n=name, **kw: holders(**kw)[n], (2, 1600))
        for name in holders()
    },
}
EVERY = {layer.__name__: CASES[layer] for layer in AUGMENTATION} | OF_USERS


@pytest.fixture(params=EVERY.values(), ids=EVERY)
def case(request):
    return request.param


@pytest.mark.parametrize("layer", [*AUGMENTATION, Offset], ids=lambda x: x.__name__)
def test_first_sentence_says_that_it_is_random_for_each_clip_in_training(layer):
    sentence = layer.__doc__.partition("\n")[0]

    assert "random" in sentence
    assert "in training only" in sentence


@pytest.fixture
def clips(case, random):
    """Four copies of one clip, some with padding behind them."""
    values = 0.1 * case.values(random, (1, *case.input_shape[1:]))
    return np.repeat(values, 4, axis=0)


def in_training(layer):
    return lambda clips: layer(clips, training=True)


def test_inference_changes_nothing(case, clips):
    np.testing.assert_array_equal(case.make()(clips), clips)


def test_clips_of_one_batch_are_changed_apart(case, clips):
    outputs = np.asarray(case.make()(np.repeat(clips, 3, axis=0), training=True))

    assert len(np.unique(outputs, axis=0)) > 1


def test_every_call_draws_anew_in_one_traced_function(case, clips):
    layer = case.make()
    layer(clips)
    traced = tf.function(in_training(layer))

    outputs = [np.asarray(traced(clips)) for _ in range(3)]

    assert not all((output == outputs[0]).all() for output in outputs[1:])


def test_every_epoch_of_a_dataset_draws_anew(case, clips):
    layer = case.make()
    layer(clips)
    dataset = tf.data.Dataset.from_tensors(clips).map(in_training(layer))

    epochs = [np.asarray(next(iter(dataset))) for _ in range(3)]

    assert not all((epoch == epochs[0]).all() for epoch in epochs[1:])


def test_the_same_seed_gives_the_same_in_every_mode(case, clips):
    eager, graph, dataset = (case.make() for _ in range(3))
    graph(clips), dataset(clips)
    traced = tf.function(in_training(graph))
    batches = tf.data.Dataset.from_tensors(clips).repeat(2).map(in_training(dataset))

    for in_dataset in batches:
        expected = eager(clips, training=True)
        assert_equal_but_for_rounding(traced(clips), expected)
        assert_equal_but_for_rounding(in_dataset, expected)


def test_what_was_drawn_can_be_applied_again(case, clips):
    layer, other = case.make(), case.make()
    outputs, draws = layer.augment(clips)

    again = other.apply(clips, draws)

    np.testing.assert_array_equal(again, outputs)


def test_one_row_of_the_log_changes_one_clip(case, clips):
    layer = case.make()
    outputs, draws = layer.augment(clips)
    row = keras.tree.map_structure(lambda draw: draw[2:3], draws)

    alone = layer.apply(clips[2:3], row)

    assert_equal_but_for_rounding(alone[0], outputs[2])


def test_the_log_is_what_training_draws(case, clips):
    layer, other = case.make(), case.make()

    draws = layer.draw(clips)

    expected = other(clips, training=True)
    assert_equal_but_for_rounding(other.apply(clips, draws), expected)


def test_a_padded_clip_is_changed_as_the_clip_alone(case, clips):
    layer, length = case.make(), clips.shape[1] // 2 + 1
    padded = masked(clips, [clips.shape[1], length, length, clips.shape[1]])
    outputs, draws = layer.augment(padded)
    row = keras.tree.map_structure(lambda draw: draw[1:2], draws)
    row = keras.tree.map_structure(lambda draw: shortened(draw, clips, length), row)

    alone = layer.apply(clips[1:2, :length], row)

    expected = valid_part(alone, 0)
    assert_equal_but_for_rounding(valid_part(outputs, 1), expected)


def shortened(draw, clips, length):
    """Returns a draw, cut to the clip if it is as long as the batch."""
    is_long = len(draw.shape) > 1 and draw.shape[1] == clips.shape[1]
    return draw[:, :length] if is_long else draw


def test_padding_becomes_zero(case, clips):
    outputs = case.make()(masked(clips, [clips.shape[1], 7, 1, 0]), training=True)

    mask = np.asarray(get_mask(outputs))
    assert np.isfinite(np.asarray(outputs)).all()
    np.testing.assert_array_equal(np.asarray(outputs)[~mask], 0)
    assert not mask[3].any() or isinstance(case.make(), layers.Echos)


def test_strength_zero_changes_nothing(case, clips):
    nothing = keras.optimizers.schedules.PolynomialDecay(0.0, 10, 0.0)
    layer = layers.ScheduledStrength(case.make(), nothing)

    outputs = layer(clips, training=True)

    same = valid_part(outputs, 1)[: clips.shape[1]]
    # Fewer bits than 24 are beyond float32; WSOLA of tempo 1 joins what was one.
    np.testing.assert_allclose(same, clips[1], atol=2e-6)
    np.testing.assert_allclose(valid_part(outputs, 1)[clips.shape[1] :], 0, atol=1e-6)
