"""Differentiates CTC on one CPU device and on two; prints what comes out as JSON."""

import json

import numpy as np
import tensorflow as tf

from speechkit.losses import CTCLoss


def loss_and_gradient(strategy):
    """Returns the loss of four clips and its gradient in the weights, over replicas."""
    random = np.random.default_rng(seed=0)
    frames = random.normal(size=(4, 20, 5)).astype("float32")
    labels = random.integers(1, 5, size=(4, 6))
    batches = tf.data.Dataset.from_tensor_slices((frames, labels)).batch(4)
    with strategy.scope():
        weights = tf.Variable(tf.eye(5))

    def step(frames, labels):
        with tf.GradientTape() as tape:
            loss = CTCLoss(reduction="sum")(labels, frames @ weights)
        return loss, tape.gradient(loss, weights)

    (batch,) = strategy.experimental_distribute_dataset(batches)
    results = tf.function(lambda batch: strategy.run(step, batch))(batch)
    total = [strategy.reduce("SUM", result, axis=None) for result in results]
    return [float(total[0]), *total[1].numpy().ravel().tolist()]


if __name__ == "__main__":
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    devices = ["CPU:0", "CPU:1"]
    strategies = [tf.distribute.MirroredStrategy(devices[:n]) for n in (1, 2)]
    print(json.dumps([loss_and_gradient(strategy) for strategy in strategies]))
