"""How a TensorFlow graph calls functions over NumPy arrays.

The call goes through Python, so it serves training on a processor only: XLA cannot
compile it, a file cannot hold it, and a GPU would have to copy its tensors.
"""

import os

import tensorflow as tf


def call(function, arguments, shapes, dtype):
    """Returns the results of a function as a list of tensors.

    Args:
        function: Takes the arguments as arrays, then the number of threads it may use.
            Returns one array or several.
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
    """Returns the number of threads that TensorFlow may use for one operation."""
    chosen = tf.config.threading.get_intra_op_parallelism_threads()
    return chosen or os.cpu_count() or 1
