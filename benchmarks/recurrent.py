"""Recurrent layers: ours beside Keras's and PyTorch's, forward and with gradients.

Batch 16, 300 frames, 256 features, 256 units, float32. Gradients are those of all
weights. Rounds are interleaved and the fastest of each counts, so that a busy machine
slows all alike. `--memory` adds the peak memory of one training step of each, in a
process of its own, after a small step has loaded what a library loads once; `--growth`
instead draws how time grows with the size.
"""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from benchmarks import measuring
from speechkit import config, layers

ROUNDS = 30
OURS = {"gru": layers.BatchNormGRU, "lstm": layers.BatchNormLSTM}
KERAS = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}
DIRECTIONS = ("forward", "bidirectional")
LIBRARIES = ("ours", "ours, batch norm", "ours, no Numba", "keras", "torch")


class Size(NamedTuple):
    """How large the layers and the batch are."""

    batch: int = 16
    frames: int = 300
    features: int = 256
    units: int = 256
    num_layers: int = 1


def inputs_of(size: Size) -> np.ndarray:
    """Returns noise, `(batch, frames, features)`."""
    random = np.random.default_rng(seed=0)
    return random.normal(size=size[:3]).astype("float32")


def keras_layers(library: str, cell: str, direction: str, size: Size) -> list:
    """Returns the layers of a library that is Keras."""
    both = direction == "bidirectional"
    if library == "keras":
        peers = [
            KERAS[cell](size.units, return_sequences=True)
            for _ in range(size.num_layers)
        ]
        return [keras.layers.Bidirectional(p) for p in peers] if both else peers
    normalization = "batch" if library == "ours, batch norm" else None
    return [
        OURS[cell](size.units, direction, normalization=normalization)
        for _ in range(size.num_layers)
    ]


def make_keras(
    library: str, cell: str, direction: str, training: bool, size: Size
) -> Callable[[], object]:
    """Returns a call of layers of Keras, compiled to a graph."""
    model = keras.Sequential(keras_layers(library, cell, direction, size))
    inputs = tf.constant(inputs_of(size))
    model.build(inputs.shape)
    weights = [weight.value for weight in model.trainable_weights]

    @tf.function
    def run(inputs):
        if not training:
            return model(inputs, training=False)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(model(inputs, training=True)))
        return tape.gradient(loss, weights)

    if library == "ours, no Numba":
        with config.kernel_scope("graph"):
            run.get_concrete_function(inputs)  # traces the graph
    return lambda: run(inputs)


def make_torch(
    cell: str, direction: str, training: bool, size: Size
) -> Callable[[], object]:
    """Returns a call of PyTorch's layer."""
    import torch

    torch.set_num_threads(os.cpu_count() or 1)
    layer = getattr(torch.nn, cell.upper())(
        size.features,
        size.units,
        size.num_layers,
        batch_first=True,
        bidirectional=direction == "bidirectional",
    )
    inputs = torch.tensor(inputs_of(size))

    def run():
        if not training:
            with torch.no_grad():
                return layer(inputs)
        layer.zero_grad()
        return layer(inputs)[0].square().sum().backward()

    return run


def make(
    library: str, cell: str, direction: str, training: bool, size: Size
) -> Callable[[], object]:
    """Returns the call that is timed."""
    if library == "torch":
        return make_torch(cell, direction, training, size)
    return make_keras(library, cell, direction, training, size)


def print_times(with_memory: bool) -> None:
    """Prints a line for each cell, direction and library."""
    titles = ("forward", "ratio", "+ backward", "ratio")
    print(f"{'':36}", *[f"{title:>10}" for title in titles])
    for cell in OURS:
        for direction in DIRECTIONS:
            columns = [
                measuring.fastest(
                    {x: make(x, cell, direction, training, Size()) for x in LIBRARIES},
                    ROUNDS,
                )
                for training in (False, True)
            ]
            for library in LIBRARIES:
                line = f"{cell:5}{direction:14}{library:17}"
                for times in columns:
                    ratio = times[library] / times["ours"]
                    line += f" {1000 * times[library]:10.1f} {ratio:10.2f}"
                if with_memory:
                    line += f" {memory_in_a_process(library, cell, direction):7.0f} MB"
                print(line, flush=True)


def memory_in_a_process(*names: str) -> float:
    """Returns the peak of one training step, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.recurrent", "--memory-of", *names]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(result.stdout)


def peak_megabytes(library: str, cell: str, direction: str) -> float:
    """Returns by how much a training step raises the memory of this process."""
    make(library, cell, direction, True, Size(frames=20))()
    return measuring.peak_megabytes(make(library, cell, direction, True, Size()))


GROWTH = {
    "frames": [Size(frames=count) for count in (100, 200, 400, 800)],
    "units": [Size(units=count, frames=100) for count in (64, 128, 256, 512)],
    "layers": [Size(num_layers=count, frames=100) for count in (1, 2, 4)],
}


def draw_growth(path: Path) -> None:
    """Draws the time of forward and backward pass over each size."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 6), layout="compressed")
    panels = figure.subplots(2, len(GROWTH))
    for row, cell in enumerate(OURS):
        for axes, (name, sizes) in zip(panels[row], GROWTH.items(), strict=True):
            times = [
                measuring.fastest(
                    {x: make(x, cell, "forward", True, s) for x in LIBRARIES}, 3
                )
                for s in sizes
            ]
            field = "num_layers" if name == "layers" else name
            counts = [getattr(size, field) for size in sizes]
            for library in LIBRARIES:
                values = [1000 * point[library] for point in times]
                axes.plot(counts, values, marker="o", markersize=4, label=library)
            axes.set_xlabel(name.capitalize())
            axes.set_title(f"{cell.upper()}, {name}", fontsize=10)
            axes.set_ylim(bottom=0)
            axes.spines[["top", "right"]].set_visible(False)
        panels[row][0].set_ylabel("Forward and backward (ms)")
    panels[0][0].legend(fontsize=8)
    figure.savefig(path, dpi=110)


def main() -> None:
    """Prints a table, or one number, or draws a picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", action="store_true", help="add the peak memory")
    parser.add_argument("--memory-of", nargs=3, help="print only one peak memory")
    parser.add_argument("--growth", type=Path, help="draw the growth to this file")
    arguments = parser.parse_args()
    if arguments.memory_of:
        print(peak_megabytes(*arguments.memory_of))
        return
    if arguments.growth:
        draw_growth(arguments.growth)
        return
    print(f"{os.cpu_count()} cores, {platform.machine()}, TensorFlow {tf.__version__}")
    print("fastest of", ROUNDS, "rounds in ms; times ours; batch, frames,", end=" ")
    print("features, units:", *Size()[:4])
    print_times(arguments.memory)


if __name__ == "__main__":
    main()
