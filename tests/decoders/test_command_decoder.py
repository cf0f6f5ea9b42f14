"""Tests of the rule and the errors of `CommandDecoder`."""

import json

import keras
import numpy as np
import pytest

from speechkit.decoders import Command, CommandDecoder


def test_most_probable_command_is_understood():
    decoder = CommandDecoder(["on", "off", "开灯"])

    commands = decoder([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])

    assert commands == [Command("开灯", 0.5), Command("on", 0.6)]


@pytest.mark.parametrize(
    ("probabilities", "label"),
    [
        pytest.param([0.75, 0.25], "on", id="above"),
        pytest.param([0.5, 0.25], "on", id="just-enough"),
        pytest.param([0.4999, 0.25], None, id="below"),
        pytest.param([np.nan, np.nan], None, id="nan"),
    ],
)
def test_probability_has_to_reach_the_threshold(probabilities, label):
    (command,) = CommandDecoder(("on", "off"), threshold=0.5)([probabilities])

    assert command.label == label
    np.testing.assert_array_equal(command.probability, probabilities[0])


def test_no_clips_give_no_commands():
    assert CommandDecoder(("on", "off"))(np.zeros((0, 2))) == []


def test_decoder_survives_a_round_trip_through_json():
    decoder = CommandDecoder(("on", "开灯"), threshold=0.25)

    config = json.dumps(keras.saving.serialize_keras_object(decoder))

    assert keras.saving.deserialize_keras_object(json.loads(config)) == decoder


@pytest.mark.parametrize("shape", [(2,), (1, 3), (1, 1), (1, 2, 2)])
def test_rejects_probabilities_of_other_shapes(shape):
    with pytest.raises(
        ValueError, match=r"`probabilities` .* with 2 classes. Received"
    ):
        CommandDecoder(("on", "off"))(np.zeros(shape))


@pytest.mark.parametrize("value", [-0.1, 1.1, True, None])
def test_rejects_thresholds_that_are_no_probability(value):
    message = f"`threshold` must be a number from 0 to 1. Received: threshold={value}"

    with pytest.raises(ValueError, match=message):
        CommandDecoder(("on", "off"), threshold=value)


def test_rejects_no_labels():
    with pytest.raises(
        ValueError, match="`labels` must be a list of at least one text"
    ):
        CommandDecoder(())
