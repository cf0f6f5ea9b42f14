"""Tests of where recurrences are computed by functions of the host, and in what way.

Their numbers are judged in `test_recurrence.py`, beside those of the other kernels.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from speechkit import config, layers
from speechkit.ops.recurrence import dispatch as recurrence
from speechkit.ops.recurrence import reference
from speechkit.ops.recurrence.compiled import blocks as recurrence_blocks
from speechkit.ops.runtime import calling_tensorflow, choosing

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

CELLS = ("gru", "lstm", "simple_rnn")


@pytest.fixture
def taken(monkeypatch):
    """Returns the names of recurrences that compiled code has begun."""
    names, call = [], calling_tensorflow.call

    def record(function, *arguments):
        if function.__name__ == "forward":
            names.append(function.__module__.rpartition(".")[2].removesuffix("_numba"))
        return call(function, *arguments)

    for name in CELLS:
        run(name, arguments_of(name, np.random.default_rng(seed=0)))  # with the trial
    monkeypatch.setattr(calling_tensorflow, "call", record)
    return names


def arguments_of(name, random, batch=3, units=4, frames=7, dtype="float32"):
    """Returns the tensors of a recurrence, with a product of 5 features for gates."""
    count = {"gru": 3, "lstm": 4, "simple_rnn": 1}[name]
    shapes = [
        *[(frames, batch, 5), (5, count * units), (count * units,)],
        (units, count * units),
        *{"gru": [(units,)]}.get(name, []),
        (batch, units),
        *{"lstm": [(batch, units)]}.get(name, []),
    ]
    values, kernel, bias, *rest = (
        tf.constant(random.normal(size=shape, scale=0.5), dtype) for shape in shapes
    )
    return recurrence.Product(values, kernel, bias), *rest


def run(name, arguments, keep=True, module=recurrence):
    activation = ["tanh"] if name == "simple_rnn" else []
    return getattr(module, name)(*arguments, *activation, None, keep)


@pytest.mark.parametrize("name", CELLS)
def test_training_takes_the_host_and_other_calls_do_not(taken, random, name):
    arguments = arguments_of(name, random)

    run(name, arguments, keep=False)
    assert taken == []
    run(name, arguments)
    assert taken == [name]


@pytest.mark.parametrize("name", CELLS)
def test_graphs_take_the_host_but_xla_and_files_do_not(taken, random, name):
    arguments = arguments_of(name, random)

    tf.function(run, jit_compile=True)(name, arguments)
    with choosing.traced_as("unrolled"):
        tf.function(run)(name, arguments)
    assert taken == []
    tf.function(run)(name, arguments)
    assert taken == [name]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("name", CELLS)
def test_half_precision_is_left_to_the_graph(taken, random, name, dtype):
    arguments = arguments_of(name, random)
    cast = [tf.cast(x, dtype) for x in arguments[1:]]

    run(name, (recurrence.Product(*(tf.cast(x, dtype) for x in arguments[0])), *cast))

    assert taken == []


def test_with_a_gpu_and_on_request_the_graph_does_the_same(taken, random, monkeypatch):
    arguments = arguments_of("gru", random)
    expected = run("gru", arguments)

    with config.kernel_scope("graph"):
        on_request = run("gru", arguments)
    monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: [kind])
    with_gpu = run("gru", arguments)

    assert taken == ["gru"]
    np.testing.assert_allclose(on_request, expected, atol=1e-6)
    np.testing.assert_allclose(with_gpu, expected, atol=1e-6)


@pytest.mark.parametrize("num_threads", [1, 2, 7])
@pytest.mark.parametrize(
    ("batch", "units"), [(1, 3), (4, 33), (9, 16), (16, 40), (37, 8)]
)
@pytest.mark.parametrize("name", CELLS)
def test_any_batch_and_any_number_of_threads_give_the_numbers_of_the_plain_path(
    random, monkeypatch, name, batch, units, num_threads
):
    monkeypatch.setattr(recurrence_blocks, "_WORTH_A_THREAD", 1)
    monkeypatch.setattr(calling_tensorflow, "num_threads", lambda: num_threads)
    arguments = arguments_of(name, random, batch, units, dtype="float64")

    results = []
    for module in (recurrence, reference):
        with tf.GradientTape() as tape:
            tape.watch(arguments)
            outputs = tf.nest.flatten(run(name, arguments, module=module))
            total = sum(tf.reduce_sum(tf.sin(x)) for x in outputs)
        gradients = tape.gradient(total, tf.nest.flatten(arguments))
        results.append([*outputs, *gradients])

    for ours, expected in zip(*results, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("batch", "num_threads", "parts"),
    [
        (16, 2, [[0, 1], [2, 3]]),
        (20, 2, [[0, 1, 2], [3, 4]]),
        (32, 8, [[item] for item in range(8)]),
        (1, 1, [[0]]),
        (0, 2, []),
    ],
)
def test_blocks_of_four_clips_are_divided_among_threads(batch, num_threads, parts):
    calls = []

    recurrence_blocks.in_blocks(
        lambda *arguments: calls.append(arguments),
        ("first",),
        10**6,
        np.ones((100, 100)),
        batch,
        num_threads,
    )

    assert sorted(blocks.tolist() for _, blocks in calls) == parts
    assert all(first == "first" for first, _ in calls)


def test_little_work_stays_in_one_thread():
    calls = []

    recurrence_blocks.in_blocks(
        lambda *arguments: calls.append(arguments), (), 3, np.ones((4, 16)), 64, 8
    )

    assert len(calls) == 1


def test_shapes_are_known_in_a_graph():
    @tf.function(input_signature=[tf.TensorSpec((None, 3, 12), tf.float32)])
    def trace(gates):
        zeros = tf.zeros((3, 4))
        states = recurrence.gru(
            gates, tf.zeros((4, 12)), tf.zeros(4), zeros, None, keep=True
        )
        assert states.shape.as_list() == [None, 3, 4]
        (gradient,) = tf.gradients(states, gates)
        assert gradient.shape.as_list() == [None, 3, 12]
        return states

    assert trace(tf.zeros((5, 3, 12))).shape == (5, 3, 4)


def test_a_layer_that_was_trained_is_saved_and_exported(tmp_path, random):
    model = keras.Sequential([layers.BatchNormLSTM(4), layers.BatchNormGRU(3)])
    inputs = random.normal(size=(4, 6, 5)).astype("float32")
    model.compile("adam", "mse", jit_compile=False)
    model.fit(inputs, np.zeros((4, 6, 3)), verbose=0)

    model.export(tmp_path / "model", verbose=False)

    loaded = tf.saved_model.load(tmp_path / "model")
    np.testing.assert_allclose(loaded.serve(inputs), model(inputs), atol=1e-6)
