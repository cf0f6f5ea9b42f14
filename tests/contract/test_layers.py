"""The promises that every layer of the library keeps."""

import inspect
import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from contract.cases import CASES
from contract.masks import masked, valid_part
from contract.rounding import assert_equal_but_for_rounding
from speechkit import decoders, layers
from speechkit.ops.time.masks import get_mask, set_mask

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

PACKAGES = [layers, decoders]
# To subclass: they compute nothing themselves.
BASES = {layers.AugmentationLayer, layers.StreamingLayer, decoders.Decoder}
# Searches on the host, so no file and no XLA: see `test_decoders`.
ON_HOST = {decoders.CTCBeamSearchDecoder}


@pytest.fixture(params=CASES.values(), ids=[layer.__name__ for layer in CASES])
def case(request):
    return request.param


def cases_that(fit):
    """Runs a test with the cases that fit alone."""
    chosen = {layer.__name__: case for layer, case in CASES.items() if fit(case)}
    return pytest.mark.parametrize("case", chosen.values(), ids=chosen.keys())


@pytest.fixture
def values(case, random):
    return case.values(random, case.input_shape)


def inputs_of(case, values):
    """Returns what the layer takes: the values, or the values and their lengths."""
    if not case.takes_lengths:
        return values
    return [values, np.full(len(values), values.shape[1], dtype="int32")]


def model_of(case, values, *, time):
    """Wraps the layer in a model whose time axis has length `time` (None: any)."""
    tensor = keras.Input((time, *values.shape[2:]), batch_size=len(values))
    tensors = tensor
    if case.takes_lengths:
        tensors = [tensor, keras.Input((), batch_size=len(values), dtype="int32")]
    return keras.Model(tensors, case.make()(tensors))


def test_every_public_layer_has_a_case():
    public = {
        member
        for package in PACKAGES
        for _, member in inspect.getmembers(package, inspect.isclass)
        if issubclass(member, keras.layers.Layer)
    }

    assert public == set(CASES) | BASES | ON_HOST


@pytest.mark.parametrize("time_change", [-1, 0, 1])
def test_declared_shape_is_the_real_shape(case, values, time_change):
    longer = np.concatenate([values, values], axis=1)
    values = longer[:, : values.shape[1] + time_change]
    layer, inputs = case.make(), inputs_of(case, values)
    shapes = [item.shape for item in inputs] if case.takes_lengths else inputs.shape

    declared = layer.compute_output_shape(shapes)
    real = tuple(layer(inputs).shape)

    assert len(declared) == len(real)
    assert all(d in (None, r) for d, r in zip(declared, real, strict=True))


def test_config_is_json_and_survives_a_round_trip(case):
    config = case.make(name="under_test").get_config()

    revived = type(case.make()).from_config(json.loads(json.dumps(config)))

    assert revived.get_config() == config


def test_saved_model_gives_the_same_numbers(case, values, tmp_path):
    model = model_of(case, values, time=values.shape[1])
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")

    inputs = inputs_of(case, values)
    np.testing.assert_array_equal(revived(inputs), model(inputs))


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_compiled_layer_gives_the_same_numbers(case, values, jit_compile):
    layer, inputs = case.make(), inputs_of(case, values)
    layer(inputs)

    compiled = tf.function(lambda x: layer(x), jit_compile=jit_compile)(inputs)

    assert_equal_but_for_rounding(compiled, layer(inputs))


def takes_training(case):
    return "training" in inspect.signature(case.make().call).parameters


@cases_that(takes_training)
@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_training_works_in_a_graph(case, values, jit_compile):
    layer, inputs = case.make(), inputs_of(case, values)
    layer(inputs)
    train = tf.function(lambda x: layer(x, training=True), jit_compile=jit_compile)

    outputs = train(inputs)

    assert np.isfinite(np.asarray(outputs)).all()


def test_layer_works_inside_a_dataset(case, values):
    layer = case.make()
    inputs = inputs_of(case, values)
    expected = layer(inputs)
    as_tuple = tuple(inputs) if case.takes_lengths else inputs
    dataset = tf.data.Dataset.from_tensors(as_tuple)

    if case.takes_lengths:
        (mapped,) = dataset.map(lambda *x: layer(list(x)))
    else:
        (mapped,) = dataset.map(lambda x: layer(x))

    np.testing.assert_allclose(mapped, expected, rtol=1e-5, atol=1e-5)


