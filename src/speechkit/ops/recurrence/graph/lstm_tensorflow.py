"""The long short-term memory on TensorFlow, with a gradient written out by hand."""

import functools

import tensorflow as tf

from speechkit.ops.recurrence.graph import loop_tensorflow as recurrence
from speechkit.ops.recurrence.graph.gradient_loop_tensorflow import scan_backwards
from speechkit.ops.runtime.sequences_tensorflow import dropped


def lstm(gates, kernel, state, carry, dropout_mask, keep, with_carries=True):
    """Returns states and carries; `recurrence.lstm` has the arguments."""
    units = state.shape[1]
    return recurrence.differentiated(
        functools.partial(_forward, units, dropout_mask, 1 + with_carries),
        functools.partial(_backward, units, dropout_mask, 1 + with_carries),
        gates,
        (kernel, state, carry),
        num_sequences=1 + with_carries,
        keep=keep,
    )


@recurrence.compiled
def _forward(units, dropout_mask, num_sequences, gates, kernel, state, carry, keep):
    """Returns states, carries, and if kept, i and f, candidates, o, earlier carries."""
    # Two products run side by side, and faster than one of twice the width.
    first, second = tf.split(kernel, 2, axis=1)

    def step(states, frame):
        state, before = states
        hidden = dropped(state, dropout_mask)
        first_gates, second_gates = tf.split(frame, 2, axis=1)
        opened = tf.sigmoid(first_gates + tf.matmul(hidden, first))
        enter, forget = tf.split(opened, 2, axis=1)
        second_gates += tf.matmul(hidden, second)
        candidate, leave = tf.split(second_gates, 2, axis=1)
        candidate, leave = tf.tanh(candidate), tf.sigmoid(leave)
        carry = forget * before + enter * candidate
        state = leave * tf.tanh(carry)
        return [state, carry], [opened, candidate, leave, before] if keep else []

    widths = _kept_widths(units) if keep else []
    return recurrence.scan(step, [state, carry], gates, widths, kernel, num_sequences)


def _kept_widths(units):
    return [2 * units, units, units, units]


@recurrence.compiled
def _backward(units, dropout_mask, num_sequences, *tensors):
    """Returns the gradients of the sources, and of kernel, state and carry."""
    given, tensors = tensors[:num_sequences], tensors[num_sequences:]
    sources, kernel, state, carry, states, *kept = tensors
    kept = kept[num_sequences - 1 :]  # after the carries
    kernels = tf.split(tf.transpose(kernel), 4, axis=0)

    def factors_of(given, _, opened, candidates, leave, before):
        """Returns the factors of the gradients of carry and state."""
        enter, forget = tf.split(opened, 2, axis=2)
        squashed = tf.tanh(forget * before + enter * candidates)
        return [
            leave * (1 - tf.square(squashed)),
            forget,
            candidates * enter * (1 - enter),
            before * forget * (1 - forget),
            enter * (1 - tf.square(candidates)),
            squashed * leave * (1 - leave),
            *given,
        ]

    def step(gradients, factors):
        to_carry, forget, *factors = factors
        factors, (to_state, *to_carries) = factors[:4], factors[4:]
        grad_state = gradients[0] + to_state
        grad_carry = gradients[1] + grad_state * to_carry
        if to_carries:
            grad_carry += to_carries[0]
        origins = [grad_carry, grad_carry, grad_carry, grad_state]
        parts = [x * factor for x, factor in zip(origins, factors, strict=True)]
        # Small products run side by side, and faster than a large one.
        pairs = zip(parts, kernels, strict=True)
        through = tf.add_n([tf.matmul(part, kernel) for part, kernel in pairs])
        through = dropped(through, dropout_mask)
        return [through, grad_carry * forget], tf.concat(parts, axis=1)

    before, grad_sources, grad_kernel = scan_backwards(
        step,
        factors_of,
        given,
        sources,
        (kernel, dropout_mask, state, carry),
        states,
        kept,
        _kept_widths(units),
    )
    return grad_sources, grad_kernel, *before
