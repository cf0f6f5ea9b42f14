"""The state of a stream as a list of tensors, which is what a file can carry."""

from typing import Any

import keras
from keras import ops


class StateTemplate:
    """A state whose tensors change, while its other values and all shapes stay.

    Args:
        state: A state of the stream once its shapes stay the same.
    """

    def __init__(self, state: Any):
        self._state = state

    @property
    def tensors(self) -> list:
        """The tensors that hold anything, in order."""
        return tensors_of(self._state)

    def fill(self, tensors) -> Any:
        """Returns a state with these tensors in place of those of the template."""
        left = iter(tensors)
        leaves = [self._leaf(leaf, left) for leaf in keras.tree.flatten(self._state)]
        return keras.tree.pack_sequence_as(self._state, leaves)

    def check(self, state: Any) -> None:
        """Raises `ValueError` unless a state has the shapes of the template."""
        if _shapes(state) != _shapes(self._state):
            raise ValueError(
                "`model` must have states of a fixed size once its layers have taken "
                "`latency + 1` steps; see `StreamingLayer`. Received states that go "
                f"from {_shapes(self._state)} to {_shapes(state)}"
            )

    def _leaf(self, leaf, left):
        if _is_carried(leaf):
            return next(left)
        # Made anew: no runtime likes tensors without any number in them.
        return ops.zeros(leaf.shape, leaf.dtype) if hasattr(leaf, "shape") else leaf


def tensors_of(state: Any) -> list:
    """Returns the tensors of a state that hold anything, in order."""
    return [leaf for leaf in keras.tree.flatten(state) if _is_carried(leaf)]


def _is_carried(leaf):
    return hasattr(leaf, "shape") and 0 not in leaf.shape


def _shapes(state):
    return [
        (tuple(leaf.shape), keras.backend.standardize_dtype(leaf.dtype))
        if hasattr(leaf, "shape")
        else leaf
        for leaf in keras.tree.flatten(state)
    ]
