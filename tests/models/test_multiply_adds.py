"""Tests of `count_multiply_adds` against the operations of the graph, and by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit import layers, models, text

LABELS = ["on", "off", "up"]


def products_in_graph(model, num_samples):
    """Returns the multiply–adds of a graph without recurrences and front end."""
    features = keras.Sequential(model.front_end)(np.zeros((1, num_samples), "float32"))
    rest = keras.Sequential(
        [layer for layer in model.network.layers if layer not in model.front_end]
    )
    signature = tf.TensorSpec(features.shape, tf.float32)
    graph = tf.function(lambda x: rest(x)).get_concrete_function(signature).graph
    return sum(_products(operation) for operation in graph.get_operations())


def _products(operation):
    """Returns the size of the output times what is summed for one number of it."""
    num_outputs = np.prod(operation.outputs[0].shape) if operation.outputs else 0
    if operation.type in ("MatMul", "BatchMatMulV2"):
        return int(num_outputs * operation.inputs[0].shape[-1])
    if operation.type == "Conv2D":
        return int(num_outputs * np.prod(operation.inputs[1].shape[:3]))
    if operation.type == "DepthwiseConv2dNative":
        return int(num_outputs * np.prod(operation.inputs[1].shape[:2]))
    return 0


def make(preset):
    return models.CommandRecognizer.from_preset(preset, LABELS, sampling_rate=16000)


@pytest.mark.parametrize("preset", ["dnn", "svdf", "ds_cnn", "tc_resnet"])
def test_products_are_those_of_the_graph(preset):
    model = make(preset)

    count = models.count_multiply_adds(model)

    assert count == products_in_graph(model, 16000)


def test_attention_is_counted_as_the_graph_does():
    model = models.CommandRecognizer(
        LABELS,
        sampling_rate=8000,
        encoder=[layers.ConvolutionBlock(6, 3)],
        pooling=[layers.MultiHeadAttentionPooling(4)],
    )

    count = models.count_multiply_adds(model, seconds=0.5)

    assert count == products_in_graph(model, 4000)


def test_each_gate_is_computed_for_each_frame():
    model = models.CTCRecognizer(
        text.CharacterVocabulary("ab"),
        sampling_rate=16000,
        encoder=[layers.BatchNormGRU(8, direction="bidirectional")],
    )

    count = models.count_multiply_adds(model, seconds=2.0)

    # 198 frames: two directions of three gates, and three classes.
    assert count == 198 * (2 * 3 * 8 * (80 + 8) + 16 * 3)


def test_dilated_convolutions_cost_what_their_kernels_do():
    count = models.count_multiply_adds(make("cnn"))

    # Features, kernel, channels before and after, for each of 49 frames.
    convolutions = [
        18 * 3 * 3 * 1 * 64,
        16 * 5 * 3 * 64 * 64,
        14 * 5 * 3 * 64 * 64,
        12 * 5 * 3 * 64 * 64,
        11 * 5 * 2 * 64 * 128,
        11 * 5 * 1 * 128 * 64,
        11 * 10 * 1 * 64 * 128,
    ]
    assert count == 49 * sum(convolutions) + 11 * 128 * 128 + 128 * 256 + 256 * 3


def augmented(*augmentation):
    return models.CommandRecognizer(
        LABELS,
        sampling_rate=8000,
        encoder=[keras.layers.Dense(4)],
        waveform_augmentation=augmentation,
    )


@pytest.mark.parametrize(
    "augmentation",
    [
        layers.Speed(),
        layers.Tempo(sampling_rate=8000),
        layers.Echos(sampling_rate=8000),
        layers.Compose([layers.WhiteNoise((5, 40)), layers.Speed()]),
        layers.RandomChoice([layers.Tempo(sampling_rate=8000), layers.Speed()]),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_augmentation_costs_nothing(augmentation):
    model = augmented(augmentation, layers.WhiteNoise((5, 40)))

    count = models.count_multiply_adds(model, seconds=0.5)

    assert count == models.count_multiply_adds(augmented(), seconds=0.5) > 0


def test_rejects_no_time():
    with pytest.raises(ValueError, match="`seconds` must be a finite number above 0"):
        models.count_multiply_adds(make("svdf"), seconds=0)
