"""Tests of the recurrences against Keras's layers and finite differences."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit import config
from speechkit.ops.recurrence import dispatch as recurrence
from speechkit.ops.recurrence import reference
from speechkit.ops.recurrence.graph import (
    file_loops_tensorflow,
    gradient_loop_tensorflow,
    loop_tensorflow,
)
from speechkit.ops.runtime import choosing

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

UNITS, BATCH = 4, 3
CELLS = {
    "gru": "gru",
    "lstm": "lstm",
    "tanh": "simple_rnn",
    "clipped_relu": "simple_rnn",
}
# A graph that keeps nothing for the gradient, one that does, and functions of the host.
WAYS = ("graph", "kept", "host")
# XLA cannot call functions of the host: it takes the graph, as `test_call_tensorflow`
# shows.
WAYS_AND_MODES = [
    (way, mode)
    for way in WAYS
    for mode in ("eager", "graph", "xla")
    if (way, mode) != ("host", "xla")
]


@pytest.fixture(autouse=True)
def _fixed_seed_and_float32():
    """Seeds nothing: TensorFlow would forget the functions that it has compiled."""


@pytest.fixture(params=WAYS)
def way(request):
    """Returns how a recurrence is computed for training."""
    with config.kernel_scope("auto" if request.param == "host" else "graph"):
        yield request.param


@pytest.fixture(params=CELLS)
def case(request, way):
    """Returns a cell, and how it is computed."""
    return f"{request.param}-{way}"


def functions_of(case):
    """Returns the recurrence, and that which the backend differentiates."""
    name = CELLS[case.partition("-")[0]]
    return getattr(recurrence, name), getattr(reference, name)


def inputs_of(case, frames, dtype="float64"):
    """Returns random arrays: gates, weights and states before the first frame."""
    random = np.random.default_rng(seed=0)
    gates = {"gru": 3, "lstm": 4}.get(case.partition("-")[0], 1)
    shapes = [(frames, BATCH, gates * UNITS), (UNITS, gates * UNITS), (BATCH, UNITS)]
    if gates == 3:
        shapes.insert(2, (UNITS,))
    if gates == 4:
        shapes.append((BATCH, UNITS))
    return [random.normal(size=shape, scale=0.8).astype(dtype) for shape in shapes]


def options_of(case, dropout_mask=None):
    """Returns the arguments after the tensors."""
    cell, _, way = case.partition("-")
    activation = [cell] if CELLS[cell] == "simple_rnn" else []
    return *activation, dropout_mask, way != "graph"


def product_of(gates):
    """Returns random values, kernel and bias of as many gates."""
    random = np.random.default_rng(seed=3)
    frames, _, width = gates.shape
    return [
        random.normal(size=(frames, BATCH, 5)),
        random.normal(size=(5, width), scale=0.5),
        random.normal(size=width),
    ]


def mask_of(dtype="float64"):
    mask = np.random.default_rng(seed=1).random((BATCH, UNITS)) > 0.5
    return 2 * mask.astype(dtype)


def loss(function, inputs, options):
    """Returns a number that depends on each output in another way."""
    outputs = tf.nest.flatten(function(*inputs, *options))
    return sum(tf.reduce_sum(tf.sin((2 + i) * x)) for i, x in enumerate(outputs))


def gradients_of(function, inputs, options):
    inputs = [tf.convert_to_tensor(x) for x in inputs]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = loss(function, inputs, options)
    return [total, *tape.gradient(total, inputs)]


@functools.cache
def plain_results(cell, frames, with_dropout, with_product=False):
    """Returns the loss and the gradients of the plain path, for all ways to compute."""
    _, plain = functions_of(cell)
    inputs = inputs_of(cell, frames)
    options = options_of(cell, mask_of() if with_dropout else None)
    if not with_product:
        return gradients_of(plain, inputs, options)

    def function(values, kernel, bias, *states_and_options):
        return plain(values @ kernel + bias, *states_and_options)

    inputs = [*product_of(inputs[0]), *inputs[1:]]
    return gradients_of(function, inputs, options)


@functools.cache
def plain_states(cell, frames):
    _, plain = functions_of(cell)
    return tf.nest.flatten(plain(*inputs_of(cell, frames), *options_of(cell)))


@pytest.mark.parametrize(
    ("frames", "with_dropout"), [(0, False), (1, True), (10, False), (23, True)]
)
def test_gradient_equals_finite_differences(case, frames, with_dropout):
    function, _ = functions_of(case)
    inputs = inputs_of(case, frames)
    options = options_of(case, mask_of() if with_dropout else None)

    _, *gradients = gradients_of(function, inputs, options)

    # Along one line through all inputs at once: a wrong gradient of any one shows.
    random = np.random.default_rng(2)
    directions = [random.normal(size=x.shape) for x in inputs]
    pairs = list(zip(inputs, directions, strict=True))
    near = ([x + step * d for x, d in pairs] for step in (1e-6, -1e-6))
    high, low = (float(loss(function, moved, options)) for moved in near)
    slope = sum(np.sum(g * d) for g, d in zip(gradients, directions, strict=True))
    assert slope == pytest.approx((high - low) / 2e-6, abs=1e-5)


# Without a mask, less of the same is traced; the numbers are those of eager calls.
@pytest.mark.parametrize(
    ("way", "mode", "with_dropout"),
    [
        *[(way, mode, True) for way, mode in WAYS_AND_MODES],
        *[(way, "eager", False) for way in WAYS],
    ],
    indirect=["way"],
)
def test_kernel_agrees_with_the_plain_path(case, mode, with_dropout, monkeypatch):
    function, _ = functions_of(case)
    frames = 23
    if mode != "eager":  # two blocks and a bit, too, which are quicker to compile
        frames = 7
        for module in (loop_tensorflow, gradient_loop_tensorflow):
            monkeypatch.setattr(module, "BLOCK", 3)
    inputs = inputs_of(case, frames)
    options = options_of(case, mask_of() if with_dropout else None)
    expected = plain_results(case.partition("-")[0], frames, with_dropout)

    def run(*inputs):
        return gradients_of(function, inputs, options)

    if mode != "eager":
        run = tf.function(run, jit_compile=mode == "xla")

    for value, other in zip(run(*inputs), expected, strict=True):
        np.testing.assert_allclose(value, other, atol=1e-10)


@pytest.mark.parametrize(
    ("form", "length", "lengths"),
    [
        ("nested", None, [0, 1, 10, 101, 230]),
        ("nested frame by frame", None, [0, 1, 10, 101, 230]),
        *[("unrolled", frames, [frames]) for frames in (0, 1, 4)],
    ],
)
@pytest.mark.parametrize("case", [f"{cell}-graph" for cell in CELLS])
def test_forms_for_files_agree_with_the_plain_path(
    case, form, length, lengths, monkeypatch
):
    if form == "nested frame by frame":  # as the kernels of many units are
        monkeypatch.setattr(file_loops_tensorflow, "_MOST_UNROLLED_WEIGHTS", 0)
    function, _ = functions_of(case)
    gates, *rest = inputs_of(case, max(lengths))

    def run(gates):
        return function(gates, *rest, *options_of(case))

    signature = [tf.TensorSpec((length, *gates.shape[1:]), tf.float64)]
    with choosing.traced_as(form.partition(" ")[0]):
        traced = tf.function(run, input_signature=signature).get_concrete_function()

    expected = plain_states(case.partition("-")[0], max(lengths))
    for frames in lengths:
        states = tf.nest.flatten(traced(gates[:frames]))
        for value, other in zip(states, expected, strict=True):
            np.testing.assert_allclose(value, other[:frames], atol=1e-10)


@pytest.mark.parametrize(
    ("frames", "with_dropout"), [(1, True), (10, False), (130, True), (230, False)]
)
def test_product_gives_what_its_gates_give(case, frames, with_dropout):
    function, _ = functions_of(case)
    gates, *states = inputs_of(case, frames)
    options = options_of(case, mask_of() if with_dropout else None)

    def ours(values, kernel, bias, *states_and_options):
        return function(recurrence.Product(values, kernel, bias), *states_and_options)

    found = gradients_of(ours, [*product_of(gates), *states], options)

    expected = plain_results(case.partition("-")[0], frames, with_dropout, True)
    for value, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(value, other, rtol=1e-9, atol=1e-9)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("way", "mode"), WAYS_AND_MODES, indirect=["way"])
def test_states_alone_have_the_gradient_that_they_have_beside_carries(
    mode, monkeypatch
):
    inputs = inputs_of("lstm", 130 if mode == "eager" else 37)

    def gradients(with_carries, mode):
        def run(*inputs):
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                states = recurrence.lstm(*inputs, None, True, with_carries)[0]
                total = tf.reduce_sum(tf.sin(states))
            return [total, *tape.gradient(total, inputs)]

        if mode != "eager":
            run = tf.function(run, jit_compile=mode == "xla")
        return run(*map(tf.constant, inputs))

    assert len(recurrence.lstm(*inputs, None, True, False)) == 1
    expected = gradients(True, "eager")
    if mode != "eager":  # two parts, too, which are quicker to compile
        for module in (loop_tensorflow, gradient_loop_tensorflow):
            monkeypatch.setattr(module, "BLOCK", 3)
    for value, other in zip(gradients(False, mode), expected, strict=True):
        np.testing.assert_allclose(value, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("plain", [False, True])
def test_states_and_gradients_equal_those_of_keras(random, way, plain):
    features = tf.constant(random.normal(size=(3, 50, 8)), tf.float32)
    for name, peer_class in {
        "gru": keras.layers.GRU,
        "lstm": keras.layers.LSTM,
    }.items():
        peer = peer_class(8, return_sequences=True)
        peer.build(features.shape)
        peer.set_weights([random.uniform(-1, 1, w.shape) for w in peer.weights])
        weights = [weight.value for weight in peer.weights]
        function = getattr(reference if plain else recurrence, name)

        def ours(function=function, name=name, weights=weights):
            kernel, recurrent_kernel, bias = weights
            zeros = tf.zeros((3, 8))
            states = (recurrent_kernel, zeros, zeros)
            if name == "gru":
                bias, second = tf.unstack(bias)
                bias += tf.concat([second[:16], tf.zeros(8)], axis=0)
                states = (recurrent_kernel, second[16:], zeros)
            gates = tf.transpose(features, (1, 0, 2)) @ kernel + bias
            outputs = function(gates, *states, None, way != "graph")
            states = outputs if name == "gru" else outputs[0]
            return tf.transpose(states, (1, 0, 2))

        results = []
        for run in (ours, lambda peer=peer: peer(features)):
            with tf.GradientTape() as tape:
                tape.watch(weights)
                states = run()
                total = tf.reduce_sum(tf.square(states))
            results.append((states, tape.gradient(total, weights)))

        (states, gradients), (expected, others) = results
        np.testing.assert_allclose(states, expected, atol=1e-5)
        for gradient, other in zip(gradients, others, strict=True):
            largest = np.abs(other).max()
            np.testing.assert_allclose(gradient, other, atol=1e-4 * largest)


@pytest.mark.parametrize("lengths", [None, [5, 0, 3]])
def test_clips_are_reversed_up_to_their_ends(random, lengths):
    values = random.normal(size=(3, 5, 2))

    reversed_clips = np.asarray(recurrence.reverse_clips(values, lengths))

    for clip, length in enumerate(lengths or [5, 5, 5]):
        expected = np.concatenate([values[clip, :length][::-1], values[clip, length:]])
        np.testing.assert_array_equal(reversed_clips[clip], expected)


def test_plain_path_reverses_clips_alike(random):
    values, lengths = random.normal(size=(3, 5, 2)), np.array([5, 0, 3])

    reversed_clips = reference.reverse_clips(values, lengths)

    expected = recurrence.reverse_clips(values, lengths)
    np.testing.assert_array_equal(reversed_clips, expected)
