"""Recurrences that keep nothing for a gradient: in a loop, in several, or in none.

A TFLite interpreter copies all that a loop carries in each of its turns, so a loop of
many turns should carry few frames. And its delegate has a copy of the weights of each
product that it sees, so ten unrolled steps read ten times the weights, from further
away. TensorFlow does neither, and needs one loop only.
"""

import tensorflow as tf

from speechkit.ops.runtime import sequences_tensorflow as sequences

# Ten copies of so many weights fit into a cache near the processor.
_MOST_UNROLLED_WEIGHTS = 2**15


def nested_sizes(kernel):
    """Returns `sizes` of `scan_in_loops` for TFLite, of steps with this kernel."""
    is_large = kernel.shape.num_elements() > _MOST_UNROLLED_WEIGHTS
    return [100, 10, 1] if is_large else [100, 10]


def scan_in_loops(step, states, gates, num_sequences, sizes):
    """Runs a step over any number of frames.

    `loop_tensorflow.scan` tells more. A turn of the loops takes as many frames as
    the sizes say, from the outer loop inwards.

    Returns:
        List of the states after each frame, `(frames, batch, units)`.
    """
    frames = tf.shape(gates)[0]
    num_parts = sequences.count_of(sequences.sizes_of(gates)[0], sizes[0])
    gates = sequences.padded(gates, num_parts * sizes[0])
    _, outputs = _loop(step, states, gates, num_sequences, sizes, frames)
    return [output[:frames] for output in outputs]


def _loop(step, states, gates, num_sequences, sizes, num_needed):
    """Loops over parts of the first of the sizes, and in each of them over the next.

    Returns the states after the last turn, and those after each frame. Parts after the
    first `num_needed` frames are left out, but for one.
    """
    size, *inner_sizes = sizes
    batch = states[0].shape[0]
    num_parts = tf.shape(gates)[0] // size
    parts = sequences.divided(gates, num_parts, size)
    shapes = [(size, *state.shape) for state in states[:num_sequences]]
    arrays = [
        tf.TensorArray(gates.dtype, num_parts, element_shape=shape) for shape in shapes
    ]
    if batch == 1:  # as in a file
        # The converter would write empty arrays out. What fills them here is replaced.
        pairs = zip(arrays, shapes, strict=True)
        arrays = [array.unstack(parts[..., : shape[2]]) for array, shape in pairs]
    num_turns = tf.minimum(num_parts, sequences.count_of(num_needed, size))

    def turn(count, states, arrays):
        # The interpreter copies what is gathered as a whole, and a slice one by one.
        part = tf.gather(parts, count)
        if inner_sizes:
            left = num_needed - count * size
            states, outputs = _loop(
                step, states, part, num_sequences, inner_sizes, left
            )
        else:
            states, outputs = _unrolled(step, states, part, num_sequences)
        pairs = zip(arrays, outputs, strict=True)
        return count + 1, states, [array.write(count, x) for array, x in pairs]

    _, states, arrays = tf.while_loop(
        lambda count, *_: count < num_turns,
        turn,
        (0, states, arrays),
        parallel_iterations=1,
    )
    return states, [
        tf.reshape(array.stack(), (num_parts * size, batch or -1, shape[2]))
        for array, shape in zip(arrays, shapes, strict=True)
    ]


def scan_unrolled(step, states, gates, num_sequences):
    """Runs a step over a known number of frames, without a loop.

    Returns:
        List of the states after each frame, `(frames, batch, units)`.
    """
    if gates.shape[0]:
        return _unrolled(step, states, gates, num_sequences)[1]
    return [state[None][:0] for state in states[:num_sequences]]


def _unrolled(step, states, gates, num_sequences):
    rows = []
    for frame in tf.unstack(gates):
        states, _ = step(states, frame)
        rows.append(states[:num_sequences])
    return states, [tf.stack(values) for values in zip(*rows, strict=True)]
