"""The constants that a file of float16 keeps in float32."""

from typing import Any

import numpy as np

from speechkit.export.files import _flatbuffer, _litert

_LARGEST = float(np.finfo("float16").max)
_SMALL = 1024  # numbers in a constant that costs next to nothing


def restore(content: bytes, whole: bytes) -> bytes:
    """Returns a file of float16 with small constants, and large numbers, in float32.

    A floor of 1e-10 is zero in float16, and its logarithm infinite; a mask of −1e9
    becomes −65504. A window that is rounded lets loud bands into silent ones.

    Args:
        content: The file of float16.
        whole: The file of float32, made from the same functions.
    """
    model, exact = _flatbuffer.unpack(content), _flatbuffer.unpack(whole)
    for graph, original in zip(model.subgraphs, exact.subgraphs, strict=True):
        constants = dict(_constants(exact, original, "<f4"))
        rounded = dict(_constants(model, graph, "<f2"))
        graph.operators = [
            operator
            for operator in graph.operators
            if not _replaced(model, graph, operator, rounded, constants)
        ]
    return _flatbuffer.pack(model, len(content))


def _replaced(model, graph, operator, rounded, constants) -> bool:
    """Replaces a widened float16 constant by its original; returns whether it did."""
    code = model.operatorCodes[operator.opcodeIndex]
    if _flatbuffer.operator_name(code) != "DEQUANTIZE":
        return False
    source, target = (
        graph.tensors[place] for place in (operator.inputs[0], operator.outputs[0])
    )
    value = _original((source.name, target.name), rounded.get(source.name), constants)
    if value is None or target.isVariable:  # a state may not be a constant
        return False
    buffer = _litert.schema().BufferT()
    buffer.data = list(value.tobytes())
    model.buffers.append(buffer)
    target.buffer = len(model.buffers) - 1
    return True


def _original(names, rounded, constants):
    """Returns the float32 constant; `None` if float16 is enough or it is not known."""
    # Old converters do not name all constants; then the one that looks alike counts.
    named = [constants[name] for name in names if name in constants]
    for values in (named, constants.values()):
        found = {x.tobytes(): x for x in values if _is_spoiled(x, rounded)}
        if len(found) == 1:
            return next(iter(found.values()))
    return None


def _is_spoiled(value, rounded) -> bool:
    """Returns whether `rounded` comes from a constant that must be restored."""
    if rounded is None or value.shape != rounded.shape:
        return False
    # The converter cuts off what is beyond the largest number.
    held = np.clip(value, -_LARGEST, _LARGEST)
    same = np.array_equal(held.astype("<f2"), rounded)
    return same and (value.size <= _SMALL or not np.array_equal(held, value))


def _constants(model: Any, graph: Any, dtype: str):
    """Yields name and values of the constants of a graph."""
    types = _litert.schema().TensorType
    wanted = {"<f4": types.FLOAT32, "<f2": types.FLOAT16}[dtype]
    for tensor in graph.tensors:
        data = model.buffers[tensor.buffer].data
        if tensor.type == wanted and data is not None:
            yield tensor.name, np.frombuffer(bytes(data), dtype)
