"""Tests of `TriStageDecay` against its stages, by hand."""

import json

import keras
import numpy as np
import pytest

from speechkit.schedules import TriStageDecay


def test_rate_rises_holds_and_falls():
    schedule = TriStageDecay(
        2.0, 10, hold_steps=5, decay_steps=20, initial_scale=0.1, final_scale=0.01
    )

    rates = [float(schedule(step)) for step in range(40)]

    expected = np.concatenate(
        [
            np.linspace(0.2, 2, 11)[:-1],
            np.full(5, 2.0),
            np.geomspace(2, 0.02, 21),
            np.full(4, 0.02),
        ]
    )
    np.testing.assert_allclose(rates, expected, rtol=1e-5)


def test_without_warmup_it_begins_with_the_peak():
    schedule = TriStageDecay(1.0, 0, hold_steps=0, decay_steps=10)

    assert float(schedule(0)) == 1


def test_schedule_survives_a_round_trip_through_json():
    schedule = TriStageDecay(
        1.0, 1, hold_steps=2, decay_steps=3, initial_scale=0.5, final_scale=0.25
    )
    config = json.dumps(keras.optimizers.schedules.serialize(schedule))

    revived = keras.optimizers.schedules.deserialize(json.loads(config))

    assert revived.get_config() == schedule.get_config()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"peak_learning_rate": 0}, "peak_learning_rate"),
        ({"warmup_steps": -1}, "warmup_steps"),
        ({"hold_steps": 1.5}, "hold_steps"),
        ({"decay_steps": 0}, "decay_steps"),
        ({"initial_scale": 2}, "initial_scale"),
        ({"final_scale": 0}, "final_scale"),
    ],
)
def test_rejects_wrong_arguments(arguments, name):
    usual = {
        "peak_learning_rate": 1,
        "warmup_steps": 1,
        "hold_steps": 1,
        "decay_steps": 1,
    }
    with pytest.raises(ValueError, match=f"`{name}` must be"):
        TriStageDecay(**{**usual, **arguments})
