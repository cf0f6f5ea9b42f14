"""A model as a function of TensorFlow that takes waveforms."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from speechkit.export.files import _forms, _layer_names


def spec_of(shape: tuple[int | None, int | None]) -> tf.TensorSpec:
    """Returns the specification of `waveforms`; `None` in the shape means any size."""
    return tf.TensorSpec(shape, tf.float32, name="waveforms")


def function_of(
    model: keras.Model,
    shape: tuple[int | None, int | None],
    decode: Callable = lambda output: {},
) -> Any:
    """Returns a function from `waveforms` to a dictionary with the `output`.

    It is one graph for all lengths: in eager mode a recurrence takes as long as
    training.

    Args:
        model: Takes waveforms and has one output.
        shape: Number of clips, and of samples in each. `None` means any.
        decode: Takes the output to what the dictionary has besides.
    """

    @tf.function(input_signature=[spec_of(shape)], autograph=False)
    def run(waveforms):
        with _layer_names.mended(model):
            output = _forms.call(model, waveforms)
        return {"output": output, **decode(output)}

    return run


def has_loops(function: Any) -> bool:
    """Returns whether a traced function has loops, which a file keeps as graphs."""
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    return any(node.op.removeprefix("Stateless") in ("If", "While") for node in nodes)


def save(
    model: keras.Model, signatures: Mapping[str, Any], folder: str | os.PathLike
) -> None:
    """Writes a SavedModel.

    Args:
        model: Has the variables that the functions read.
        signatures: The functions, traced, by their names.
        folder: Where it goes.
    """
    # A module that tracks the variables themselves: given a Keras model instead, the
    # converter of TFLite drops its weights without a word.
    module = tf.Module()
    variables = [variable.value for variable in model.variables]
    module.variables_of_model = variables
    names = [variable.name for variable in variables]
    try:
        # Variables are called after their layers, whose names TensorFlow may refuse.
        for number, variable in enumerate(variables):
            variable._handle_name = f"variable_{number}:0"
        tf.saved_model.save(module, str(folder), signatures=dict(signatures))
    finally:
        for name, variable in zip(names, variables, strict=True):
            variable._handle_name = name
