"""Tests that each argument of each class is right, or refused by its name."""

import inspect
import json
import re
import traceback
import typing
from pathlib import Path

import keras
import numpy as np
import pytest

import speechkit
from contract.argument_cases import (
    ALSO_NAMED,
    FOREIGN_ARGUMENTS,
    MODULES,
    NOT_MADE_BY_USERS,
    TAKEN,
    can_take,
    good_arguments,
    values_for,
)
from contract.cases import CASES as LAYERS
from speechkit import layers, losses

SOURCE = Path(speechkit.__file__).parent
CLASSES = [
    member
    for module in (*MODULES, losses)
    for member in (getattr(module, name) for name in module.__all__)
    if inspect.isclass(member) and member not in NOT_MADE_BY_USERS
]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_each_argument_is_right_or_refused_by_its_name(cls):
    hints = typing.get_type_hints(cls.__init__)
    names = inspect.signature(cls).parameters
    good = good_arguments(cls, names)
    assert fault_of(cls, good, "", True) is None

    faults = {
        f"{name}={shown}": fault
        for name in names
        if name not in FOREIGN_ARGUMENTS
        for shown, value in values_for(hints.get(name)).items()
        if (name, shown) not in TAKEN
        for fault in [
            fault_of(cls, {**good, name: value}, name, can_take(hints.get(name), value))
        ]
        if fault
    }

    assert faults == {}


def fault_of(cls, arguments, name, accepted):
    """Returns what is wrong with an object of these arguments, or with its error.

    NumPy's numbers are to do what those of Python do.
    """
    fault = fault_of_call(cls, arguments, name, accepted)
    value = arguments.get(name)
    if fault and isinstance(value, np.generic | np.ndarray) and value.ndim == 0:
        plain = {**arguments, name: value.item()}
        return None if fault_of_call(cls, plain, name, accepted) == fault else fault
    return fault


def fault_of_call(cls, arguments, name, accepted):
    try:
        made = cls(**arguments)
        if accepted is False:
            return "is taken"
        return fault_of_object(made)
    except Exception as error:  # any other is a fault, too
        frame = traceback.extract_tb(error.__traceback__)[-1]
        is_own = SOURCE in Path(frame.filename).parents
        if not isinstance(error, ValueError | TypeError) or not is_own:
            # Keras numbers its layers.
            message = re.sub(r"_\d+(['\"])", r"\1", repr(error))
            return f"ends in {frame.filename}: {message}"
        known = (name, *ALSO_NAMED.get(name, ()))
        return None if any(f"`{one}`" in str(error) for one in known) else repr(error)


def fault_of_object(made):
    """Returns what is wrong with an object: its configuration or its numbers."""
    if hasattr(made, "get_config") and not isinstance(made, keras.Model):
        config = json.dumps(made.get_config())
        revived = type(made).from_config(json.loads(config))
        if json.dumps(revived.get_config()) != config:
            return "another configuration"
    return None if is_finite(made) else "no finite numbers"


def is_finite(made):
    """Returns whether a layer or a schedule gives finite numbers."""
    if isinstance(made, keras.optimizers.schedules.LearningRateSchedule):
        return all(np.isfinite(float(made(step))) for step in (0, 1, 100))
    if type(made) not in LAYERS:
        return True
    case = LAYERS[type(made)]
    values = case.values(np.random.default_rng(seed=0), case.input_shape)
    if case.takes_lengths:
        values = [values, np.array([1600, 800])]
    in_training = isinstance(made, layers.AugmentationLayer)
    outputs = made(values, training=True) if in_training else made(values)
    flat = keras.tree.flatten(outputs)
    return all(np.isfinite(np.asarray(part, "float64")).all() for part in flat)
