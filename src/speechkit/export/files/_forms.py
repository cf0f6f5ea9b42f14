"""The form of a model: its network, the clips that it takes, and its one output."""

from typing import Any

import keras

from speechkit.models.waveform_model import WaveformModel
from speechkit.text import Vocabulary


def network_of(model: keras.Model) -> keras.Model:
    """Returns the network of a model of this library, and any other model itself.

    A model of the user may have an attribute `network`, too, and do more than run it.
    """
    known = isinstance(model, WaveformModel) and is_known(type(model).call)
    return model.network if known else model


def is_graph(model: Any) -> bool:
    """Returns whether a model is a graph of layers and computes nothing besides."""
    kinds = {base.__name__ for base in type(model).__mro__ if is_known(base)}
    return bool(kinds & {"Functional", "Sequential"}) and is_known(type(model).call)


def length_of(model: keras.Model) -> int | None:
    """Returns the number of samples that a model takes; `None` for any."""
    network = network_of(model)
    if is_graph(network):
        return network.inputs[0].shape[1]
    config = network.get_build_config() or {}
    length = (config.get("input_shape") or (None, None))[1]
    # One that was built on a clip of some length may take others as well.
    return None if length and _takes(network, 2 * length) else length


def sampling_rate_of(model: keras.Model) -> int | None:
    """Returns the samples per second that a model tells, in hertz, if it does."""
    rate = getattr(model, "sampling_rate", None)
    return rate if isinstance(rate, int) else None


def vocabulary_of(model: keras.Model) -> Vocabulary | None:
    """Returns the vocabulary of a model; `None` if it has none, or something else."""
    vocabulary = getattr(model, "vocabulary", None)
    return vocabulary if isinstance(vocabulary, Vocabulary) else None


def call(model: keras.Model, waveforms: Any) -> Any:
    """Returns the one output of a model that may take or give it in a dictionary."""
    inputs = waveforms
    if is_graph(model) and not isinstance(model, keras.Sequential):
        inputs = keras.tree.map_structure(lambda _: waveforms, model.input)
    (output,) = keras.tree.flatten(model(inputs, training=False))
    return output


def is_known(thing: Any) -> bool:
    """Returns whether a class or a function is of Keras or of this library."""
    return thing.__module__.partition(".")[0] in ("keras", "speechkit")


def _takes(model, length):
    try:
        model(keras.KerasTensor((1, length)), training=False)
    except Exception:  # of any layer, be it the user's: it takes no other length
        return False
    return True
