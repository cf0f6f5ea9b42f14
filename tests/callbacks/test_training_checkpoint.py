"""Tests that an interrupted run ends like one that was not, bit for bit."""

import io
import os
import re

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
    model.compile(
        optimizer,
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
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
        model.compile("sgd", "mse", jit_compile=False)
        callback = TrainingCheckpoint(tmp_path / "a.npz")
        model.fit(np.ones((2, 1)), np.ones((2, 1)), verbose=0, callbacks=[callback])

    fit(units=1)

    with pytest.raises(ValueError, match=r"a.npz` must be of the model and optimizer"):
        fit(units=2)


def archive(about, *arrays):
    """Returns the bytes of an `.npz` file that tells `about`."""
    file = io.BytesIO()
    np.savez(file, np.array(about), *arrays)
    return file.getvalue()


def about(epoch="1", history='{"loss": [0.5]}'):
    return archive(f'{{"epoch": {epoch}, "history": {history}}}')


# One line.
MESSAGE = r"`.*a.npz` must be a file that `TrainingCheckpoint` wrote. It is .*"
DAMAGED = {
    "empty": (b"", "It is empty"),
    "text": (b"no archive", "It is damaged"),
    "zip": (b"PK\x03\x04broken", "It is damaged"),
    "half": (about()[:150], "It is damaged"),
    "empty-archive": (b"PK\x05\x06" + bytes(18), "It is damaged"),
    "numbers": (archive(5), "does not begin with a text"),
    "list-of-texts": (archive(["a"]), "does not begin with a text"),
    "other-text": (archive("epoch 5"), "It is damaged"),
    "list": (archive("[1, 2]"), "does not tell its epoch"),
    "string": (archive('"epoch"'), "does not tell its epoch"),
    "null": (archive("null"), "does not tell its epoch"),
    "other-json": (archive('{"epoch": 1}'), "does not tell its epoch"),
    "deep": (archive("[" * 100000), "nested too deeply"),
    "huge": (about(10**30), "its epoch is 1000"),
    "beyond-int32": (about(2**31), "its epoch is 2147483648"),
    "long-history": (about(1, '{"loss": [0.5, 0.4]}'), "its history is longer"),
    "negative": (about(-5), "its epoch is -5"),
    "zero": (about(0), "its epoch is 0"),
    "fraction": (about(1.5), "its epoch is 1.5"),
    "true": (about("true"), "its epoch is True"),
    "nan": (about("NaN"), "its epoch is nan"),
    "infinite": (about("1e999"), "its epoch is inf"),
    "text-epoch": (about('"5"'), "its epoch is 5"),
    "list-epoch": (about("[5]"), r"its epoch is \[5\]"),
    "list-history": (about(history="[]"), "its history is not"),
    "text-history": (about(history='{"loss": "low"}'), "its history is not"),
    "history-of-lists": (about(history='{"loss": [[1.0]]}'), "its history is not"),
}


@pytest.mark.parametrize(("content", "reason"), DAMAGED.values(), ids=DAMAGED)
def test_rejects_a_file_that_it_did_not_write(tmp_path, content, reason):
    path = tmp_path / "a.npz"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=rf"a.npz` must be a file that .*{reason}"):
        TrainingCheckpoint(path)


def test_rejects_any_changed_byte_in_one_sentence_or_reads_what_was_written(
    random, tmp_path
):
    path = tmp_path / "a.npz"
    content = np.frombuffer(about(), "uint8")

    for place in random.integers(len(content), size=100):
        changed = content.copy()
        changed[place] ^= random.integers(1, 256)
        path.write_bytes(changed.tobytes())
        try:
            outcome = TrainingCheckpoint(path).epoch
        except ValueError as error:
            outcome = str(error)

        assert outcome == 1 or re.fullmatch(MESSAGE, outcome)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda path: path.mkdir(), "It is a folder", id="folder"),
        pytest.param(os.mkfifo, "It is a pipe", id="pipe"),
    ],
)
def test_rejects_what_is_no_file_before_training(tmp_path, make, reason):
    make(tmp_path / "a.npz")

    with pytest.raises(ValueError, match=rf"a.npz` must be a file that .*{reason}"):
        TrainingCheckpoint(tmp_path / "a.npz")


