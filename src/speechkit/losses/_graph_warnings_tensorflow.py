"""Warnings from within the graphs of TensorFlow."""

import tensorflow as tf

from speechkit.ops.runtime import choosing_tensorflow


def warn_where(condition, function, tensors):
    """Calls a function where a condition is true, when the graph runs.

    XLA cannot call it, so nothing is said there.

    Args:
        condition: A boolean tensor of no axes.
        function: Takes the tensors as arrays and returns nothing.
        tensors: What it takes.
    """
    if tf.executing_eagerly() or choosing_tensorflow.is_for_xla():
        return

    def called(*arrays):
        function(*arrays)
        return True

    tf.cond(
        condition,
        lambda: tf.numpy_function(called, tensors, tf.bool),
        lambda: tf.constant(False),
    )
