"""The loop over time of all recurrences on TensorFlow, and what they share."""

import contextlib
import contextvars
import functools

import tensorflow as tf

# So many frames are computed in one turn of the loop. One turn costs as much as several
# products, and more frames make a larger graph that is no faster.
BLOCK = 10

_FORM = contextvars.ContextVar("form", default="loop")


def compiled(function):
    """Compiles a function for eager calls; a graph takes what it does as it is."""
    in_graph = tf.function(function, autograph=False, reduce_retracing=True)

    @functools.wraps(function)
    def call(*args):
        # Within a graph, shapes that are known must not be forgotten by a call.
        return (in_graph if tf.executing_eagerly() else function)(*args)

    return call


def differentiated(forward, backward, inputs, num_outputs, keep=True):
    """Returns the outputs of a recurrence whose gradient is written out by hand.

    Args:
        forward: Takes the inputs and whether to keep what the gradient needs. Returns
            sequences of whole blocks: the outputs, then what is kept.
        backward: Takes the gradients of the outputs, all inputs but the gates, and all
            that `forward` returns if it keeps. Returns the gradients of the inputs.
        inputs: The gates `(frames, batch, features)`, and what else has a gradient.
        num_outputs: How many of the sequences are outputs.
        keep: Whether to keep. If not, the gradient runs `forward` once more.

    Returns:
        List of `(frames, batch, units)`.
    """

    @tf.custom_gradient
    def with_gradient(*inputs):
        # An eager tape would record what is never differentiated.
        inputs = tuple(tf.stop_gradient(tensor) for tensor in inputs)
        sequences = forward(*inputs, keep)

        def gradient(*upstream):
            inner = sequences if keep else forward(*inputs, True)
            return backward(*upstream, *inputs[1:], *inner)

        frames = tf.shape(inputs[0])[0]
        return [sequence[:frames] for sequence in sequences[:num_outputs]], gradient

    return with_gradient(*inputs)


@contextlib.contextmanager
def traced_as(form):
    """Within it, graphs are traced whose recurrences have a form.

    Args:
        form: `"loop"`; `"unrolled"`, one step after the other, for graphs of few frames
            that are to run where loops are slow or wrong; or `"fused"`, with a long
            short-term memory as TFLite's converter makes one operator of it.
    """
    token = _FORM.set(form)
    try:
        yield
    finally:
        _FORM.reset(token)


def is_traced_as(form):
    """Returns whether graphs that are traced now have a form; see `traced_as`."""
    return _FORM.get() == form


def scan(step, states, sequences, widths, backwards=False):
    """Runs a step over all frames, a block of frames in each turn of the loop.

    Args:
        step: Takes a list of states and a list of one frame of each sequence. Returns
            the new states and a list of outputs.
        states: List of `(batch, units)`, the states before the first step.
        sequences: List of `(frames, batch, features)`, as long as each other.
        widths: Number of features of each output of `step`.
        backwards: Whether to begin with the last frame.

    Returns:
        The states after the last step, and a list of `(frames, batch, features)`: the
        outputs in the order of the frames.
    """
    if is_traced_as("unrolled"):
        return _scan_unrolled(step, states, sequences, widths, backwards)
    num_blocks = tf.shape(sequences[0])[0] // BLOCK
    batch = states[0].shape[0]
    blocks = [
        tf.reshape(sequence, (num_blocks, BLOCK, batch or -1, sequence.shape[2]))
        for sequence in sequences
    ]
    arrays = [
        tf.TensorArray(states[0].dtype, num_blocks, element_shape=(BLOCK, batch, width))
        for width in widths
    ]
    order = range(BLOCK)[::-1] if backwards else range(BLOCK)

    def turn(count, states, arrays):
        block = num_blocks - 1 - count if backwards else count
        frames = [tf.unstack(sequence[block], BLOCK) for sequence in blocks]
        outputs: list = [None] * BLOCK
        for index in order:
            states, outputs[index] = step(states, [frame[index] for frame in frames])
        stacked = [tf.stack(values) for values in zip(*outputs, strict=True)]
        arrays = [
            array.write(block, values)
            for array, values in zip(arrays, stacked, strict=True)
        ]
        return count + 1, states, arrays

    _, states, arrays = tf.while_loop(
        lambda count, *_: count < num_blocks,
        turn,
        (0, states, arrays),
        parallel_iterations=1,
    )
    return states, [
        tf.reshape(array.stack(), (num_blocks * BLOCK, batch or -1, width))
        for array, width in zip(arrays, widths, strict=True)
    ]


def _scan_unrolled(step, states, sequences, widths, backwards):
    frames = sequences[0].shape[0]
    outputs: list = [None] * frames
    for index in range(frames)[::-1] if backwards else range(frames):
        states, outputs[index] = step(states, [values[index] for values in sequences])
    if frames:
        return states, [tf.stack(values) for values in zip(*outputs, strict=True)]
    batch, dtype = states[0].shape[0], states[0].dtype
    return states, [tf.zeros((0, batch, width), dtype) for width in widths]


def whole_blocks(sequence):
    """Returns a sequence with zeros after it, up to the end of a block, 1 at least."""
    frames = sequence.shape[0]
    if is_traced_as("unrolled") or (frames and frames % BLOCK == 0):
        return sequence
    frames = tf.shape(sequence)[0]
    missing = tf.maximum(BLOCK, -(-frames // BLOCK) * BLOCK) - frames
    return tf.pad(sequence, [[0, missing], [0, 0], [0, 0]])


def earlier(states, initial):
    """Returns the state before each frame, given those after each."""
    return tf.concat([initial[None], states[:-1]], axis=0)


def kernel_gradient(states, gradients):
    """Returns the gradient of a kernel that all states were multiplied by."""
    states = tf.reshape(states, (-1, states.shape[2]))
    gradients = tf.reshape(gradients, (-1, gradients.shape[2]))
    return tf.matmul(states, gradients, transpose_a=True)


def dropped(state, dropout_mask):
    """Returns what of a state, or of its gradient, dropout leaves."""
    return state if dropout_mask is None else state * dropout_mask


def reverse_clips(values, lengths):
    """Returns the clips reversed; `recurrence.reverse_clips` has the arguments."""
    return tf.reverse_sequence(values, lengths, seq_axis=1, batch_axis=0)