def test_a_clip_does_not_depend_on_its_batch(case, values):
    layer = case.make()
    louder_neighbours = np.concatenate([values[:1], 1000 * values[1:]])

    first = layer(inputs_of(case, values))[0]
    first_again = layer(inputs_of(case, louder_neighbours))[0]

    np.testing.assert_allclose(first_again, first, rtol=1e-5, atol=1e-5)


# The tests of `LengthMasking` itself check what becomes of lengths.
@cases_that(lambda case: not case.takes_lengths)
def test_a_padded_clip_equals_the_clip_alone(case, values):
    layer = case.make()
    time = values.shape[1]
    lengths = [time, time // 2 + 1]

    padded = layer(masked(values, lengths))

    for clip, length in enumerate(lengths):
        alone = np.asarray(layer(values[clip : clip + 1, :length]))[0]
        together = valid_part(padded, clip)
        if case.gives_labels:
            together = together[: len(alone)]
        np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-5)


@cases_that(lambda case: not (case.takes_lengths or case.gives_labels))
def test_padding_reaches_no_gradient(case, values):
    layer = case.make()
    inputs = masked(values, [values.shape[1], values.shape[1] // 2])
    mask = get_mask(inputs)

    def loss_of(tensor):
        set_mask(tensor, mask)
        outputs = layer(tensor)
        valid = get_mask(outputs)
        if valid is not None:
            outputs = tf.boolean_mask(outputs, valid)
        return tf.reduce_sum(tf.square(outputs))

    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = loss_of(tf.identity(inputs))
    variables = layer.trainable_variables
    gradients = tape.gradient(loss, [v.value for v in variables]) if variables else []

    assert np.isfinite(float(loss))
    assert all(np.isfinite(np.asarray(gradient)).all() for gradient in gradients)


def test_one_model_takes_clips_of_any_length(case, values):
    model = model_of(case, values, time=None)

    for shorter in (values, values[:, 1:]):
        assert len(model(inputs_of(case, shorter))) == len(values)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_output_has_the_compute_dtype(case, values, policy):
    layer = case.make(dtype=policy)

    dtype = keras.backend.standardize_dtype(layer(inputs_of(case, values)).dtype)

    assert dtype == ("int32" if case.gives_labels else layer.compute_dtype)


@cases_that(
    lambda case: case.keeps_time and not (case.takes_lengths or case.gives_labels)
)
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_keeps_the_mask(case, values, policy):
    layer = case.make(dtype=policy)

    outputs = layer(masked(values, [values.shape[1], values.shape[1] // 2]))

    valid = np.asarray(get_mask(outputs))
    assert np.isfinite(np.asarray(outputs, dtype="float32")[valid]).all()
    assert valid[1].sum() < valid[0].sum()


def test_only_encoders_have_weights_to_train(case, values):
    layer = case.make()
    layer(inputs_of(case, values))

    assert ("encoders" in type(layer).__module__) >= bool(layer.trainable_variables)


@cases_that(lambda case: case.exports and not case.takes_lengths)
def test_exported_layer_gives_the_same_numbers(case, values):
    layer, clip = case.make(), values[:1]
    expected = layer(clip)

    exported = run_exported(layer, clip)

    np.testing.assert_allclose(exported, expected, rtol=1e-4, atol=1e-4)


def run_exported(layer, clip):
    """Converts the layer with TensorFlow's own converter and runs it on one clip."""
    module = tf.Module()
    module.weights = [variable.value for variable in layer.variables]
    signature = tf.TensorSpec((1, None, *clip.shape[2:]), tf.float32)
    module.run = tf.function(lambda x: layer(x), input_signature=[signature])
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [module.run.get_concrete_function()], module
    )
    runner = Interpreter(model_content=converter.convert()).get_signature_runner()
    (name,) = runner.get_input_details()
    (exported,) = runner(**{name: clip}).values()
    return exported
