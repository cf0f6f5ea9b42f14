"""Sequences with time first, in blocks of as many frames as a loop takes at once."""

import tensorflow as tf


def sizes_of(sequence):
    """Returns the shape of a sequence: numbers, where they are known, and tensors."""
    pairs = zip(sequence.shape, tf.unstack(tf.shape(sequence)), strict=True)
    return [tensor if size is None else size for size, tensor in pairs]


def count_of(frames, size):
    """Returns how many blocks of a size hold so many frames: one at least."""
    at_least = max if isinstance(frames, int) else tf.maximum
    # Not -(-frames // size): ONNX rounds quotients below zero up.
    return at_least(1, (frames + size - 1) // size)


def padded(sequence, length):
    """Returns a sequence with zeros after it, up to a length."""
    missing = length - sizes_of(sequence)[0]
    if isinstance(missing, int) and missing == 0:
        return sequence
    return tf.pad(sequence, [[0, missing], [0, 0], [0, 0]])


def divided(sequence, count, size):
    """Returns the blocks of a sequence, `(count, size, batch, features)`."""
    return tf.reshape(sequence, (count, size, *sizes_of(sequence)[1:]))


def dropped(state, dropout_mask):
    """Returns a state, or its gradient, after dropout."""
    return state if dropout_mask is None else state * dropout_mask


def product_of_frames(states, gradients):
    """Returns the gradient of a kernel that all states were multiplied by."""
    flat = [tf.reshape(x, (-1, sizes_of(x)[2])) for x in (states, gradients)]
    return tf.matmul(*flat, transpose_a=True)
