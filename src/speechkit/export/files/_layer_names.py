"""Names of layers that TensorFlow accepts, while a model is traced."""

import contextlib
import re
from collections.abc import Iterator

import keras

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_.-]")


@contextlib.contextmanager
def mended(model: keras.Model) -> Iterator[None]:
    """Gives layers other names where theirs have spaces or other scripts, for a while.

    Args:
        model: The model; has its own names again in the end.
    """
    layers = list(_named(model))
    taken = {layer.name for layer in layers}
    wrong = {id(x): (x, x.name) for x in layers if valid(x.name) != x.name}
    try:
        for layer, name in wrong.values():
            layer.name = _unique(valid(name), taken)
        yield
    finally:
        for layer, name in wrong.values():
            layer.name = name


def _named(model):
    for layer in model._flatten_layers():
        yield layer
        # Operations of `keras.ops` stand in a graph beside the layers.
        yield from getattr(layer, "operations", ())


def valid(name: str) -> str:
    """Returns a name of letters, digits, dots, hyphens and underscores."""
    plain = _FORBIDDEN.sub("_", name)
    return plain if re.match("[A-Za-z0-9.]", plain) else f"layer{plain}"


def _unique(name, taken):
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