def test_rejects_a_name_that_is_too_long(tmp_path):
    with pytest.raises(ValueError, match="It cannot be read: File name too long"):
        TrainingCheckpoint(tmp_path / f"{'a' * 300}.npz")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda arrays: arrays[:-1], id="one-less"),
        pytest.param(lambda arrays: [*arrays, np.zeros(1)], id="one-more"),
        pytest.param(lambda arrays: arrays[::-1], id="other-order"),
        pytest.param(
            lambda arrays: [array.astype("U9") for array in arrays], id="texts"
        ),
        pytest.param(
            lambda arrays: [array.astype("complex64") for array in arrays], id="type"
        ),
    ],
)
def test_rejects_variables_of_another_training(tmp_path, change):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
    model.compile("sgd", "mse", jit_compile=False)
    path = tmp_path / "a.npz"
    x = np.ones((2, 1))
    model.fit(x, x, verbose=0, callbacks=[TrainingCheckpoint(path)])
    with np.load(path) as file:
        first, *arrays = [file[name] for name in file.files]
    np.savez(path, first, *change(arrays))

    with pytest.raises(ValueError, match=r"a.npz` must be of the model and optimizer"):
        model.fit(x, x, verbose=0, callbacks=[TrainingCheckpoint(path)])


def small_model():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
    model.compile("sgd", "mse", jit_compile=False)
    return model


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_diverged_weights_are_neither_written_nor_taken(tmp_path, value):
    model, path, x = small_model(), tmp_path / "a.npz", np.ones((2, 1))
    callback = TrainingCheckpoint(path)
    model.fit(x, x, verbose=0, callbacks=[callback])
    content = path.read_bytes()

    model.weights[0].assign([[1.0, value]])
    with pytest.raises(ValueError, match=r"diverged: .*kernel' is NaN or infinite aft"):
        callback.on_epoch_end(1)
    assert path.read_bytes() == content

    with np.load(path) as file:
        first, kernel, *others = [file[name] for name in file.files]
    np.savez(path, first, np.full_like(kernel, value), *others)
    again = TrainingCheckpoint(path)
    with pytest.raises(ValueError, match=r"a.npz` must be a file that .*are NaN or"):
        small_model().fit(x, x, verbose=0, callbacks=[again])


@pytest.mark.parametrize("first", [True, False])
def test_training_that_another_callback_has_ended_ends_without_an_error(
    tmp_path, first
):
    path, x = tmp_path / "a.npz", np.ones((2, 1))
    callback = TrainingCheckpoint(path)
    small_model().fit(x, x, verbose=0, callbacks=[callback])
    content = path.read_bytes()
    callbacks = [keras.callbacks.TerminateOnNaN(), TrainingCheckpoint(path)]

    history = small_model().fit(
        x * np.nan, x, epochs=9, verbose=0, callbacks=callbacks[:: 1 if first else -1]
    )

    assert np.isnan(history.history["loss"]).tolist() == [True]
    assert path.read_bytes() == content


def test_what_is_not_trained_may_be_infinite(tmp_path):
    model = small_model()
    model.layers[0].trainable = False
    model.weights[0].assign([[1.0, -np.inf]])
    callback = TrainingCheckpoint(tmp_path / "a.npz")
    callback.set_model(model)

    callback.on_epoch_end(0)

    assert TrainingCheckpoint(tmp_path / "a.npz").epoch == 1


def test_half_precision_goes_on_where_it_was(tmp_path):
    keras.config.set_dtype_policy("bfloat16")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
    model.compile("sgd", "mse", jit_compile=False)
    x = np.ones((2, 1))
    callback = TrainingCheckpoint(tmp_path / "a.npz")
    model.fit(x, x, verbose=0, callbacks=[callback])
    expected = [np.asarray(weight, "float32") for weight in model.weights]

    again = TrainingCheckpoint(tmp_path / "a.npz")
    again.set_model(model)
    for weight in model.weights:
        weight.assign(weight + 1)
    again.on_train_begin()

    for weight, value in zip(model.weights, expected, strict=True):
        np.testing.assert_array_equal(np.asarray(weight, "float32"), value)


def test_a_killed_write_is_cleaned_up_at_the_next_start(tmp_path):
    (tmp_path / ".a.partial-0.npz").write_bytes(b"half")

    TrainingCheckpoint(tmp_path / "a.npz")

    assert list(tmp_path.iterdir()) == []


def test_rejects_another_ending(tmp_path):
    with pytest.raises(ValueError, match=r"`path` must end in .npz. Received: .*\.h5"):
        TrainingCheckpoint(tmp_path / "a.h5")
