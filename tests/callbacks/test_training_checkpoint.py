"""Tests that an interrupted run ends like one that was not, bit for bit."""

import keras
import numpy as np
import pytest
import soundfile

from speechkit import schedules
from speechkit.callbacks import TrainingCheckpoint
from speechkit.datasets import Recording, padded_batches

EPOCHS = 4


@pytest.fixture
def recordings(random, tmp_path):
    made = []
    for number in range(10):
        path = tmp_path / f"{number}.wav"
        soundfile.write(path, random.uniform(-1, 1, 400 + 10 * number), 8000)
        made.append(Recording(path, str(number % 3)))
    return made


def train(recordings, path, stop_after=None):
    """Starts or goes on with a run, as a program would that is started anew."""
    keras.utils.set_random_seed(3)
    checkpoint = TrainingCheckpoint(path)
    batches = padded_batches(
        recordings, int, sampling_rate=8000, batch_size=4, shuffle=True,
        pad_to_multiple=500, first_pass=checkpoint.epoch,
    )  # fmt: skip
    inputs = keras.Input((500,), name="waveforms")
    hidden = keras.layers.GaussianNoise(0.5)(inputs)
    hidden = keras.layers.BatchNormalization()(hidden)
    hidden = keras.layers.Dropout(0.5)(keras.layers.Dense(8, "tanh")(hidden))
    outputs = keras.layers.Dense(3, "softmax")(hidden)
    model = keras.Model({"waveforms": inputs}, outputs)
    rate = schedules.InverseSquareRootDecay(0.05, warmup_steps=4)
    optimizer = keras.optimizers.AdamW(rate, use_ema=True, global_clipnorm=1.0)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        batches.map(lambda x, y: ({"waveforms": x["waveforms"]}, y)),
        epochs=stop_after or EPOCHS, initial_epoch=checkpoint.epoch,
        callbacks=[checkpoint], shuffle=False, verbose=0,
    )  # fmt: skip
    return model, checkpoint


def test_an_interrupted_run_ends_like_an_uninterrupted_one(recordings, tmp_path):
    whole, one = train(recordings, tmp_path / "whole.npz")
    train(recordings, tmp_path / "parts.npz", stop_after=2)

    parts, other = train(recordings, tmp_path / "parts.npz")

    for expected, got in zip(whole.weights, parts.weights, strict=True):
        np.testing.assert_array_equal(got, expected)
    for expected, got in zip(
        whole.optimizer.variables, parts.optimizer.variables, strict=True
    ):
        np.testing.assert_array_equal(got, expected)
    assert one.history == other.history
    assert other.epoch == len(other.history["loss"]) == EPOCHS


def test_a_finished_run_changes_no_more(recordings, tmp_path):
    model, _ = train(recordings, tmp_path / "a.npz")

    again, checkpoint = train(recordings, tmp_path / "a.npz")

    for expected, got in zip(model.weights, again.weights, strict=True):
        np.testing.assert_array_equal(got, expected)
    assert checkpoint.epoch == EPOCHS


def test_rejects_the_checkpoint_of_another_model(tmp_path):
    def fit(units):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(units)])
        model.compile("sgd", "mse")
        callback = TrainingCheckpoint(tmp_path / "a.npz")
        model.fit(np.ones((2, 1)), np.ones((2, 1)), verbose=0, callbacks=[callback])

    fit(units=1)

    with pytest.raises(ValueError, match=r"a.npz` must be of the model and optimizer"):
        fit(units=2)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken"])
def test_rejects_a_damaged_file(tmp_path, content):
    path = tmp_path / "a.npz"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=r"a.npz` must be a file that"):
        TrainingCheckpoint(path)


def test_rejects_another_ending(tmp_path):
    with pytest.raises(ValueError, match=r"`path` must end in .npz. Received: .*\.h5"):
        TrainingCheckpoint(tmp_path / "a.h5")
