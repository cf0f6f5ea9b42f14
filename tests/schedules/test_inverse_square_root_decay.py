"""Tests of `InverseSquareRootDecay` against the formula of the paper."""

import json
import math

import keras
import pytest

from speechkit.schedules import InverseSquareRootDecay


@pytest.mark.parametrize("step", [1, 2, 399, 400, 401, 5000])
def test_rate_is_that_of_the_first_transformer(step):
    units, warmup = 512, 400
    schedule = InverseSquareRootDecay(1 / math.sqrt(units * warmup), warmup)

    rate = float(schedule(step - 1))  # the paper counts from 1

    expected = units**-0.5 * min(step**-0.5, step * warmup**-1.5)
    assert rate == pytest.approx(expected, rel=1e-6)


def test_an_optimizer_follows_and_remembers_it():
    optimizer = keras.optimizers.SGD(InverseSquareRootDecay(1.0, 2))
    weight = keras.Variable(0.0)

    steps = []
    for _ in range(4):
        before = float(weight)
        optimizer.apply([keras.ops.array(-1.0)], [weight])
        steps.append(float(weight) - before)

    config = json.loads(json.dumps(keras.optimizers.serialize(optimizer)))
    revived = keras.optimizers.deserialize(config)
    assert steps == pytest.approx([0.5, 1, math.sqrt(2 / 3), math.sqrt(1 / 2)])
    assert revived.get_config() == optimizer.get_config()


@pytest.mark.parametrize(
    ("arguments", "name"), [((0, 1), "peak_learning_rate"), ((1, 0), "warmup_steps")]
)
def test_rejects_wrong_arguments(arguments, name):
    with pytest.raises(ValueError, match=f"`{name}` must be"):
        InverseSquareRootDecay(*arguments)
