"""The shapes of the tensors of a file that takes clips of one length."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from speechkit.export.files import _flatbuffer, _opening


def fix(content: bytes, shape: Sequence[int]) -> bytes:
    """Returns a file whose one input has a known shape, and so all that follows.

    A runtime that sizes its outputs by the file writes beyond them where a shape is
    left open. Open shapes remain within loops alone, where they change at each turn.

    Args:
        content: A file of one signature.
        shape: The shape of its input.
    """
    model = _flatbuffer.unpack(content)
    main = model.subgraphs[0]
    shapes = _shapes_at_work(content, shape)
    for place, tensor in enumerate(main.tensors):
        if place in shapes:
            _set(tensor, shapes[place])
    for operator in main.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        if _flatbuffer.operator_name(code) == "WHILE":
            carried = [shapes[place] for place in operator.outputs]
            options = operator.builtinOptions
            body = model.subgraphs[options.bodySubgraphIndex]
            _set_all(body, [*body.inputs, *body.outputs], [*carried, *carried])
            condition = model.subgraphs[options.condSubgraphIndex]
            _set_all(condition, condition.inputs, carried)
    return _flatbuffer.pack(model, len(content))


def _shapes_at_work(content, shape):
    """Returns the shapes of the tensors of the main graph, by their places.

    They are those that LiteRT finds when it runs the file.
    """
    interpreter = _opening.interpreter_of(content, 1, delegates=False)
    (details,) = interpreter.get_input_details()
    interpreter.resize_tensor_input(details["index"], shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(details["index"], np.zeros(shape, details["dtype"]))
    interpreter.invoke()
    found = interpreter.get_tensor_details()
    return {tensor["index"]: tensor["shape"].tolist() for tensor in found}


def _set_all(graph, places, shapes):
    for place, found in zip(places, shapes, strict=True):
        _set(graph.tensors[place], found)


def _set(tensor: Any, shape: Sequence[int]) -> None:
    tensor.shape, tensor.shapeSignature = list(shape), None
