"""A model as a function of TensorFlow that takes waveforms."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf


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
        output = model(waveforms, training=False)
        return {"output": output, **decode(output)}

    return run


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
    module.variables_of_model = [variable.value for variable in model.variables]
    tf.saved_model.save(module, str(folder), signatures=dict(signatures))
