"""Draws how far gradients reach back in time, for the guide on recurrent layers.

`python docs/pictures/recurrent.py` writes the picture beside the guide.
"""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from speechkit import layers, plots

FRAMES, UNITS = 150, 64
FOLDER = Path(__file__).parent.parent / "guides"
KERNEL = "recurrent_kernel"


def simple(activation: str, gain: float) -> keras.layers.Layer:
    """Returns a plain recurrence whose U is a rotation times `gain`."""
    layer = layers.BatchNormSimpleRNN(UNITS, normalization=None, activation=activation)
    layer.build((None, None, UNITS))
    for weight in layer.weights:
        if weight.name == KERNEL:
            weight.assign(gain * weight)
    return layer


def gated(layer_class, first: int, bias: float) -> keras.layers.Layer:
    """Returns a layer whose gate that keeps the state, from `first` on, has a bias."""
    layer = layer_class(UNITS, normalization=None)
    layer.build((None, None, UNITS))
    for weight in layer.weights:
        if weight.name == "bias":
            values = keras.ops.convert_to_numpy(weight).copy()
            values[first : first + UNITS] = bias
            weight.assign(values)
    return layer


def gradient_norms(layer: keras.layers.Layer) -> np.ndarray:
    """Returns the norm of d(last state)/d(frame), the last frame first.

    The gradient is that of a random direction of the last state, for 16 clips of noise;
    the norms are relative to that of the last frame.
    """
    random = np.random.default_rng(seed=0)
    inputs = tf.constant(0.5 * random.normal(size=(16, FRAMES, UNITS)), tf.float32)
    direction = tf.constant(random.normal(size=(16, UNITS)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(direction * layer(inputs)[:, -1])
    norms = np.linalg.norm(tape.gradient(total, inputs), axis=2).mean(axis=0)[::-1]
    return np.maximum(norms / norms[0], 1e-30)


def draw() -> Figure:
    """Draws the norms over the distance, one line for each cell."""
    keras.utils.set_random_seed(1)
    cells = {
        "tanh, U scaled by 0.9": simple("tanh", 0.9),
        "clipped ReLU, U scaled by 1.0": simple("clipped_relu", 1.0),
        "clipped ReLU, U scaled by 1.5": simple("clipped_relu", 1.5),
        "GRU, update bias 0": gated(layers.BatchNormGRU, 0, 0.0),
        "GRU, update bias 5": gated(layers.BatchNormGRU, 0, 5.0),
        "LSTM, forget bias 1": gated(layers.BatchNormLSTM, UNITS, 1.0),
        "LSTM, forget bias 5": gated(layers.BatchNormLSTM, UNITS, 5.0),
    }
    figure = Figure(figsize=(9, 5), layout="compressed")
    axes = figure.subplots()
    for name, layer in cells.items():
        axes.semilogy(np.arange(FRAMES), gradient_norms(layer), label=name)
    axes.set_ylim(1e-12, 1e4)
    axes.set_xlabel("Distance from the last frame (frames)")
    axes.set_ylabel("Norm of the gradient, relative")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=9, loc="center right")
    return figure


if __name__ == "__main__":
    plots.save(draw(), FOLDER / "recurrent_gradients.png")
