"""What a file of float16 must not round: numbers that float16 cannot hold."""

import flatbuffers
import numpy as np

from speechkit.export import _flatbuffer, _litert


def restore(content: bytes, whole: bytes) -> bytes:
    """Returns a file of float16 with single numbers, and infinite ones, in float32.

    A floor of 1e-10 is zero in float16, and its logarithm infinite; a mask of −1e9 is
    infinite. Such constants are small, so they cost nothing.

    Args:
        content: The file of float16.
        whole: The file of float32, made from the same functions.
    """
    model, exact = _flatbuffer.unpack(content), _constants(whole)
    names = [_flatbuffer.operator_name(code) for code in model.operatorCodes]
    for number, graph in enumerate(model.subgraphs):
        left = []
        for operator in graph.operators:
            source = graph.tensors[operator.inputs[0]] if len(operator.inputs) else None
            value = exact.get((number, source.name)) if source else None
            widens = names[operator.opcodeIndex] == "DEQUANTIZE"
            if not widens or value is None or not _is_spoiled(value):
                left.append(operator)
                continue
            buffer = _litert.schema().BufferT()
            buffer.data = list(value.tobytes())
            model.buffers.append(buffer)
            graph.tensors[operator.outputs[0]].buffer = len(model.buffers) - 1
        graph.operators = left
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _constants(content):
    """Returns the float32 constants of a file, by graph and name."""
    model = _flatbuffer.unpack(content)
    float32 = _litert.schema().TensorType.FLOAT32
    return {
        (number, tensor.name): np.frombuffer(bytes(data), "<f4")
        for number, graph in enumerate(model.subgraphs)
        for tensor in graph.tensors
        if tensor.type == float32
        and (data := model.buffers[tensor.buffer].data) is not None
    }


def _is_spoiled(value):
    largest = float(np.finfo("float16").max)
    return value.size == 1 or bool((np.abs(value) > largest).any())
