"""The loop back over time of the gradients of all recurrences on TensorFlow.

It goes part by part, and block by block within. The gradients of the gates are large:
no more of them than those of one part are in memory twice.
"""

import tensorflow as tf

from speechkit.ops.recurrence.graph import loop_tensorflow as recurrence
from speechkit.ops.recurrence.graph import tensor_lists_tensorflow as tensor_lists
from speechkit.ops.recurrence.graph.loop_tensorflow import BLOCK
from speechkit.ops.runtime import sequences_tensorflow as sequences


def scan_backwards(
    step,
    factors_of,
    given,
    sources,
    inputs,
    states,
    kept,
    widths,
    products_differ=False,
):
    """Runs a step over all frames from the last to the first.

    Args:
        step: Takes a list of gradients of states and a list of one frame of each
            factor. Returns those for the frame before, the gradient of the gates, and,
            where it differs, that of the product of state and kernel.
        factors_of: Takes a list of blocks of the gradients that are given, one of the
            states and the states a frame earlier, and blocks of what was kept. Returns
            a list of `(BLOCK, batch, features)`.
        given: Gradients of the sequences of states, `(frames, batch, units)`.
        sources: What the gates were computed from; see `loop_tensorflow.gates_of`.
        inputs: The kernel, the dropout mask, and the states before the first frame.
        states: The states after each frame; where something was kept, of whole parts.
        kept: Lists of blocks that `loop_tensorflow.scan` kept, with `widths` features.
        widths: As for `loop_tensorflow.scan`.
        products_differ: Whether `step` returns the gradient of the product.

    Returns:
        The gradients of the states before the first frame, of the sources, and of the
        kernel; and the sum of those of the products, if they differ.
    """
    kernel, dropout_mask, *initials = inputs
    initial = initials[0]
    states = recurrence.whole(states)
    num_parts, num_blocks = recurrence.parts_of(sequences.sizes_of(states)[0])
    length = num_blocks * BLOCK

    def in_parts(sequence):
        return sequences.divided(recurrence.whole(sequence), num_parts, length)

    parts = [*map(in_parts, given), sequences.divided(states, num_parts, length)]
    values = in_parts(sources[0])
    biases = [kernel[0]] if products_differ else []
    grad_weights = [tf.zeros_like(x) for x in (*sources[1:], kernel, *biases)]
    # Gates are as many as the biases, or given as they are.
    shape = (length, initial.shape[0], sources[-1].shape[-1])
    grad_gates = tensor_lists.empty(shape, num_parts, initial.dtype)

    def turn(count, gradients, kept, grad_weights, grad_gates):
        part = num_parts - 1 - count
        pieces = [x[part] for x in parts]
        before = tf.maximum(part * length - 1, 0)
        before = tf.where(part > 0, states[before], initial)
        pieces.append(recurrence.earlier(pieces[-1], before))
        features = [shape[2], *(x.shape[0] for x in biases)]
        gradients, kept, collected = _scan_part(
            step, factors_of, gradients, pieces, kept, widths, features
        )
        grad_part, grad_products = collected[0], collected[-1]
        terms = []
        if len(sources) > 1:
            terms = [
                sequences.product_of_frames(values[part], grad_part),
                _sum(grad_part),
            ]
        hidden = sequences.dropped(pieces[-1], dropout_mask)
        terms += [
            sequences.product_of_frames(hidden, grad_products),
            *map(_sum, collected[1:]),
        ]
        grad_weights = [x + y for x, y in zip(grad_weights, terms, strict=True)]
        grad_gates = tensor_lists.push(grad_gates, grad_part)
        return count + 1, gradients, kept, grad_weights, grad_gates

    zeros = [tf.zeros_like(state) for state in initials]
    _, gradients, _, grad_weights, grad_gates = tf.while_loop(
        lambda count, *_: count < num_parts,
        turn,
        (0, zeros, list(kept), grad_weights, grad_gates),
        parallel_iterations=1,
    )
    grad_values = _gradient_of_values(
        grad_gates, shape, num_parts, initial.dtype, *sources[1:2]
    )
    grad_values = grad_values[: tf.shape(sources[0])[0]]
    count = len(sources) - 1
    return gradients, (grad_values, *grad_weights[:count]), *grad_weights[count:]


def _scan_part(step, factors_of, gradients, pieces, kept, widths, num_features):
    """Returns gradients before a part, the lists, and other results of the steps."""
    batch, dtype = gradients[0].shape[0], gradients[0].dtype
    num_blocks = sequences.sizes_of(pieces[0])[0] // BLOCK
    blocks = [sequences.divided(x, num_blocks, BLOCK) for x in pieces]
    shapes = [(BLOCK, batch, width) for width in widths]
    arrays = [
        tf.TensorArray(dtype, num_blocks * BLOCK, element_shape=(batch, width))
        for width in num_features
    ]

    def turn(count, gradients, kept, arrays):
        block = num_blocks - 1 - count
        pairs = zip(kept, shapes, strict=True)
        popped = [tensor_lists.pop(handle, shape, dtype) for handle, shape in pairs]
        *given, states, before = [x[block] for x in blocks]
        factors = factors_of(given, [states, before], *[x for _, x in popped])
        frames = zip(*(tf.unstack(x, BLOCK) for x in factors), strict=True)
        for place, frame in reversed(list(enumerate(frames))):
            gradients, *outputs = step(gradients, frame)
            pairs = zip(arrays, outputs, strict=True)
            arrays = [array.write(block * BLOCK + place, x) for array, x in pairs]
        return count + 1, gradients, [handle for handle, _ in popped], arrays

    _, gradients, kept, arrays = tf.while_loop(
        lambda count, *_: count < num_blocks,
        turn,
        (0, gradients, kept, arrays),
        parallel_iterations=1,
    )
    return gradients, kept, [array.stack() for array in arrays]


def _gradient_of_values(grad_gates, shape, num_parts, dtype, kernel=None):
    """Returns the gradient of gates, or of the values that `kernel` made gates of.

    It is a loop of its own, which TensorFlow leaves out where nothing needs it.
    """
    length, batch, width = shape
    if kernel is not None:
        width, _ = sequences.sizes_of(kernel)
    grad_values = tensor_lists.empty((length, batch, width), num_parts, dtype)

    def turn(count, grad_gates, grad_values):
        # The part that was put in last is the first.
        grad_gates, grad_part = tensor_lists.pop(grad_gates, shape, dtype)
        if kernel is not None:
            rows = tf.reshape(grad_part, (-1, grad_part.shape[2]))
            rows = tf.matmul(rows, kernel, transpose_b=True)
            grad_part = tf.reshape(rows, (length, -1, width))
        return count + 1, grad_gates, tensor_lists.push(grad_values, grad_part)

    *_, grad_values = tf.while_loop(
        lambda count, *_: count < num_parts,
        turn,
        (0, grad_gates, grad_values),
        parallel_iterations=1,
    )
    return tensor_lists.joined(grad_values, (length, batch, width), dtype)


def _sum(gradients):
    """Returns the gradient of a bias that was added to all products."""
    return tf.reduce_sum(gradients, axis=(0, 1))
