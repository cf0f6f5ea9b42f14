"""The states of a file that streams: what takes each of them from chunk to chunk."""

from collections.abc import Iterator
from typing import Any

from speechkit.export.files import _flatbuffer

# Products with weights: what they add up fits into 8 bits and carries no state.
_PRODUCTS = {"BATCH_MATMUL", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"}


def tensors_of(content: bytes) -> list[str]:
    """Returns the names of the tensors that carry a state to the next chunk.

    Those are the outgoing states, by the signatures of the file, and all on the way
    from a state that comes in to the same state that goes out, but for products.

    Args:
        content: A file in float.
    """
    model = _flatbuffer.unpack(content)
    names: set[str] = set()
    for signature in model.signatureDefs or []:
        graph = model.subgraphs[signature.subgraphIndex]
        given = _states(signature.inputs)
        for name, place in _states(signature.outputs).items():
            carrying = {place}
            if name in given:
                carrying |= set(_way(model, graph, given[name], place))
            names |= {graph.tensors[place].name.decode() for place in carrying}
    return sorted(names)


def _states(tensors):
    """Returns the tensors of the states of a signature, by their names."""
    found = {tensor.name.decode(): tensor.tensorIndex for tensor in tensors}
    return {name: found[name] for name in found if name.startswith("state_")}


def _way(model: Any, graph: Any, start: int, end: int) -> Iterator[int]:
    """Yields what the operators from one tensor to another give, but for products."""
    behind, before = {start}, {end}
    for operator in graph.operators:  # in the order in which they run
        if behind.intersection(operator.inputs):
            behind.update(operator.outputs)
    for operator in reversed(graph.operators):
        if before.intersection(operator.outputs):
            before.update(operator.inputs)
    for operator in graph.operators:
        name = _flatbuffer.operator_name(model.operatorCodes[operator.opcodeIndex])
        if name not in _PRODUCTS and behind.intersection(operator.inputs):
            yield from before.intersection(operator.outputs)
