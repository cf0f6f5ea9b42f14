"""What all tests share: a fixed seed, the default dtype policy, made-up sounds."""

import hypothesis
import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.eager import context

# A busy machine takes longer than the 200 ms that an example may last by default.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


@pytest.fixture(autouse=True, scope="session")
def _fixed_seed_of_tensorflow():
    tf.random.set_seed(0)


@pytest.fixture(autouse=True)
def _fixed_seed_and_float32():
    """Seeds all at 0, but lets TensorFlow keep its kernels.

    Its `set_seed` empties their cache, and the tests then take a sixth longer. It also
    begins the seeds of operations anew, which is done here.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tf.random, "set_seed", context.context()._rng.seed)
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
