"""One table: each kernel of each recurrence, called in each way, on each kind of gates.

The states are judged by loops over NumPy arrays in float64, and the gradients by what
TensorFlow makes of the plain path, which finite differences judge in `test_dispatch`.
"""

import functools

import numpy as np
import pytest
import tensorflow as tf

from layers.encoders import recurrent_judges
from speechkit import config
from speechkit.ops.recurrence import dispatch, reference

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

FRAMES, BATCH, UNITS = 13, 3, 4
# Kernels and ways to call them; XLA cannot call compiled functions of the host.
CELLS = [
    ("compiled", "eager"),
    ("compiled", "graph"),
    ("graph", "eager"),
    ("graph", "graph"),
    ("graph", "xla"),
    ("reference", "eager"),
]
NAMES = {"gru": 3, "lstm": 4, "tanh": 1, "clipped_relu": 1}  # and numbers of gates
NAN, INF = np.nan, np.inf

# Frames, units, and what the gates of clip 1 become there.
KINDS = {
    "finite": ([], [], 0),
    "nan": (5, 1, NAN),
    "nan-in-the-first-frame": (0, 1, NAN),
    "nan-in-the-last-frame": (12, slice(None), NAN),
    "nan-everywhere": (slice(None), slice(None), NAN),
    "infinity": (5, 1, INF),
    "infinity-in-all-gates": (slice(4, 6), slice(None), INF),
    "minus-infinity": (5, 1, -INF),
    "minus-infinity-in-all-gates": (slice(4, 6), slice(None), -INF),
    "very-sure": (slice(2, 9), slice(None), 1e4),
    "surer": (slice(2, 9), slice(0, 2), -1e30),
}


@pytest.fixture(autouse=True)
def _fixed_seed_and_float32():
    """Seeds nothing: TensorFlow would forget the functions that it has compiled."""


@functools.cache
def inputs_of(name, kind="finite", frames=FRAMES, batch=BATCH):
    """Returns gates, weights and states of zero before the first frame."""
    random = np.random.default_rng(seed=0)
    width = NAMES[name] * UNITS
    gates = random.normal(size=(frames, batch, width)).astype("float32")
    places, units, value = KINDS[kind]
    if kind != "finite":
        gates[places, 1, units] = value
    weights = [random.normal(size=(UNITS, width)).astype("float32")]
    if name == "gru":
        weights.append(random.normal(size=UNITS).astype("float32"))
    states = [np.zeros((batch, UNITS), "float32")] * (1 + (name == "lstm"))
    return gates, *weights, *states


@functools.cache
def function_of(name, kernel, mode):
    """Returns the function of states and gradients, traced once for a shape."""
    is_simple = name in ("tanh", "clipped_relu")
    module = reference if kernel == "reference" else dispatch
    recurrence = getattr(module, "simple_rnn" if is_simple else name)
    options = [name] if is_simple else []

    def differentiated(*inputs):
        setting = "compiled" if kernel == "compiled" else "graph"
        with config.kernel_scope(setting), tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = tf.nest.flatten(recurrence(*inputs, *options, None, True))
            total = tf.add_n([tf.reduce_sum(tf.sin(3 * x)) for x in outputs])
        gradients = tape.gradient(total, inputs, unconnected_gradients="zero")
        return outputs[0], *gradients

    if mode == "eager":
        return differentiated
    return tf.function(differentiated, jit_compile=mode == "xla", autograph=False)


@functools.cache
def run(name, cell, *kind):
    inputs = map(tf.constant, inputs_of(name, *kind))
    return [result.numpy() for result in function_of(name, *cell)(*inputs)]


@functools.cache
def judged(name, kind):
    """Returns the states, `(frames, batch, units)`."""
    gates, kernel, *rest = (x.astype("float64") for x in inputs_of(name, kind))
    bias, state = rest[:-1] if name == "gru" else [], rest[-1][0]
    if name in ("gru", "lstm"):
        judge, more = getattr(recurrent_judges, name), bias
    else:
        clip = recurrent_judges.clipped_relu
        judge, more = recurrent_judges.simple_rnn, [np.tanh if name == "tanh" else clip]
    clips = [list(judge(gates[:, i], kernel, state, *more)) for i in range(BATCH)]
    return np.stack(clips, axis=1)


@pytest.fixture(params=NAMES, scope="module")
def name(request):
    """Returns the name of a recurrence or, for the plain one, of its activation."""
    return request.param


@pytest.fixture(params=CELLS, ids="-".join, scope="module")
def cell(request):
    """Returns a kernel and the way in which it is called."""
    return request.param


@pytest.mark.parametrize("kind", KINDS)
def test_states_equal_a_loop_and_gradients_those_of_the_plain_path(name, cell, kind):
    states, *gradients = run(name, cell, kind)

    _, *expected = run(name, ("reference", "eager"), kind)
    np.testing.assert_allclose(states, judged(name, kind), atol=2e-5)
    for gradient, other in zip(gradients, expected, strict=True):
        scale = np.nanmax(np.abs(other), initial=1)
        np.testing.assert_allclose(gradient, other, atol=1e-5 * scale)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clip_never_changes_a_digit_of_its_neighbours(name, cell, kind):
    states, grad_gates, *_ = run(name, cell, kind)

    expected_states, expected, *_ = run(name, cell, "finite")
    np.testing.assert_array_equal(states[:, ::2], expected_states[:, ::2])
    np.testing.assert_array_equal(grad_gates[:, ::2], expected[:, ::2])


# One loop serves all recurrences in a graph: half of them lack frames, half lack clips.
EMPTY = [
    (name, cell, *shape)
    for name in NAMES
    for cell in CELLS
    for shape in [(0, BATCH), (FRAMES, 0)]
    if cell[0] != "graph" or (shape[0] == 0) == (name in ("gru", "tanh"))
]


@pytest.mark.parametrize(("name", "cell", "frames", "batch"), EMPTY)
def test_without_frames_or_clips_there_is_nothing(name, cell, frames, batch):
    states, grad_gates, grad_kernel, *_ = run(name, cell, "finite", frames, batch)

    assert states.shape == (frames, batch, UNITS)
    assert grad_gates.shape == (frames, batch, NAMES[name] * UNITS)
    np.testing.assert_array_equal(grad_kernel, 0)
