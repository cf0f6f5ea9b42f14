"""Warnings from within the graphs of TensorFlow."""

import tensorflow as tf

from speechkit.ops.runtime import choosing_tensorflow


def can_warn():
    """Returns whether a graph is traced now that can warn: XLA calls no function."""
    return not (tf.executing_eagerly() or choosing_tensorflow.is_for_xla())


def warn_where(condition, function, tensors):
    """Calls a function where a condition is true, when a graph that can warn runs.

    Args:
        condition: A boolean tensor of no axes.
        function: Takes the tensors as arrays and returns nothing.
        tensors: What it takes.
    """

    def called(*arrays):
        function(*arrays)
        return True

    tf.cond(
        condition,
        lambda: tf.numpy_function(called, tensors, tf.bool),
        lambda: tf.constant(False),
    )
