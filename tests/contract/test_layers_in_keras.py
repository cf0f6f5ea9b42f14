"""What Keras asks of any layer, by its own test, for every layer of the library."""

import numpy as np
import pytest
from keras.src.testing import TestCase

from contract.cases import CASES


@pytest.fixture(params=CASES.values(), ids=[layer.__name__ for layer in CASES])
def case(request):
    return request.param


@pytest.fixture
def inputs(case, random):
    values = case.values(random, case.input_shape)
    if not case.takes_lengths:
        return values
    return [values, np.full(len(values), values.shape[1], dtype="int32")]


# Keras's own training step asks `fit` to shuffle a generator.
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed:UserWarning")
def test_layer_passes_the_test_of_keras(case, inputs):
    layer = case.make()
    layer(inputs)

    TestCase().run_layer_test(
        lambda **options: case.make(**options),
        init_kwargs={},
        input_data=inputs,
        # Keras warns of a model without anything to train.
        run_training_check=bool(layer.trainable_weights),
    )


def test_every_sublayer_is_built(case, inputs):
    layer = case.make()

    layer.build([x.shape for x in inputs] if case.takes_lengths else inputs.shape)

    assert layer.built
    assert [x.name for x in layer._flatten_layers() if not x.built] == []
