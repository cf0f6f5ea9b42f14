"""Loss and gradient of connectionist temporal classification, by the host's functions.

They are compiled by Numba, and take a fraction of the time of a graph of small
operations. A graph calls them through Python, so they are for training on a processor:
XLA cannot compile the call, and from a GPU the logits would have to be fetched.
"""

import functools
import os

import tensorflow as tf
from tensorflow.python.ops import control_flow_util


def is_possible() -> bool:
    """Returns whether what is called or traced now may call functions of the host."""
    graph = tf.compat.v1.get_default_graph()
    return (
        not tf.config.get_visible_devices("GPU")
        and not control_flow_util.GraphOrParentsInXlaContext(graph)
        and _has_numba()
    )


@functools.cache
def _has_numba():
    try:
        import numba  # noqa: F401
    except ImportError:  # raised, too, by a Numba that is older than NumPy allows
        return False
    return True


def ctc_loss(logits, labels, frames, feasible, blank_index: int):
    """Returns the loss of each clip; `ctc_tensorflow.ctc_loss` has the arguments."""
    from speechkit.ops import ctc_numba

    settings = blank_index, _num_threads()

    @tf.custom_gradient
    def with_gradient(logits):
        loss, *parts = tf.numpy_function(
            ctc_numba.losses,
            (logits, labels, frames, feasible, *settings),
            4 * (logits.dtype,),
            stateful=False,
        )
        loss.set_shape(logits.shape[:1])

        def gradient(upstream):
            result = tf.numpy_function(
                ctc_numba.gradient,
                (logits, labels, frames, *parts, upstream, *settings),
                logits.dtype,
                stateful=False,
            )
            result.set_shape(logits.shape)
            return result

        return loss, gradient

    return with_gradient(logits)


def _num_threads():
    """Returns as many as TensorFlow may take for an operation."""
    return tf.config.threading.get_intra_op_parallelism_threads() or os.cpu_count()
