"""Tests of the batch-normalised recurrent layers against loops in NumPy."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from layers.encoders import recurrent_judges
from speechkit import layers
from speechkit.ops.time.masks import get_mask

DIRECTIONS = {
    "forward": ["forward"],
    "backward": ["backward"],
    "bidirectional": ["forward", "backward"],
}
LENGTHS = [12, 7, 3]


@pytest.fixture(
    params=[layers.BatchNormGRU, layers.BatchNormLSTM, layers.BatchNormSimpleRNN]
)
def layer_class(request):
    return request.param


def weights_by_name(layer, direction):
    """Returns the weights of one direction as arrays."""
    weights = {
        weight.path.rpartition("/")[2]: np.asarray(weight)
        for weight in layer.weights
        if f"/{direction}/" in weight.path
    }
    return {**weights, "backward": direction == "backward"}


def expected_states(layer, features, lengths, training=False):
    """Returns the states of each direction."""
    return [
        recurrent_judges.states(
            layer, features, lengths, weights_by_name(layer, name), training
        )
        for name in DIRECTIONS[layer.direction]
    ]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("normalization", ["batch", "layer", None])
@pytest.mark.parametrize("training", [False, True])
def test_states_equal_those_of_numpy(
    features, randomized, layer_class, direction, normalization, training
):
    layer = randomized(layer_class(4, direction, normalization=normalization))
    expected = expected_states(layer, features, LENGTHS, training)

    states = layer(masked(features, LENGTHS), training=training)

    np.testing.assert_allclose(states, np.concatenate(expected, axis=-1), atol=1e-5)


def test_many_features_are_normalised_alike(random, layer_class):
    features = random.normal(size=(3, 12, 40)).astype("float32")
    layer = layer_class(4)
    layer.build(features.shape)
    expected = expected_states(layer, features, LENGTHS, training=True)

    states = layer(masked(features, LENGTHS), training=True)

    np.testing.assert_allclose(states, expected[0], atol=1e-5)


@pytest.mark.parametrize("num_features", [5, 40], ids=["few", "many"])
def test_training_moves_the_averages_by_a_tenth(random, layer_class, num_features):
    features = random.normal(size=(3, 12, num_features)).astype("float32")
    layer = layer_class(4)
    layer.build(features.shape)
    kernel = weights_by_name(layer, "forward")["kernel"]
    padded = masked(features, LENGTHS)

    layer(padded, training=True)

    products = (features @ kernel)[np.asarray(get_mask(padded))]
    weights = weights_by_name(layer, "forward")
    np.testing.assert_allclose(
        weights["moving_mean"], 0.1 * products.mean(0), atol=1e-6
    )
    np.testing.assert_allclose(
        weights["moving_variance"], 0.9 + 0.1 * products.var(0), atol=1e-6
    )


def test_directions_may_be_added(features, randomized, layer_class):
    layer = randomized(layer_class(4, "bidirectional", merge_mode="sum"))
    ahead, back = expected_states(layer, features, LENGTHS)

    states = layer(masked(features, LENGTHS))

    assert tuple(states.shape) == layer.compute_output_shape(features.shape)
    np.testing.assert_allclose(states, ahead + back, atol=1e-5)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_state_is_that_after_the_last_valid_frame(
    features, randomized, layer_class, direction
):
    layer = randomized(layer_class(4, direction, return_state=True))
    expected = expected_states(layer, features, LENGTHS)

    outputs, *states = layer(masked(features, LENGTHS))

    shapes = layer.compute_output_shape(features.shape)
    assert [tuple(x.shape) for x in (outputs, *states)] == shapes
    per_direction = len(states) // len(expected)
    for index, name in enumerate(DIRECTIONS[direction]):
        last = [0] * 3 if name == "backward" else [length - 1 for length in LENGTHS]
        np.testing.assert_allclose(
            states[index * per_direction],
            expected[index][range(3), last],
            atol=1e-5,
        )


def test_a_clip_goes_on_from_the_states_it_is_given(features, randomized, layer_class):
    layer = randomized(layer_class(4, return_state=True))
    whole = layer(features)

    _, *states = layer(features[:, :5])
    rest = layer(features[:, 5:], initial_state=states)

    np.testing.assert_allclose(rest[0], whole[0][:, 5:], atol=1e-6)
    np.testing.assert_allclose(rest[1], whole[1], atol=1e-6)


def test_a_clip_without_a_frame_keeps_its_state(features, randomized, layer_class):
    layer = randomized(layer_class(4, return_state=True))
    count = layer_class.direction_class.num_states
    initial = [np.full((3, 4), 1.0 + number) for number in range(count)]

    outputs, *states = layer(masked(features, [12, 7, 0]), initial_state=initial)

    np.testing.assert_array_equal(outputs[2], 0)
    for state, given in zip(states, initial, strict=True):
        np.testing.assert_array_equal(state[2], given[2])


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_each_direction_begins_at_the_end_of_the_clip(
    features, randomized, layer_class, direction
):
    layer = randomized(layer_class(4, direction))

    states = np.asarray(layer(masked(features, [12, 7, 0])))

    alone = layer(features[1:2, :7])
    np.testing.assert_allclose(states[1:2, :7], alone, atol=1e-6)
    np.testing.assert_array_equal(states[1, 7:], 0)
    np.testing.assert_array_equal(states[2], 0)


def test_dropout_hides_features_in_training_only(features, layer_class):
    layer = layer_class(4, normalization=None, dropout=0.5)
    expected = np.asarray(layer(features))

    trained = np.asarray(layer(features, training=True))

    assert (trained != expected).any()
    np.testing.assert_array_equal(layer(features), expected)


def test_recurrent_dropout_spares_the_first_frame(features, layer_class):
    layer = layer_class(4, normalization=None, recurrent_dropout=0.5)
    expected = np.asarray(layer(features))

    trained = np.asarray(layer(features, training=True))

    np.testing.assert_allclose(trained[:, 0], expected[:, 0], atol=1e-6)
    assert (np.abs(trained[:, 2:] - expected[:, 2:]) > 1e-4).any()
    np.testing.assert_array_equal(layer(features), expected)


def test_recurrent_dropout_is_the_same_in_all_frames(random):
    # With a rectifier and U = 1, a state that is dropped never grows.
    layer = layers.BatchNormSimpleRNN(64, normalization=None, recurrent_dropout=0.5)
    layer.build((4, 9, 1))
    one = layer._directions[0]
    one.kernel.assign(np.ones((1, 64)))
    one.recurrent_kernel.assign(np.eye(64))

    states = np.asarray(layer(np.ones((4, 5, 1)), training=True))

    np.testing.assert_array_equal(np.unique(np.minimum(states[:, -1], 20)), [1.0, 20.0])

    assert 0.3 < (states[:, -1] == 1).mean() < 0.7
    assert len({tuple(row) for row in states[:, -1]}) == 4


@pytest.mark.parametrize("direction", ["backward", "bidirectional"])
def test_only_the_forward_direction_streams(layer_class, direction):
    message = f"`direction` must be 'forward' .* Received: direction='{direction}'"

    with pytest.raises(ValueError, match=message):
        layer_class(4, direction).get_initial_state()


def test_frozen_layer_keeps_its_averages(features, layer_class):
    layer = layer_class(4)
    expected = np.asarray(layer(features))
    layer.trainable = False

    outputs = layer(features, training=True)

    np.testing.assert_allclose(outputs, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("units", 0, "an integer of 1 or more"),
        ("direction", "both", "one of 'forward', 'backward', 'bidirectional'"),
        ("normalization", "group", "one of 'batch', 'layer', None"),
        ("dropout", -0.1, "a number of 0 or more and below 1"),
        ("recurrent_dropout", 1, "a number of 0 or more and below 1"),
        ("merge_mode", "mean", "one of 'concat', 'sum'"),
    ],
)
def test_rejects_arguments_out_of_range(layer_class, name, value, accepted):
    message = f"`{name}` must be {accepted}. Received: {name}={value!r}"

    with pytest.raises(ValueError, match=message):
        layer_class(**{"units": 4, name: value})


def test_states_in_float64_are_those_of_keras(features):
    layer = layers.BatchNormGRU(4, normalization=None, dtype="float64")
    peer = keras.layers.GRU(4, return_sequences=True, dtype="float64")
    peer.build(features.shape)
    layer.build(features.shape)
    kernel, recurrent_kernel, bias = peer.get_weights()
    layer.set_weights([kernel, recurrent_kernel, bias[0], bias[1, 8:]])

    states = layer(features.astype("float64"))

    np.testing.assert_allclose(states, peer(features.astype("float64")), atol=1e-12)
