"""What TensorFlow has to say on the choice of a kernel: its limits, and a trial."""

import importlib.util
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import tensorflow as tf
from tensorflow.python.ops import control_flow_util

# Results that differ by more are wrong.
_TOLERANCE = 1e-4


def limit() -> str | None:
    """Returns why a graph traced now cannot call Python; `None` if it can."""
    if tf.config.get_visible_devices("GPU"):
        return "it runs on the processor, and TensorFlow uses a GPU"
    if is_for_xla():
        return "XLA cannot call it. Compile with `jit_compile=False`"
    return None


def is_for_xla() -> bool:
    """Returns whether XLA compiles the graph that is traced now."""
    graph = tf.compat.v1.get_default_graph()
    return control_flow_util.GraphOrParentsInXlaContext(graph)


@tf.autograph.experimental.do_not_convert
def has_numba() -> bool:
    """Returns whether Numba can be found; it is not imported.

    AutoGraph cannot read the source of `find_spec`, and would warn of it.
    """
    if sys.modules.get("numba"):
        return True
    try:
        return importlib.util.find_spec("numba") is not None
    except Exception:
        # A finder of the user's program may raise what it likes.
        return False


def failure_of_trial(kernels, dtype: str) -> str | None:
    """Returns why the compiled kernel fails on a small problem; `None` if it works.

    Args:
        kernels: A `choosing.Kernels`.
        dtype: `"float32"` or `"float64"`.
    """
    # A thread of its own is in no graph, XLA context, tape or device scope.
    with ThreadPoolExecutor(1) as thread:
        try:
            is_right = thread.submit(_is_right, kernels, dtype).result()
        except Exception as error:
            return _summary(error)
    return None if is_right else f"{kernels.name} come out wrong"


def _is_right(kernels, dtype):
    """Returns whether the compiled kernel agrees with the reference."""
    problem = kernels.problem(dtype)
    pairs = zip(
        _results(kernels.compiled, *problem),
        _results(kernels.reference, *problem),
        strict=True,
    )
    return all(np.allclose(ours, judged, atol=_TOLERANCE) for ours, judged in pairs)


def _results(kernel, inputs, others):
    """Returns the outputs of a kernel, and the gradients of a sum of their sines."""
    inputs = tf.nest.map_structure(tf.convert_to_tensor, inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = tf.nest.flatten(kernel(*inputs, *others))
        total = tf.add_n([tf.reduce_sum(tf.sin(output)) for output in outputs])
    return [*outputs, *tape.gradient(total, tf.nest.flatten(inputs))]


def _summary(error):
    """Returns the type and the first line of an error."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"
