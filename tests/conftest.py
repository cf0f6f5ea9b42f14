"""What all tests share: a fixed seed, the default dtype policy, made-up sounds."""

import keras
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _fixed_seed_and_float32():
    keras.utils.set_random_seed(0)
    yield
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def random():
    """A NumPy generator with a fixed seed."""
    return np.random.default_rng(seed=0)


@pytest.fixture
def waveforms(random):
    """Two clips of noise, 0.1 s at 16 kHz, with shape `(batch, samples)`."""
    return random.normal(scale=0.1, size=(2, 1600)).astype("float32")


@pytest.fixture
def features(random):
    """Three clips of 12 frames of 5 features, `(batch, frames, features)`."""
    return random.normal(size=(3, 12, 5)).astype("float32")
