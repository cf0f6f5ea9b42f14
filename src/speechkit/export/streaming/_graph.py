"""The layers of a model, in the order in which they run."""

import dataclasses
from collections.abc import Callable
from typing import Any

import keras

from speechkit.export.streaming import _stages

# The key of the input of a model among the values that its nodes give.
SOURCE = -1


@dataclasses.dataclass(frozen=True)
class Node:
    """One use of a layer in a model.

    Attributes:
        name: Name of the layer.
        stage: What streams it: has `get_initial_state` and `step`.
        sources: Nodes that it takes its inputs from, `SOURCE` among them.
        target: Number of the node.
    """

    name: str
    stage: Any
    sources: tuple[int, ...]
    target: int


def nodes_of(model: keras.Model, nested: Callable) -> list[Node]:
    """Returns the nodes of a functional or sequential model, each after its sources.

    Args:
        model: The model.
        nested: Returns what streams a model that is a layer of this one.

    Raises:
        ValueError: If the model is of another kind or does not stream.
    """
    inputs, outputs = _ends(model)
    walk = _Walk(nested, {id(inputs): (SOURCE, True)}, [])
    walk.visit(outputs)
    return walk.nodes


def _ends(model):
    """Returns the input and the output of a model, both symbolic."""
    try:
        inputs, outputs = model.inputs, model.outputs
    except (AttributeError, ValueError):  # not built, or a model of another kind
        inputs = outputs = None
    if not inputs or not outputs or len(inputs) > 1 or len(outputs) > 1:
        raise ValueError(
            "`model` must be a Sequential or functional model with one input and one "
            f"output. Received: {model}"
        )
    return inputs[0], outputs[0]


@dataclasses.dataclass
class _Walk:
    """The nodes until now, and which of them gives a tensor, and whether with time."""

    nested: Callable
    known: dict[int, tuple[int, bool]]
    nodes: list[Node]

    def visit(self, tensor):
        """Adds what gives a tensor, after all that it needs."""
        if id(tensor) in self.known:
            return
        operation, index, _ = tensor._keras_history
        use = operation._inbound_nodes[index]
        for needed in use.input_tensors:
            self.visit(needed)
        sources, timed = zip(
            *(self.known[id(needed)] for needed in use.input_tensors), strict=True
        )
        if len(use.output_tensors) > 1 or len(set(timed)) > 1:
            _stages.refuse(operation, "one output, and inputs that all have frames")
        if not all(timed):
            stage = _stages.Plain(_stages.function_of(operation, use))
        elif isinstance(operation, keras.Model):
            stage = self.nested(operation)
        else:
            stage = _stages.stage_of(operation, use)
        number = len(self.nodes)
        self.nodes.append(Node(operation.name, stage, sources, number))
        ends_time = getattr(stage, "ends_time", False)
        self.known[id(tensor)] = (number, all(timed) and not ends_time)
