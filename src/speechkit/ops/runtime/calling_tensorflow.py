"""Where functions of the host, compiled by Numba, stand in for a graph of operations.

They take a fraction of the time of many small operations. A graph calls them through
Python, so they are for training on a processor: XLA cannot compile the call, a file
cannot hold it, and from a GPU the tensors would have to be fetched.
"""

import os

import tensorflow as tf


def call(function, arguments, shapes, dtype):
    """Returns what a function of the host returns: tensors of one type.

    Args:
        function: Takes the arguments, and then how many threads it may use.
        arguments: Tensors and numbers.
        shapes: Shapes of the results, as far as they are known.
        dtype: Type of all results.
    """
    arguments = [tf.convert_to_tensor(x) for x in (*arguments, num_threads())]
    results = tf.nest.flatten(  # one alone comes without a list
        tf.numpy_function(function, arguments, [dtype] * len(shapes), stateful=False)
    )
    for result, shape in zip(results, shapes, strict=True):
        result.set_shape(shape)
    return results


def num_threads() -> int:
    """Returns as many as TensorFlow may take for an operation."""
    chosen = tf.config.threading.get_intra_op_parallelism_threads()
    return chosen or os.cpu_count() or 1
