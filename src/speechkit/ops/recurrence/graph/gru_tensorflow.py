"""The gated recurrent unit on TensorFlow, with a gradient written out by hand."""

import functools

import tensorflow as tf

from speechkit.ops.recurrence.graph import loop_tensorflow as recurrence
from speechkit.ops.recurrence.graph.gradient_loop_tensorflow import scan_backwards
from speechkit.ops.runtime.sequences_tensorflow import dropped


def gru(gates, kernel, bias, state, dropout_mask, keep):
    """Returns the states; `recurrence.gru` has the arguments."""
    units = state.shape[1]
    (states,) = recurrence.differentiated(
        functools.partial(_forward, units, dropout_mask),
        functools.partial(_backward, units, dropout_mask),
        gates,
        (kernel, bias, state),
        num_sequences=1,
        keep=keep,
    )
    return states


@recurrence.compiled
def _forward(units, dropout_mask, gates, kernel, bias, state, keep):
    """Returns states, and if kept, z and r, candidates, and what r multiplies."""
    # Two products run side by side, and faster than one of twice the width.
    for_gates, for_candidate = tf.split(kernel, [2 * units, units], axis=1)

    def step(states, frame):
        (state,) = states
        hidden = dropped(state, dropout_mask)
        both, rest = tf.split(frame, [2 * units, units], axis=1)
        opened = tf.sigmoid(both + tf.matmul(hidden, for_gates))
        update, reset = tf.split(opened, 2, axis=1)
        product = tf.matmul(hidden, for_candidate) + bias
        candidate = tf.tanh(rest + reset * product)
        state = candidate + update * (state - candidate)
        return [state], [opened, candidate, product] if keep else []

    widths = _kept_widths(units) if keep else []
    return recurrence.scan(step, [state], gates, widths, kernel, 1)


def _kept_widths(units):
    return [2 * units, units, units]


@recurrence.compiled
def _backward(
    units, dropout_mask, upstream, sources, kernel, bias, state, states, *kept
):
    """Returns the gradients of the sources, and of kernel, bias and state."""
    del bias
    kernels = tf.split(tf.transpose(kernel), 3, axis=0)

    def factors_of(given, sequences, opened, candidates, products):
        """Returns the factors that make other gradients of that of a state."""
        _, before = sequences
        update, reset = tf.split(opened, 2, axis=2)
        to_candidate = (1 - update) * (1 - tf.square(candidates))
        to_update = (before - candidates) * update * (1 - update)
        to_product = to_candidate * reset
        to_reset = to_product * products * (1 - reset)
        return [*given, update, to_update, to_reset, to_product, to_candidate]

    def step(gradients, factors):
        given, remains, *factors = factors
        gradient = gradients[0] + given
        *grad_both, grad_product, grad_candidate = [
            gradient * factor for factor in factors
        ]
        parts = [*grad_both, grad_product]
        # Small products run side by side, and faster than a large one.
        pairs = zip(parts, kernels, strict=True)
        through = tf.add_n([tf.matmul(part, kernel) for part, kernel in pairs])
        through = dropped(through, dropout_mask)
        grad_products = tf.concat(parts, axis=1)
        grad_gates = tf.concat([*grad_both, grad_candidate], axis=1)
        return [through + gradient * remains], grad_gates, grad_products

    (grad_state,), grad_sources, grad_kernel, grad_products = scan_backwards(
        step,
        factors_of,
        [upstream],
        sources,
        (kernel, dropout_mask, state),
        states,
        kept,
        _kept_widths(units),
        products_differ=True,
    )
    return grad_sources, grad_kernel, grad_products[2 * units :], grad_state
