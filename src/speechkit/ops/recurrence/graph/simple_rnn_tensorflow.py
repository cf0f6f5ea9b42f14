"""The plain recurrence on TensorFlow, with a gradient written out by hand."""

import functools

import tensorflow as tf

from speechkit.ops.recurrence.clipping import MOST
from speechkit.ops.recurrence.graph import loop_tensorflow as recurrence
from speechkit.ops.recurrence.graph.gradient_loop_tensorflow import scan_backwards
from speechkit.ops.runtime import choosing_tensorflow
from speechkit.ops.runtime.sequences_tensorflow import dropped


def simple_rnn(gates, kernel, state, activation, dropout_mask, keep=True):
    """Returns the states; `recurrence.simple_rnn` has the arguments."""
    del keep  # nothing but the states
    units = state.shape[1]
    (states,) = recurrence.differentiated(
        functools.partial(_forward, units, activation, dropout_mask),
        functools.partial(_backward, units, activation, dropout_mask),
        gates,
        (kernel, state),
        num_sequences=1,
    )
    return states


@recurrence.compiled
def _forward(units, activation, dropout_mask, gates, kernel, state, keep):
    del units, keep  # the gradient needs no more than the states

    def step(states, frame):
        hidden = dropped(states[0], dropout_mask)
        state = frame + tf.matmul(hidden, kernel)
        return [tf.tanh(state) if activation == "tanh" else _clipped(state)], []

    return recurrence.scan(step, [state], gates, [], kernel, 1)


@recurrence.compiled
def _backward(
    units, activation, dropout_mask, upstream, sources, kernel, state, states
):
    """Returns the gradients of the sources, and of kernel and state."""
    del units
    transposed = tf.transpose(kernel)

    def factors_of(given, sequences):
        states, _ = sequences
        if activation == "tanh":
            return [*given, 1 - tf.square(states)]
        return [*given, (states <= 0) | (states >= MOST)]

    def step(gradients, factors):
        given, slope_or_is_clipped = factors
        gradient = gradients[0] + given
        if activation == "tanh":
            gradient *= slope_or_is_clipped
        else:
            # Not a product: NaN of later frames ends at a clipped unit.
            zeros = tf.zeros_like(gradient)
            gradient = tf.where(slope_or_is_clipped, zeros, gradient)
        before = dropped(tf.matmul(gradient, transposed), dropout_mask)
        return [before], gradient

    (grad_state,), grad_sources, grad_kernel = scan_backwards(
        step,
        factors_of,
        [upstream],
        sources,
        (kernel, dropout_mask, state),
        states,
        kept=[],
        widths=[],
    )
    return grad_sources, grad_kernel, grad_state


def _clipped(values):
    clipped = tf.minimum(tf.nn.relu(values), MOST)
    if choosing_tensorflow.is_for_xla():
        # The minimum and maximum of some versions of XLA lose NaN.
        return tf.where(tf.math.is_nan(values), values, clipped)
    return clipped
