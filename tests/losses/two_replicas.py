"""Differentiates CTC at once and on two CPU devices; prints what comes out as JSON.

The last two results are losses of a recogniser that `fit` trains on clips with lengths.
"""

import json

import keras
import numpy as np
import tensorflow as tf

from speechkit.layers import BatchNormGRU, LogMelSpectrogram
from speechkit.losses import CTCLoss
from speechkit.models import CTCRecognizer
from speechkit.text import CharacterVocabulary

RANDOM = np.random.default_rng(seed=0)
FRAMES = RANDOM.normal(size=(4, 20, 5)).astype("float32")
LABELS = RANDOM.integers(1, 5, size=(4, 6))


def step(weights, frames, labels):
    """Returns the loss of some clips and its gradient in the weights."""
    with tf.GradientTape() as tape:
        loss = CTCLoss(reduction="sum")(labels, frames @ weights)
    return loss, tape.gradient(loss, weights)


def on_two_devices():
    """Returns what `step` returns for all clips, with half of them on each device."""
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with strategy.scope():
        weights = tf.Variable(tf.eye(5))

    def step_of_half():
        half = tf.distribute.get_replica_context().replica_id_in_sync_group
        halves = (tf.gather(tf.split(values, 2), half) for values in (FRAMES, LABELS))
        return step(weights, *halves)

    results = tf.function(lambda: strategy.run(step_of_half))()
    return [strategy.reduce("SUM", result, axis=None) for result in results]


def losses_of_fit(strategy):
    """Returns the losses of two steps; batch statistics are those of each device.

    The step of Adam does not depend on the scale of the gradient: Keras 3.7 adds the
    gradients of the devices where later versions average them.
    """
    keras.utils.set_random_seed(0)
    with strategy.scope():
        model = CTCRecognizer(
            CharacterVocabulary("abcd"),
            8000,
            front_end=[LogMelSpectrogram(8000, num_mel_bins=8)],
            encoder=[BatchNormGRU(4, normalization=None)],
        )
        model.compile("adam", loss=CTCLoss(), jit_compile=False)
    clips = RANDOM.normal(size=(4, 4000)).astype("float32")
    lengths = np.array([4000, 2500, 3000, 4000])
    data = tf.data.Dataset.from_tensors(
        ({"waveforms": clips, "lengths": lengths}, LABELS % 5)
    )
    return model.fit(data.unbatch().batch(4), epochs=2, verbose=0).history["loss"]


if __name__ == "__main__":
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    results = step(tf.Variable(tf.eye(5)), FRAMES, LABELS), on_two_devices()
    flat = [
        [float(loss), *gradient.numpy().ravel().tolist()] for loss, gradient in results
    ]
    strategies = (
        tf.distribute.get_strategy(),
        tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]),
    )
    for strategy in strategies:
        RANDOM = np.random.default_rng(seed=0)
        flat.append(losses_of_fit(strategy))
    print(json.dumps(flat))
