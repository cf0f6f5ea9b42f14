"""How many multiply–adds the matrix products and convolutions of a file take."""

import math

import numpy as np

from speechkit.export.files import _flatbuffer, _litert

_PRODUCTS = {
    "FULLY_CONNECTED": lambda output, inputs: output * inputs[1][-1],
    "BATCH_MATMUL": lambda output, inputs: output * inputs[0][-1],
    "CONV_2D": lambda output, inputs: output * math.prod(inputs[1][1:]),
    "DEPTHWISE_CONV_2D": lambda output, inputs: output * math.prod(inputs[1][1:3]),
}
_FUSED = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def multiply_adds(content: bytes, num_samples: int) -> int:
    """Returns the number for one clip, or for one chunk of a file that streams.

    Transforms, element-wise operators and the rest are not counted.

    Args:
        content: The file.
        num_samples: Samples of the clip.
    """
    model = _flatbuffer.unpack(content)
    places = {
        signature.signatureKey.decode(): signature.subgraphIndex
        for signature in model.signatureDefs
    }
    if "stream" in places:
        return _count(model, places["stream"], {})
    return _count(model, 0, _shapes(content, num_samples))


def _count(model, place, shapes):
    """Returns the number of one graph, whose known shapes are given by tensor."""
    graph = model.subgraphs[place]
    codes = [_flatbuffer.operator_name(code) for code in model.operatorCodes]

    def shape(tensor):
        return shapes.get(tensor, list(graph.tensors[tensor].shape))

    makers = {tensor: o for o in graph.operators for tensor in o.outputs}

    def maker(tensor):
        """Returns the name of the operator of a tensor, and its first input."""
        if tensor not in makers:
            return None, None
        operator = makers[tensor]
        return codes[operator.opcodeIndex], operator.inputs[0]

    total = 0
    for operator in graph.operators:
        name = codes[operator.opcodeIndex]
        if name == _FUSED:
            weights = operator.inputs[1:9]  # four gates, of input and of state
            each = sum(math.prod(shape(tensor)) for tensor in weights if tensor >= 0)
            total += math.prod(shape(operator.inputs[0])[:2]) * each
        elif name in _PRODUCTS:
            inputs = [shape(tensor) for tensor in operator.inputs if tensor >= 0]
            output = math.prod(shape(operator.outputs[0]))
            total += _PRODUCTS[name](output, inputs)
        elif name == "WHILE":
            total += _count_loop(model, operator, shape, maker)
    return int(total)


def _count_loop(model, operator, shape, maker):
    """Returns the number of a loop over time.

    What a recurrence gives is gathered over its steps, on the first axis: `(frames,
    batch, units)`, or `(blocks, frames, batch, units)` if a step takes a block. Frames
    that only fill the last block are left out.
    """
    of_step = _count(model, operator.builtinOptions.bodySubgraphIndex, {})
    shapes = [shape(t) for t in operator.outputs if len(shape(t)) > 2]
    if not shapes:
        return 0
    steps, *block = max(shapes, key=lambda sizes: sizes[0])
    if len(block) < 3:
        return steps * of_step
    frames = steps * block[0]
    for tensor in operator.inputs:
        name, whole = maker(tensor)
        if name == "RESHAPE" and shape(whole)[:1] == [frames]:
            name, clip = maker(whole)
            if name == "PAD":
                return shape(clip)[0] / block[0] * of_step
    return steps * of_step


def _shapes(content, num_samples):
    """Returns the shapes that the tensors of a file have for a clip."""
    litert = _litert.load("interpreter")
    interpreter = litert.Interpreter(
        model_content=content,
        # Tensors that a delegate computes would not tell their shapes.
        experimental_op_resolver_type=(
            litert.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        ),
        experimental_preserve_all_tensors=True,
    )
    (place,) = (details["index"] for details in interpreter.get_input_details())
    interpreter.resize_tensor_input(place, (1, num_samples))
    interpreter.allocate_tensors()
    interpreter.set_tensor(place, np.zeros((1, num_samples), "float32"))
    interpreter.invoke()
    return {
        details["index"]: [int(size) for size in details["shape"]]
        for details in interpreter.get_tensor_details()
    }
