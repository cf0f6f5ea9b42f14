"""Tests of `WeightAveraging` against means of weights that are set by hand."""

import keras
import numpy as np
import pytest

from speechkit.callbacks import WeightAveraging

# What the only weight is, and what is logged, after each epoch.
WEIGHTS = [1.0, 2.0, 4.0, 8.0]
SCORES = [0.3, 0.1, 0.4, 0.2]


@pytest.fixture
def model():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse", jit_compile=False)
    return model


def train(model, callback):
    """Goes through epochs as `fit` does, with weights that are known."""
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, (weight, score) in enumerate(zip(WEIGHTS, SCORES, strict=True)):
        model.set_weights([np.full((1, 1), weight, "float32")])
        callback.on_epoch_end(epoch, {"score": score})
    callback.on_train_end()
    return float(model.get_weights()[0].item())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param({"num_epochs": 2}, (4 + 8) / 2, id="last"),
        pytest.param({"num_epochs": 9}, (1 + 2 + 4 + 8) / 4, id="all"),
        pytest.param({"num_epochs": 2, "monitor": "score"}, (2 + 8) / 2, id="least"),
        pytest.param(
            {"num_epochs": 3, "monitor": "score", "mode": "max"},
            (1 + 4 + 8) / 3,
            id="most",
        ),
    ],
)
def test_weights_are_the_mean_of_the_epochs(model, arguments, expected):
    assert train(model, WeightAveraging(**arguments)) == pytest.approx(expected)


def test_whole_numbers_are_those_of_the_best_epoch():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.counter = model.add_weight(
        shape=(), dtype="int32", trainable=False, name="counter"
    )
    callback = WeightAveraging(num_epochs=2)
    callback.set_model(model)

    for epoch in range(3):
        model.counter.assign(epoch)
        callback.on_epoch_end(epoch)
    callback.on_train_end()

    assert int(model.counter) == 2


def test_fit_ends_with_the_average(model):
    seen = []
    record = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: seen.append(model.get_weights()[0])
    )

    model.fit(
        np.ones((4, 1)), np.ones(4), epochs=3, verbose=0,
        callbacks=[WeightAveraging(2), record],
    )  # fmt: skip

    np.testing.assert_allclose(model.get_weights()[0], np.mean(seen[-2:], axis=0))
    assert not np.array_equal(seen[-1], seen[-2])


def test_rejects_what_no_epoch_logs(model):
    callback = WeightAveraging(monitor="val_wer")

    with pytest.raises(ValueError, match=r"one of score. .*monitor='val_wer'"):
        train(model, callback)


@pytest.mark.parametrize(
    ("arguments", "name"), [({"num_epochs": 0}, "num_epochs"), ({"mode": "a"}, "mode")]
)
def test_rejects_wrong_arguments(arguments, name):
    with pytest.raises(ValueError, match=f"`{name}` must be"):
        WeightAveraging(**arguments)
