"""The layers of a model, in the order in which they run."""

import dataclasses
from collections.abc import Callable
from typing import Any

import keras

from speechkit.export.files import _forms
from speechkit.export.streaming import _stages
from speechkit.export.streaming._refusing import refuse
from speechkit.ops.time import stream_timing
from speechkit.ops.time.stream_timing import StreamTiming

# The key of the input of a model among the values that its nodes give.
SOURCE = -1


@dataclasses.dataclass(frozen=True)
class Node:
    """One use of a layer in a model.

    Attributes:
        name: Name of the layer.
        stage: Its streaming wrapper: a `StreamingLayer`, or alike.
        sources: Nodes that it takes its inputs from, `SOURCE` among them.
        target: Number of the node.
        timing: How its outputs follow the input of the model.
        has_frames: Whether its output has a time axis.
        tensor: The first of its inputs, symbolic.
    """

    name: str
    stage: Any
    sources: tuple[int, ...]
    target: int
    timing: StreamTiming
    has_frames: bool
    tensor: Any = None


def nodes_of(model: keras.Model, nested: Callable) -> list[Node]:
    """Returns the nodes of a functional or sequential model, each after its sources.

    Args:
        model: The model.
        nested: Returns the streaming wrapper of a model that is a layer of this one.

    Raises:
        ValueError: If the model is of another kind or does not stream.
    """
    inputs, outputs = _ends(model)
    walk = _Walk(nested, {id(inputs): _INPUT}, [])
    walk.visit(outputs)
    return walk.nodes


def _ends(model):
    """Returns the input and the output of a model, both symbolic."""
    if not _forms.is_graph(model):
        raise ValueError(
            "`model` must be a Sequential or functional model to stream: a `call` of "
            "its own may need the whole clip. Make a functional model of its layers; "
            f"`to_tflite` takes it for whole clips. Received: {model}"
        )
    try:
        (inputs,), (outputs,) = model.inputs, model.outputs
    except (AttributeError, ValueError):  # not built, or several of them
        raise ValueError(
            "`model` must be a Sequential or functional model with one input and one "
            f"output, built. Received: {model}"
        ) from None
    return inputs, outputs


_INPUT = Node("input", None, (), SOURCE, StreamTiming(), True)


@dataclasses.dataclass
class _Walk:
    """The nodes so far, and which of them gives a tensor."""

    nested: Callable
    known: dict[int, Node]
    nodes: list[Node]

    def visit(self, tensor):
        """Adds the node that gives a tensor, after all that it needs."""
        if id(tensor) in self.known:
            return
        operation, index, _ = tensor._keras_history
        use = operation._inbound_nodes[index]
        for needed in use.input_tensors:
            self.visit(needed)
        sources = [self.known[id(needed)] for needed in use.input_tensors]
        node = self._node(operation, use, sources)
        self.nodes.append(node)
        self.known[id(tensor)] = node

    def _node(self, operation, use, sources):
        timed = {source.has_frames for source in sources}
        if len(use.output_tensors) > 1 or len(timed) > 1:
            refuse(operation, "one output, and inputs that all have frames")
        if timed == {False}:
            stage = _stages.Plain(_stages.function_of(operation, use))
        elif isinstance(operation, keras.Model):
            stage = self.nested(operation)
        else:
            stage = _stages.stage_of(operation, use)
        has_frames = timed == {True} and not getattr(stage, "ends_time", False)
        timing = _timing(operation, stage, sources)
        if timed == {True} and not has_frames:
            timing = _answers(timing)
        targets = tuple(source.target for source in sources)
        number = len(self.nodes)
        tensor = use.input_tensors[0]
        return Node(operation.name, stage, targets, number, timing, has_frames, tensor)


def _answers(timing):
    """Returns the timing of the newest frame, which is asked for at each step."""
    outputs, inputs = timing.output_ratio
    field = timing.receptive_field
    if field is not None:  # a frame answers until the next one is complete
        field += timing.latency - (-inputs // outputs) - 1
    return StreamTiming((inputs, inputs), timing.latency, field)


def _timing(operation, stage, sources):
    """Returns how the outputs of a node follow the input of the model."""
    try:
        inputs = stream_timing.side_by_side([source.timing for source in sources])
    except ValueError:
        refuse(operation, "inputs with as many frames as each other")
    return stream_timing.in_sequence([inputs, stream_timing.timing_of(stage)])
