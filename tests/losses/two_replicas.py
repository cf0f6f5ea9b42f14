"""Trains a model with CTC on one CPU device and on two; prints the losses as JSON."""

import contextlib
import json

import keras
import numpy as np
import tensorflow as tf

from speechkit.losses import CTCLoss


def losses(scope, run_eagerly):
    """Returns the losses of two epochs on one batch of four clips."""
    random = np.random.default_rng(seed=0)
    frames = random.normal(size=(4, 20, 5)).astype("float32")
    labels = random.integers(1, 5, size=(4, 6))
    keras.utils.set_random_seed(0)
    with scope:
        model = keras.Sequential([keras.Input((None, 5)), keras.layers.Dense(5)])
        optimizer = keras.optimizers.SGD(0.01)
        model.compile(optimizer, CTCLoss(), run_eagerly=run_eagerly, jit_compile=False)
    return model.fit(frames, labels, epochs=2, verbose=0).history["loss"]


if __name__ == "__main__":
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    one = losses(contextlib.nullcontext(), run_eagerly=True)
    two = losses(strategy.scope(), run_eagerly=False)
    print(json.dumps([one, two]))
