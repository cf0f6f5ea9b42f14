"""Tests that a saved model comes back, or that one sentence says why it cannot."""

import keras
import numpy as np
import pytest

from speechkit import models


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A compiled model that was trained for a step, and its file."""
    path = tmp_path_factory.mktemp("saved") / "model.keras"
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("adam", "mse", jit_compile=False)
    model.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    model.save(path)
    return model, path


@pytest.mark.parametrize("compile", [True, False])
def test_a_model_comes_back_with_or_without_its_training(saved, compile):
    model, path = saved

    loaded = models.load_model(path, compile=compile)

    for expected, got in zip(model.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(got, expected)
    assert loaded.compiled == compile
    if compile:
        assert int(loaded.optimizer.iterations) == 1


def test_any_changed_byte_gives_a_model_or_one_sentence(saved, random, tmp_path):
    content = np.frombuffer(saved[1].read_bytes(), "uint8")
    path = tmp_path / "model.keras"
    outcomes = []

    for place in random.integers(len(content), size=30):
        changed = content.copy()
        changed[place] ^= 255
        path.write_bytes(changed.tobytes())
        try:
            outcomes.append(models.load_model(path, compile=False).count_params())
        except ValueError as error:
            outcomes.append(str(error))

    sentences = [outcome for outcome in outcomes if outcome != 3]
    assert len(sentences) > 5
    for sentence in sentences:
        assert sentence.startswith(f"`{path}` must be a .keras file. It is damaged")
        assert "\n" not in sentence


def test_rejects_another_ending():
    with pytest.raises(
        ValueError, match=r"`path` must end in .keras. Received: .*\.h5"
    ):
        models.load_model("model.h5")
