"""Seeds for tests that call many small operations, and draw by those of Keras alone."""

import keras
import pytest
import tensorflow as tf


@pytest.fixture(autouse=True)
def _fixed_seed_and_float32():
    """Seeds all but TensorFlow, which would forget its kernels: a quarter of the time.

    The layers draw by stateless operations, from seeds of Keras.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tf.random, "set_seed", lambda seed: None)
        keras.utils.set_random_seed(0)
    yield
    keras.config.set_dtype_policy("float32")
