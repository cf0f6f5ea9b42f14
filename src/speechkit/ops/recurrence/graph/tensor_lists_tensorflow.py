"""Lists of tensors that a loop fills and another empties from the end.

Unlike an array, a list gives the memory of a tensor back as soon as it is taken off.
XLA knows lists, too. A shape has tensors or `None` for what is not known of it.
"""

import tensorflow as tf


def empty(shape, most, dtype):
    """Returns a list for so many tensors at most."""
    return tf.raw_ops.EmptyTensorList(
        element_shape=_known(shape), max_num_elements=most, element_dtype=dtype
    )


def push(handle, values):
    """Returns a list with one tensor more."""
    return tf.raw_ops.TensorListPushBack(input_handle=handle, tensor=values)


def pop(handle, shape, dtype):
    """Returns a list without its last tensor, and that tensor."""
    handle, values = tf.raw_ops.TensorListPopBack(
        input_handle=handle, element_shape=_known(shape), element_dtype=dtype
    )
    return handle, tf.ensure_shape(values, [_static(size) for size in shape])


def joined(handle, shape, dtype):
    """Returns all tensors, one after the other on the first axis."""
    values = tf.raw_ops.TensorListStack(
        input_handle=handle, element_shape=_known(shape), element_dtype=dtype
    )
    count, length, *rest = tf.unstack(tf.shape(values))
    values = tf.reshape(values, (count * length, *rest))
    return tf.ensure_shape(values, [None, *map(_static, shape[1:])])


def _known(shape):
    return [-1 if size is None else size for size in shape]


def _static(size):
    return size if isinstance(size, int) else None
