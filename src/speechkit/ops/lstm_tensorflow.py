"""The long short-term memory on TensorFlow, with a gradient written out by hand."""

import functools

import tensorflow as tf

from speechkit.ops import recurrence_tensorflow as recurrence


def lstm(gates, kernel, state, carry, dropout_mask, keep):
    """Returns states and carries; `recurrence.lstm` has the arguments."""
    fixed = state.shape[1], dropout_mask
    return recurrence.differentiated(
        functools.partial(_forward, *fixed),
        functools.partial(_backward, *fixed),
        (gates, kernel, state, carry),
        num_outputs=2,
        keep=keep,
    )


@recurrence.compiled
def _forward(units, dropout_mask, gates, kernel, state, carry, keep):
    """Returns states, carries, and if kept, i and f, candidates, and o."""
    # Two products run side by side, and faster than one of twice the width.
    first, second = tf.split(kernel, 2, axis=1)

    def step(states, frames):
        (state, carry), (frame,) = states, frames
        hidden = recurrence.dropped(state, dropout_mask)
        of_first, of_second = tf.split(frame, 2, axis=1)
        opened = tf.sigmoid(of_first + tf.matmul(hidden, first))
        enter, forget = tf.split(opened, 2, axis=1)
        of_second += tf.matmul(hidden, second)
        candidate, leave = tf.split(of_second, 2, axis=1)
        candidate, leave = tf.tanh(candidate), tf.sigmoid(leave)
        carry = forget * carry + enter * candidate
        state = leave * tf.tanh(carry)
        kept = [opened, candidate, leave] if keep else []
        return [state, carry], [state, carry, *kept]

    widths = [units, units, *([2 * units, units, units] if keep else [])]
    gates = recurrence.whole_blocks(gates)
    return recurrence.scan(step, [state, carry], [gates], widths)[1]


@recurrence.compiled
def _backward(
    units,
    dropout_mask,
    of_states,
    of_carries,
    kernel,
    state,
    carry,
    states,
    carries,
    opened,
    candidates,
    leave,
):
    """Returns the gradients of gates, kernel, state and carry."""
    frames = tf.shape(of_states)[0]
    enter, forget = tf.split(opened, 2, axis=2)
    squashed = tf.tanh(carries)
    # What the gradients of carry and state are multiplied by to give others.
    to_carry = leave * (1 - tf.square(squashed))
    to_gates = [
        candidates * enter * (1 - enter),
        recurrence.earlier(carries, carry) * forget * (1 - forget),
        enter * (1 - tf.square(candidates)),
        squashed * leave * (1 - leave),
    ]
    kernels = tf.split(tf.transpose(kernel), 4, axis=0)

    def step(gradients, factors):
        to_state, to_carries, to_carry, forget, *factors = factors
        of_state = gradients[0] + to_state
        of_carry = gradients[1] + to_carries + of_state * to_carry
        sources = [of_carry, of_carry, of_carry, of_state]
        triples = zip(sources, factors, kernels, strict=True)
        through = tf.add_n([tf.matmul(s * f, k) for s, f, k in triples])
        through = recurrence.dropped(through, dropout_mask)
        return [through, of_carry * forget], [of_state, of_carry]

    upstream = [recurrence.whole_blocks(x) for x in (of_states, of_carries)]
    before, (of_state, of_carry) = recurrence.scan(
        step,
        [tf.zeros_like(state), tf.zeros_like(carry)],
        [*upstream, to_carry, forget, *to_gates],
        [units, units],
        backwards=True,
    )
    sources = [of_carry, of_carry, of_carry, of_state]
    of_inputs = tf.concat(
        [s * f for s, f in zip(sources, to_gates, strict=True)], axis=2
    )
    hidden = recurrence.dropped(recurrence.earlier(states, state), dropout_mask)
    of_kernel = recurrence.kernel_gradient(hidden, of_inputs)
    return of_inputs[:frames], of_kernel, *before
