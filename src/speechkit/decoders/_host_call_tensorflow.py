"""Calls of the host from eager mode and from the graphs of TensorFlow."""

import tensorflow as tf
from tensorflow.python.ops import control_flow_util

from speechkit.decoders import _host_call


def call_host(function, logits, mask):
    """Returns the labels `(batch, frames)` and scores `(batch,)` that a function finds.

    Args:
        function: Takes both as arrays.
        logits: `(batch, frames, classes)`.
        mask: `(batch, frames)`.

    Raises:
        ValueError: If XLA is to compile the call.
    """
    if tf.executing_eagerly():
        return _host_call.call_host(function, logits, mask)  # errors as they are
    graph = tf.compat.v1.get_default_graph()
    if control_flow_util.GraphOrParentsInXlaContext(graph):
        raise ValueError(
            "XLA cannot compile a decoder that searches on the host: compile the model "
            "with jit_compile=False, or take CTCGreedyDecoder or CTCPrefixBeamSearch"
        )
    labels, scores = tf.numpy_function(
        function, [logits, mask], [tf.int32, tf.float32], stateful=False
    )
    labels.set_shape(logits.shape[:2])
    scores.set_shape(logits.shape[:1])
    return labels, scores
