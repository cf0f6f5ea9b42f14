"""The promises that every loss of the library keeps."""

import inspect
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.masks import masked
from speechkit import losses
from speechkit.ops.time.masks import get_mask, set_mask

# A batch of 2 clips with 10 frames of 5 classes, and labels for each loss.
CASES = {losses.CTCLoss: np.array([[1, 2, 2], [3, -1, -1]], dtype="int32")}


@pytest.fixture(params=CASES.items(), ids=[loss.__name__ for loss in CASES])
def case(request):
    return request.param


@pytest.fixture
def logits(random):
    return random.normal(size=(2, 10, 5)).astype("float32")


def test_every_public_loss_has_a_case():
    public = {
        member
        for _, member in inspect.getmembers(losses, inspect.isclass)
        if issubclass(member, keras.losses.Loss)
    }

    assert public == set(CASES)


def test_config_is_json_and_survives_a_round_trip(case):
    loss_class, _ = case
    config = loss_class(reduction="sum").get_config()

    revived = loss_class.from_config(json.loads(json.dumps(config)))

    assert revived.get_config() == config


def test_reductions_agree(case, logits):
    loss_class, labels = case
    each = np.asarray(loss_class(reduction=None)(labels, logits))

    total = float(loss_class(reduction="sum")(labels, logits))
    mean = float(loss_class()(labels, logits))

    assert each.shape == (2,)
    np.testing.assert_allclose([total, mean], [each.sum(), each.mean()], rtol=1e-6)


def test_sample_weights_multiply_the_loss_of_a_clip(case, logits):
    loss_class, labels = case
    each = np.asarray(loss_class(reduction=None)(labels, logits))
    weights = np.array([2.0, 0.5], dtype="float32")

    weighted = loss_class(reduction=None)(labels, logits, weights)

    np.testing.assert_allclose(weighted, each * weights, rtol=1e-6)


def test_a_masked_clip_equals_the_clip_alone(case, logits):
    loss_class, labels = case
    alone = loss_class(reduction=None)(labels[1:], logits[1:, :6])[0]

    together = loss_class(reduction=None)(labels, masked(logits, [10, 6]))[1]

    np.testing.assert_allclose(together, alone, rtol=1e-5)


def test_padding_reaches_no_gradient(case, logits):
    loss_class, labels = case
    inputs = masked(logits, [10, 6])
    mask = get_mask(inputs)

    with tf.GradientTape() as tape:
        tape.watch(inputs)
        copy = tf.identity(inputs)
        set_mask(copy, mask)
        loss = loss_class()(labels, copy)
    gradient = np.asarray(tape.gradient(loss, inputs))

    assert np.isfinite(gradient[np.asarray(mask)]).all()
    np.testing.assert_array_equal(gradient[~np.asarray(mask)], 0)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_compiled_loss_gives_the_same_numbers(case, logits, jit_compile):
    loss_class, labels = case
    loss = loss_class()

    compiled = tf.function(loss, jit_compile=jit_compile)(labels, logits)

    np.testing.assert_allclose(compiled, loss(labels, logits), rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_other_precisions_come_close(case, logits, dtype):
    loss_class, labels = case
    expected = float(loss_class()(labels, logits))

    loss = float(loss_class()(labels, keras.ops.cast(logits, dtype)))

    # What is lost is the rounding of the logits: 8 bits in bfloat16.
    np.testing.assert_allclose(loss, expected, rtol=1e-2)


def test_a_model_trains_and_reloads_with_it(case, logits, tmp_path):
    loss_class, labels = case
    model = keras.Sequential([keras.Input((None, 5)), keras.layers.Dense(5)])
    model.compile("sgd", loss_class(), jit_compile=False)
    model.fit(logits, labels, verbose=0)
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")

    expected = model.evaluate(logits, labels, verbose=0)
    assert revived.evaluate(logits, labels, verbose=0) == pytest.approx(expected)
