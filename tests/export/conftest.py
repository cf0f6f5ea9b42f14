"""What the tests of the export share: a small model, and its file."""

import keras
import pytest

from speechkit import export, layers


def small_model():
    """Returns a model from frames of 40 samples to 3 numbers."""
    return keras.Sequential(
        [keras.Input((None,)), layers.Frame(40, 20), keras.layers.Dense(3)]
    )


@pytest.fixture
def model():
    """A new small model each time, always with the same weights."""
    return small_model()


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """The file of the small model; tests must not change it."""
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("export") / "model.tflite"
    metadata = {"sampling_rate": 16000, "labels": ["开灯", "off"]}
    return export.to_tflite(small_model(), path, metadata=metadata)
