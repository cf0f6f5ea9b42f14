"""Tests of `multiply_adds` for layers of Keras: by the graph, and by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from speechkit.layers import multiply_adds

_SHAPE = (1, 12, 6)
_PLANES = (1, 12, 6, 4)


def products_in_graph(layer, shape):
    """Returns the size of each output, times what is summed for one number of it."""
    signature = tf.TensorSpec(shape, tf.float32)
    graph = tf.function(lambda x: layer(x)).get_concrete_function(signature).graph
    total = 0
    for operation in graph.get_operations():
        size = np.prod(operation.outputs[0].shape) if operation.outputs else 0
        if operation.type in ("MatMul", "BatchMatMulV2"):
            total += size * operation.inputs[0].shape[-1]
        if operation.type == "Conv2D":
            total += size * np.prod(operation.inputs[1].shape[:3])
        if operation.type == "DepthwiseConv2dNative":
            total += size * np.prod(operation.inputs[1].shape[:2])
    return total


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        pytest.param(layers.Dense(5), _SHAPE, id="dense"),
        pytest.param(layers.Conv1D(5, 3, 2), _SHAPE, id="strides"),
        pytest.param(layers.Conv1D(5, 3, padding="same"), _SHAPE, id="same"),
        pytest.param(layers.Conv2D(5, (3, 2), (2, 1)), _PLANES, id="planes"),
        pytest.param(layers.DepthwiseConv1D(3, depth_multiplier=2), _SHAPE, id="depth"),
        pytest.param(layers.SeparableConv1D(5, 3), _SHAPE, id="separable"),
        pytest.param(layers.SeparableConv2D(5, 3), _PLANES, id="separable-planes"),
        pytest.param(
            layers.TimeDistributed(layers.Dense(5)), _SHAPE, id="time-distributed"
        ),
        pytest.param(layers.LayerNormalization(), _SHAPE, id="normalisation"),
        pytest.param(layers.PReLU(shared_axes=[1]), _SHAPE, id="prelu"),
        pytest.param(layers.Lambda(lambda x: 2 * x), _SHAPE, id="no-weights"),
    ],
)
def test_products_are_those_of_the_graph(layer, shape):
    layer.build(shape)

    assert multiply_adds(layer, shape) == products_in_graph(layer, shape)


@pytest.mark.parametrize(
    ("layer", "count"),
    [
        pytest.param(layers.GRU(5), 12 * 3 * 5 * (6 + 5), id="gru"),
        pytest.param(
            layers.LSTM(5, return_sequences=True), 12 * 4 * 5 * (6 + 5), id="lstm"
        ),
        pytest.param(
            layers.Bidirectional(layers.SimpleRNN(5)),
            2 * 12 * 5 * (6 + 5),
            id="both-directions",
        ),
        pytest.param(layers.Conv1DTranspose(5, 3, 2), 12 * 3 * 6 * 5, id="transposed"),
        pytest.param(layers.EinsumDense("...x,xy->...y", 5), 12 * 6 * 5, id="einsum"),
        pytest.param(
            layers.EinsumDense("abc,cde->abde", (None, 2, 3)),
            12 * 6 * 2 * 3,
            id="einsum-heads",
        ),
    ],
)
def test_products_are_those_of_the_formula(layer, count):
    layer.build(_SHAPE)

    assert multiply_adds(layer, _SHAPE) == count


def test_attention_multiplies_queries_keys_and_values():
    attention = layers.MultiHeadAttention(num_heads=2, key_dim=3, value_dim=4)
    queries, values = keras.Input((7, 6)), keras.Input((9, 5))
    attention(queries, values)

    count = multiply_adds(attention, [(1, 7, 6), (1, 9, 5)])

    projections = 7 * 6 * 6 + 9 * 5 * 6 + 9 * 5 * 8 + 7 * 8 * 6
    assert count == projections + 2 * 7 * 9 * (3 + 4)


@pytest.mark.parametrize(
    ("attention", "count"),
    [
        pytest.param(layers.Attention(), 7 * 9 * (6 + 5), id="dot"),
        pytest.param(layers.Attention(score_mode="concat"), 7 * 9 * 5, id="concat"),
        pytest.param(layers.AdditiveAttention(), 7 * 9 * (6 + 5), id="additive"),
        pytest.param(layers.AdditiveAttention(False), 7 * 9 * 5, id="no-scale"),
    ],
)
def test_attention_without_projections_is_counted(attention, count):
    queries, values, keys = (
        keras.Input((7, 6)),
        keras.Input((9, 5)),
        keras.Input((9, 6)),
    )
    attention([queries, values, keys])

    assert multiply_adds(attention, [(1, 7, 6), (1, 9, 5), (1, 9, 6)]) == count


def test_attention_of_a_clip_to_itself_is_counted_in_a_model():
    frames = keras.Input((None, 16))
    model = keras.Model(frames, layers.Attention()([frames, frames]))

    assert multiply_adds(model, (1, 20, 16)) == 2 * 20 * 20 * 16


def test_heads_that_share_keys_are_counted():
    attention = layers.GroupQueryAttention(
        head_dim=3, num_query_heads=4, num_key_value_heads=2
    )
    queries, values = keras.Input((7, 6)), keras.Input((9, 6))
    attention(queries, values)

    count = multiply_adds(attention, [(1, 7, 6), (1, 9, 6)])

    projections = 2 * 7 * 6 * (4 * 3) + 2 * 9 * 6 * (2 * 3)
    assert count == projections + 4 * 7 * 9 * (3 + 3)


@pytest.mark.parametrize(
    ("axes", "shapes", "count"),
    [
        pytest.param(2, [(1, 7, 6), (1, 9, 6)], 7 * 9 * 6, id="features"),
        pytest.param(-1, [(1, 7, 6), (1, 9, 6)], 7 * 9 * 6, id="from-the-end"),
        pytest.param(1, [(1, 7, 6), (1, 7, 5)], 6 * 5 * 7, id="time"),
        pytest.param((2, 1), [(1, 7, 6), (1, 6, 5)], 7 * 5 * 6, id="both"),
        pytest.param(1, [(1, 6), (1, 6)], 6, id="vectors"),
    ],
)
def test_products_of_two_inputs_are_counted(axes, shapes, count):
    dot = layers.Dot(axes)
    dot([keras.Input(shape[1:]) for shape in shapes])

    assert multiply_adds(dot, shapes) == count


@pytest.mark.parametrize(
    "layer", [layers.Dense(5), layers.GRU(5), layers.MultiHeadAttention(2, 3)]
)
def test_rejects_a_layer_that_is_not_built(layer):
    with pytest.raises(ValueError, match="`layer` must be built"):
        multiply_adds(layer, _SHAPE)


@pytest.mark.parametrize("layer", [layers.Dense(5), layers.GRU(5)])
@pytest.mark.parametrize("as_model", [False, True])
def test_rejects_shapes_that_are_not_known(layer, as_model):
    model = keras.Sequential([keras.Input((None, 4)), layer])

    with pytest.raises(ValueError, match="`input_shape` must be known at each layer"):
        multiply_adds(model if as_model else layer, (1, None, 4))


def test_frozen_layers_cost_as_much():
    layer = layers.Dense(5, trainable=False)
    layer.build(_SHAPE)

    assert multiply_adds(layer, _SHAPE) == 12 * 6 * 5


def test_each_use_of_a_layer_in_a_graph_is_counted():
    shared = layers.Dense(6, use_bias=False)
    inner = keras.Sequential([keras.Input((None, 6)), layers.Conv1D(6, 3, 2)])
    frames = keras.Input((None, 6))
    model = keras.Model(frames, shared(inner(shared(frames)) * 2.0))

    count = multiply_adds(model, _SHAPE)

    assert count == 12 * 36 + 5 * 3 * 36 + 5 * 36
    assert len(shared._inbound_nodes) == 2  # the model is as it was


def test_rejects_models_that_hide_their_layers():
    class Hidden(keras.Model):
        def call(self, inputs):
            return inputs

    with pytest.raises(ValueError, match="`layer` must be a layer, or a Sequential"):
        multiply_adds(Hidden(), _SHAPE)
