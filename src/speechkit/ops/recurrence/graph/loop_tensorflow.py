"""The loop over time of all recurrences on TensorFlow, and what they share."""

import functools

import tensorflow as tf

from speechkit.ops.recurrence.graph import file_loops_tensorflow as forward_scans
from speechkit.ops.recurrence.graph import tensor_lists_tensorflow as tensor_lists
from speechkit.ops.runtime import choosing
from speechkit.ops.runtime import sequences_tensorflow as sequences

# So many frames are computed in one turn of the loop. One turn costs as much as several
# products, and more frames make a larger graph that is no faster.
BLOCK = 10

# So many blocks at most make a part: a gradient multiplies its frames at once.
MOST_BLOCKS = 10


def compiled(function):
    """Compiles a function for eager calls; a graph takes what it does as it is.

    Calls with other numbers, such as of units, have another graph, in which the shapes
    that depend on these numbers are known.
    """
    in_graph = tf.function(function, autograph=False, reduce_retracing=True)

    @functools.wraps(function)
    def call(*args):
        # Within a graph, shapes that are known must not be forgotten by a call.
        return (in_graph if tf.executing_eagerly() else function)(*args)

    return call


def differentiated(forward, backward, gates, inputs, num_sequences, keep=True):
    """Returns the states of a recurrence whose gradient is written out by hand.

    Args:
        forward: Takes the gates, the inputs and whether to keep what the gradient
            needs. Returns the sequences of states, and what is kept.
        backward: Takes the gradients of the states, a tuple of what the gates are
            computed from, the inputs, and all that `forward` returns if it keeps.
            Returns the gradients of that tuple, and then those of the inputs.
        gates: `(frames, batch, features)`, or a tuple as `recurrence.Product` is.
        inputs: Tuple of what else has a gradient.
        num_sequences: How many sequences of states there are.
        keep: Whether to keep. If not, the gradient runs `forward` once more.

    Returns:
        List of `(frames, batch, units)`.
    """
    sources = gates if isinstance(gates, tuple) else (gates,)
    count = len(sources)

    def states_of(results):
        frames = tf.shape(sources[0])[0]
        return [sequence[:frames] for sequence in results[:num_sequences]]

    # A file has no gradient, whose graph would be most of what is written.
    if not choosing.is_traced_as("loop"):
        tensors = [tf.convert_to_tensor(x) for x in (*sources, *inputs)]
        results = forward(gates_of(tensors[:count]), *tensors[count:], False)
        return states_of(results)

    @tf.custom_gradient
    def with_gradient(*tensors):
        # An eager tape would record what is never differentiated.
        tensors = tuple(tf.stop_gradient(tensor) for tensor in tensors)
        sources, rest = tensors[:count], tensors[count:]
        results = forward(gates_of(sources), *rest, keep)

        def gradient(*upstream):
            inner = results if keep else forward(gates_of(sources), *rest, True)
            grad_sources, *grad_inputs = backward(*upstream, sources, *rest, *inner)
            return *grad_sources, *grad_inputs

        return states_of(results), gradient

    return with_gradient(*sources, *inputs)


def gates_of(sources):
    """Returns gates `(frames, batch, features)`, which are given or a product."""
    if len(sources) == 1:
        return sources[0]
    values, kernel, bias = sources
    frames, batch, features = sequences.sizes_of(values)
    product = tf.matmul(tf.reshape(values, (-1, features)), kernel) + bias
    return tf.reshape(product, (frames, batch, kernel.shape[1]))


def scan(step, states, gates, widths, kernel, num_sequences):
    """Runs a step over all frames.

    Args:
        step: Takes a list of states and a frame of the gates. Returns the new states
            and what of this frame is to be kept.
        states: List of `(batch, units)`, the states before the first frame.
        gates: `(frames, batch, features)`.
        widths: Number of features of all that is kept.
        kernel: What a step multiplies states by.
        num_sequences: How many of the states are to be returned.

    Returns:
        List of these states after each frame, `(frames, batch, units)`, and then of the
        lists of blocks of what is kept; if something is, to the end of a part.
    """
    if choosing.is_traced_as("unrolled"):
        return forward_scans.scan_unrolled(step, states, gates, num_sequences)
    if not widths:
        is_nested = choosing.is_traced_as("nested") or choosing.is_traced_as("fused")
        sizes = forward_scans.nested_sizes(kernel) if is_nested else [BLOCK]
        return forward_scans.scan_in_loops(step, states, gates, num_sequences, sizes)
    gates = whole(gates)
    num_blocks = sequences.sizes_of(gates)[0] // BLOCK
    blocks = sequences.divided(gates, num_blocks, BLOCK)
    batch, dtype = states[0].shape[0], states[0].dtype
    units = [state.shape[1] for state in states[:num_sequences]]
    shapes = [(BLOCK, batch, width) for width in (*units, *widths)]
    lists = [tensor_lists.empty(shape, num_blocks, dtype) for shape in shapes]

    def turn(count, states, lists):
        rows = []
        for frame in tf.unstack(blocks[count], BLOCK):
            states, kept = step(states, frame)
            rows.append([*states[:num_sequences], *kept])
        pairs = zip(lists, map(tf.stack, zip(*rows, strict=True)), strict=True)
        lists = [tensor_lists.push(handle, values) for handle, values in pairs]
        return count + 1, states, lists

    *_, lists = tf.while_loop(
        lambda count, *_: count < num_blocks,
        turn,
        (0, states, lists),
        parallel_iterations=1,
    )
    joined = [
        tensor_lists.joined(handle, shape, dtype)
        for handle, shape in zip(lists, shapes[:num_sequences], strict=False)
    ]
    return [*joined, *lists[num_sequences:]]


def parts_of(frames):
    """Returns in how many parts so many frames are divided, and the blocks of each."""
    num_blocks = sequences.count_of(frames, BLOCK)
    num_parts = sequences.count_of(num_blocks, MOST_BLOCKS)
    return num_parts, sequences.count_of(num_blocks, num_parts)


def whole(sequence):
    """Returns a sequence with zeros after it, up to the end of its last part."""
    num_parts, num_blocks = parts_of(sequences.sizes_of(sequence)[0])
    return sequences.padded(sequence, num_parts * num_blocks * BLOCK)


def earlier(states, initial):
    """Returns the state before each frame, given those after each."""
    return tf.concat([initial[None], states[:-1]], axis=0)


def reverse_clips(values, lengths):
    """Returns the clips reversed; `recurrence.reverse_clips` has the arguments."""
    return tf.reverse_sequence(values, lengths, seq_axis=1, batch_axis=0)
