"""The plain recurrence on TensorFlow, with a gradient written out by hand."""

import functools

import tensorflow as tf

from speechkit.ops import recurrence_tensorflow as recurrence


def simple_rnn(gates, kernel, state, activation, dropout_mask):
    """Returns the states; `recurrence.simple_rnn` has the arguments."""
    fixed = state.shape[1], activation, dropout_mask
    (states,) = recurrence.differentiated(
        functools.partial(_forward, *fixed),
        functools.partial(_backward, *fixed),
        (gates, kernel, state),
        num_outputs=1,
    )
    return states


@recurrence.compiled
def _forward(units, activation, dropout_mask, gates, kernel, state, keep):
    del keep  # the gradient needs no more than the states

    def step(states, frames):
        hidden = recurrence.dropped(states[0], dropout_mask)
        state = frames[0] + tf.matmul(hidden, kernel)
        state = tf.tanh(state) if activation == "tanh" else _clipped(state)
        return [state], [state]

    gates = recurrence.whole_blocks(gates)
    return recurrence.scan(step, [state], [gates], [units])[1]


@recurrence.compiled
def _backward(units, activation, dropout_mask, upstream, kernel, state, states):
    """Returns the gradients of gates, kernel and state."""
    if activation == "tanh":
        slopes = 1 - tf.square(states)
    else:
        slopes = tf.cast((states > 0) & (states < 20), states.dtype)
    transposed = tf.transpose(kernel)

    def step(gradients, factors):
        gradient = (gradients[0] + factors[0]) * factors[1]
        before = recurrence.dropped(tf.matmul(gradient, transposed), dropout_mask)
        return [before], [gradient]

    (of_state,), (gradients,) = recurrence.scan(
        step,
        [tf.zeros_like(state)],
        [recurrence.whole_blocks(upstream), slopes],
        [units],
        backwards=True,
    )
    hidden = recurrence.dropped(recurrence.earlier(states, state), dropout_mask)
    of_kernel = recurrence.kernel_gradient(hidden, gradients)
    return gradients[: tf.shape(upstream)[0]], of_kernel, of_state


def _clipped(values):
    return tf.minimum(tf.nn.relu(values), 20)
