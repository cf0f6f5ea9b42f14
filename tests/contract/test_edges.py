"""Every layer at the edges of its input: integers, no clips, half precision."""

import inspect
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.cases import CASES
from contract.masks import masked
from speechkit import decoders, layers, losses, metrics
from speechkit.ops.time.masks import set_mask


def cases_that(fit):
    """Runs a test with the cases that fit alone."""
    chosen = {layer.__name__: case for layer, case in CASES.items() if fit(case)}
    return pytest.mark.parametrize("case", chosen.values(), ids=chosen.keys())


def takes_training(case):
    return "training" in inspect.signature(case.make().call).parameters


def inputs_of(case, values):
    """Returns what the layer takes: the values, or the values and their lengths."""
    if not case.takes_lengths:
        return values
    return [values, np.full(len(values), values.shape[1], dtype="int32")]


def averages(layer):
    """Returns what a layer remembers of its batches."""
    kept = [weight for weight in layer.weights if "moving" in weight.path]
    return [np.asarray(weight) for weight in kept]


@cases_that(lambda case: len(case.input_shape) == 2)
def test_integer_samples_are_refused(case):
    layer, shape = case.make(), case.input_shape
    samples = [
        np.ones(shape, "int16"),
        tf.ones(shape, "int32"),
        np.ones(shape, bool),
        keras.Input(shape[1:], batch_size=shape[0], dtype="int16"),
    ]

    for given in samples:
        inputs = [given, keras.ops.ones(2, "int32")] if case.takes_lengths else given
        with pytest.raises(ValueError, match="floating point from -1 to 1"):
            layer(inputs)
    layer(inputs_of(case, np.zeros(shape, "float32")))


@cases_that(
    lambda case: len(case.input_shape) == 2 and hasattr(case.make(), "receptive_field")
)
def test_integer_samples_are_refused_in_pieces(case):
    layer = case.make()
    layer(np.zeros(case.input_shape, "float32"))

    with pytest.raises(ValueError, match="floating-point samples from -1 to 1"):
        layer.step(tf.ones(case.input_shape, "int16"), layer.get_initial_state(2))


@cases_that(lambda case: takes_training(case) and not case.takes_lengths)
def test_a_batch_of_padding_moves_no_average(case, random):
    layer = case.make()
    values = case.values(random, case.input_shape)
    layer(values, training=True)
    before = averages(layer)

    outputs = layer(masked(values, [0] * len(values)), training=True)

    assert np.isfinite(np.asarray(outputs)).all()
    np.testing.assert_equal(averages(layer), before)
    layer(values, training=True)
    assert not before or not np.array_equal(averages(layer)[0], before[0])


@cases_that(lambda case: True)
def test_no_clips_give_no_clips(case, random):
    layer = case.make()
    values = case.values(random, case.input_shape)
    expected = layer(inputs_of(case, values))
    before = averages(layer)
    modes = [{"training": True}, {}] if takes_training(case) else [{}]

    for mode in modes:
        outputs = layer(inputs_of(case, values[:0]), **mode)
        assert outputs.shape[0] == 0
        assert len(outputs.shape) == len(expected.shape)
    assert outputs.shape[2:] == expected.shape[2:]
    np.testing.assert_equal(averages(layer), before)


@cases_that(lambda case: not case.takes_lengths)
def test_clips_without_a_sample_or_frame_give_finite_clips(case):
    layer, (_, _, *features) = case.make(), case.input_shape
    modes = [{}, {"training": True}] if takes_training(case) else [{}]

    for clips, mode in itertools.product((2, 0), modes):
        values = np.zeros((clips, 0, *features), "float32")
        for inputs in (values, masked(values, [0] * clips)):
            outputs = np.asarray(layer(inputs, **mode))
            assert len(outputs) == clips
            assert np.isfinite(outputs).all()


CONVOLVE = {
    layers.ConvolutionBlock,
    layers.ConvolutionFrontEnd,
    layers.DepthwiseSeparableBlock,
    layers.LookaheadConvolution,
    layers.SVDF,
    layers.TemporalResidualBlock,
}


