"""What layers cost to run: the products of a weight and a value that they add up."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import keras

from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer


def multiply_adds(layer: keras.layers.Layer, input_shape: Sequence) -> int:
    """Returns the multiply–adds of a layer or a model for one input.

    Counted are the products of weights and values, and those of attention, as papers
    count multiplies or MACs: no biases, normalisation, activations, products within a
    gate, transforms of a front end, or operations of `keras.ops` between layers.
    Augmentation does nothing at inference and costs nothing. A layer whose kernels do
    not all act once at each place of its output says its number in a method
    `count_multiply_adds(input_shape)`.

    Args:
        layer: A layer that is built, or a `Sequential` or functional model.
        input_shape: `(1, frames, features)`, without any `None`; or a list of shapes
            for a layer of several inputs.

    Raises:
        ValueError: If it is a model of another kind, a layer is not built, or a shape
            is not known.

    Example:
        >>> dense = keras.layers.Dense(64)
        >>> dense.build((None, None, 40))
        >>> multiply_adds(dense, (1, 98, 40)) == 98 * 40 * 64
        True
    """
    if isinstance(layer, AugmentationLayer):
        return 0
    sizes = keras.tree.flatten(input_shape)
    if any(size is None for size in sizes):
        raise ValueError(
            "`input_shape` must be known at each layer, without any `None`. Received: "
            f"{input_shape} for {layer.name!r}"
        )
    if not (layer.built or isinstance(layer, keras.Model)):
        raise ValueError(f"`layer` must be built. Received: {layer}, which is not")
    if isinstance(layer, keras.Model):
        return sum(use.count for use in uses(layer, input_shape))
    if hasattr(layer, "count_multiply_adds"):
        return layer.count_multiply_adds(input_shape)
    for kinds, count in _OF_KERAS:
        if isinstance(layer, kinds):
            return count(layer, input_shape)
    return _at_outputs(layer, input_shape)


@dataclasses.dataclass(frozen=True)
class Use:
    """One use of a layer in a model.

    Attributes:
        input_shape: The shape of its input, or a list of shapes.
        count: Its multiply–adds.
    """

    input_shape: Any
    count: int


def uses(model: keras.Model, input_shape: Sequence) -> list[Use]:
    """Returns all uses of layers in a model, for one input.

    Args:
        model: A `Sequential` or functional model with one input.
        input_shape: The shape of the input, without any `None`.

    Raises:
        ValueError: If it is a model of another kind, or a shape is not known.
    """
    return _walk(model, keras.KerasTensor(tuple(input_shape)))[0]


def _walk(model, source):
    """Returns the uses of layers in a model, and its outputs, for one input."""
    try:
        inputs, outputs = model.inputs, model.outputs
    except AttributeError:
        inputs = outputs = None
    if not inputs or not outputs or len(inputs) > 1:
        raise ValueError(
            "`layer` must be a layer, or a Sequential or functional model with one "
            f"input. Received: {model}"
        )
    source = keras.KerasTensor(source.shape, inputs[0].dtype)
    walk = _Walk({id(inputs[0]): source}, [])
    return walk.uses, [walk.spec(tensor) for tensor in outputs]


@dataclasses.dataclass
class _Walk:
    """The shapes of the tensors seen so far, and the uses that gave them."""

    specs: dict[int, keras.KerasTensor]
    uses: list[Use]

    def spec(self, tensor):
        """Returns a tensor as it is for the input whose shape is known."""
        if id(tensor) not in self.specs:
            operation, index, _ = tensor._keras_history
            self._add(operation, operation._inbound_nodes[index])
        return self.specs[id(tensor)]

    def _add(self, operation, use):
        specs = {id(tensor): self.spec(tensor) for tensor in use.input_tensors}
        arguments, options = keras.tree.map_structure(
            lambda value: specs.get(id(value), value),
            (use.arguments.args, use.arguments.kwargs),
        )
        inputs = [specs[id(tensor)] for tensor in use.input_tensors]
        if isinstance(operation, AugmentationLayer):
            # Nothing changes at inference, whatever shapes training may give.
            outputs = [keras.KerasTensor(inputs[0].shape, operation.compute_dtype)]
        elif isinstance(operation, keras.Model):
            outputs = _walk(operation, *inputs)[1]
        else:
            outputs = operation.compute_output_spec(*arguments, **options)
        pairs = zip(use.output_tensors, keras.tree.flatten(outputs), strict=True)
        self.specs.update((id(tensor), output) for tensor, output in pairs)
        shapes = [tensor.shape for tensor in inputs]
        shape = shapes[0] if len(shapes) == 1 else shapes
        if isinstance(operation, keras.layers.Layer):
            self.uses.append(Use(shape, multiply_adds(operation, shape)))


def _kernels(layer):
    """Returns the sizes of all matrices and kernels of a layer."""
    return [
        math.prod(weight.shape)
        for weight in layer.weights
        if len(weight.shape) > 1 and "bias" not in weight.name
    ]


def _at_outputs(layer, input_shape):
    if not _kernels(layer):
        return 0
    shape = layer.compute_output_shape(input_shape)
    if isinstance(shape, list):  # states come behind the output
        shape = shape[0]
    return math.prod(shape[1:-1]) * sum(_kernels(layer))


def _at_inputs(layer, input_shape):
    return math.prod(input_shape[1:-1]) * sum(_kernels(layer))


def _nothing(layer, input_shape):
    return 0


def _of_einsum(layer, input_shape):
    of_input, of_kernel = layer.equation.split("->")[0].split(",")
    kernel = layer.kernel.shape
    shared = [size for x, size in zip(of_kernel, kernel, strict=True) if x in of_input]
    return math.prod(input_shape[1:]) * math.prod(kernel) // math.prod(shared)


def _of_both_directions(layer, input_shape):
    directions = (layer.forward_layer, layer.backward_layer)
    return sum(multiply_adds(one, input_shape) for one in directions)


def _of_each_frame(layer, input_shape):
    _, frames, *rest = input_shape
    return frames * multiply_adds(layer.layer, (1, *rest))


def _shapes(input_shape):
    """Returns the shapes of all inputs of a layer."""
    return [input_shape] if isinstance(input_shape[0], int) else list(input_shape)


def _of_heads(layer, input_shape):
    shapes = _shapes(input_shape)
    queries, values = shapes[0][1], shapes[min(1, len(shapes) - 1)][1]
    # Without biases, by the names of the projections.
    kernels = {
        weight.path.split("/")[-2]: weight.shape
        for weight in layer.weights
        if weight.path.endswith("/kernel")
    }
    total = 0
    for name, shape in kernels.items():
        total += (values if name in ("key", "value") else queries) * math.prod(shape)
    _, heads, size = kernels["query"]
    return total + heads * queries * values * (size + kernels["value"][-1])


def _of_attention(layer, input_shape):
    shapes = _shapes(input_shape)
    (_, queries, size), (_, values, value_size) = shapes[0], shapes[:2][-1]
    if isinstance(layer, keras.layers.AdditiveAttention):
        weighted = layer.use_scale
    else:
        weighted = layer.score_mode == "dot"
    return queries * values * (size * weighted + value_size)


def _of_dot(layer, input_shape):
    first, second = _shapes(input_shape)
    axis = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    return math.prod(first[1:]) * math.prod(second[1:]) // first[axis]


# The first that fits counts; any other layer has its kernels at each output.
_OF_KERAS: list[tuple[Any, Callable]] = [
    (keras.layers.RNN, _at_inputs),
    (keras.layers.Bidirectional, _of_both_directions),
    (keras.layers.TimeDistributed, _of_each_frame),
    (
        (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention),
        _of_heads,
    ),
    # `AdditiveAttention` is one, too.
    (keras.layers.Attention, _of_attention),
    (keras.layers.Dot, _of_dot),
    (keras.layers.EinsumDense, _of_einsum),
    (
        (
            keras.layers.Conv1DTranspose,
            keras.layers.Conv2DTranspose,
            keras.layers.Conv3DTranspose,
        ),
        _at_inputs,
    ),
    (
        (
            keras.layers.Embedding,
            keras.layers.PReLU,
            keras.layers.BatchNormalization,
            keras.layers.LayerNormalization,
            keras.layers.GroupNormalization,
            keras.layers.UnitNormalization,
            keras.layers.Normalization,
        ),
        _nothing,
    ),
]