@cases_that(lambda case: type(case.make()) in CONVOLVE)
@pytest.mark.parametrize("is_padded", [False, True], ids=["whole", "padded"])
def test_a_graph_of_any_size_trains_on_no_clips_and_on_no_frames(
    case, is_padded, random
):
    layer, (_, _, features) = case.make(), case.input_shape
    mode = {"training": True} if takes_training(case) else {}
    whole = layer(case.values(random, case.input_shape))
    weights = [weight.value for weight in layer.trainable_variables]
    before = averages(layer)

    @tf.function(autograph=False)
    def step(values):
        with tf.GradientTape() as tape:
            is_valid = tf.zeros(tf.shape(values)[:2], "bool")
            inputs = set_mask(values, is_valid) if is_padded else values
            outputs = layer(inputs, **mode)
            total = tf.reduce_sum(outputs)
        return outputs, tape.gradient(total, weights)

    graph = step.get_concrete_function(tf.TensorSpec((None, None, features)))
    for clips, frames in ((0, 9), (2, 0), (0, 0)):
        outputs, gradients = graph(tf.zeros((clips, frames, features)))

        assert outputs.shape == layer.compute_output_shape((clips, frames, features))
        assert all(not np.any(gradient) for gradient in gradients)
    assert outputs.shape[2:] == whole.shape[2:]
    np.testing.assert_equal(averages(layer), before)


@cases_that(lambda case: isinstance(case.make(), layers.AugmentationLayer))
def test_no_clips_have_no_draws(case, random):
    layer = case.make()
    clips = case.values(random, case.input_shape)[:0]

    outputs, draws = layer.augment(clips)

    assert all(len(draw) == 0 for draw in keras.tree.flatten(draws))
    assert layer.apply(clips, draws).shape == outputs.shape


@pytest.mark.parametrize("policy", ["bfloat16", "float16"])
@cases_that(lambda case: not case.gives_labels)
def test_weights_may_be_in_half_precision(case, random, policy):
    layer, whole = case.make(dtype=policy), case.make()
    inputs = inputs_of(case, case.values(random, case.input_shape))
    outputs = layer(inputs)
    expected = np.asarray(whole(inputs))
    if whole.weights:
        pairs = zip(whole.weights, layer.weights, strict=True)
        for weight, half in pairs:
            weight.assign(keras.ops.cast(half, weight.dtype))
        expected = np.asarray(whole(inputs))

    assert keras.backend.standardize_dtype(outputs.dtype) == policy
    # Sums of features in 8 or 11 bits, of values up to the largest.
    atol = (0.1 if policy == "bfloat16" else 0.02) * max(1.0, np.abs(expected).max())
    outputs = keras.ops.cast(outputs, "float32")
    np.testing.assert_allclose(outputs, expected, rtol=0, atol=atol)


@cases_that(
    lambda case: isinstance(
        case.make(), layers.BatchNormSimpleRNN | layers.ConvolutionBlock
    )
)
def test_half_precision_trains(case, random):
    layer = case.make(dtype="bfloat16")
    values = case.values(random, case.input_shape)
    layer(values)
    weights = [weight.value for weight in layer.trainable_weights]

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.cast(layer(values, training=True), "float32"))

    for gradient in tape.gradient(loss, weights):
        assert np.isfinite(np.asarray(gradient, "float32")).all()


RECURRENT = [
    layers.BatchNormGRU,
    layers.BatchNormLSTM,
    layers.BatchNormSimpleRNN,
    layers.SVDF,
]


@pytest.mark.parametrize("layer_class", RECURRENT)
def test_bidirectional_of_keras_says_what_to_write(layer_class):
    with pytest.raises(ValueError, match="run both ways with `direction='bidir"):
        keras.layers.Bidirectional(
            layer_class(4, 2 if layer_class is layers.SVDF else "forward")
        )


def test_time_distributed_runs_our_layers(random):
    clips = random.normal(size=(2, 3, 6, 5)).astype("float32")
    layer = layers.BatchNormGRU(4)

    outputs = keras.layers.TimeDistributed(layer)(clips)

    np.testing.assert_allclose(outputs[:, 1], layer(clips[:, 1]), atol=1e-6)


def test_no_clips_have_no_loss_and_no_errors():
    labels, logits = np.zeros((0, 2), "int32"), np.zeros((0, 6, 3), "float32")
    metric = metrics.CharacterErrorRate(decoder=decoders.CTCGreedyDecoder([*"_ab"]))

    metric.update_state(labels, logits)

    assert losses.ctc_loss(labels, logits).shape == (0,)
    assert float(metric.result()) == 0.0
    assert int(metric.hits) == 0
