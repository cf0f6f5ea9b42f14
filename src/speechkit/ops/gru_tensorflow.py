"""The gated recurrent unit on TensorFlow, with a gradient written out by hand."""

import functools

import tensorflow as tf

from speechkit.ops import recurrence_tensorflow as recurrence


def gru(gates, kernel, bias, state, dropout_mask, keep):
    """Returns the states; `recurrence.gru` has the arguments."""
    fixed = state.shape[1], dropout_mask
    (states,) = recurrence.differentiated(
        functools.partial(_forward, *fixed),
        functools.partial(_backward, *fixed),
        (gates, kernel, bias, state),
        num_outputs=1,
        keep=keep,
    )
    return states


@recurrence.compiled
def _forward(units, dropout_mask, gates, kernel, bias, state, keep):
    """Returns states, and if kept, z and r, candidates, and what r multiplies."""
    # Two products run side by side, and faster than one of twice the width.
    for_gates, for_candidate = tf.split(kernel, [2 * units, units], axis=1)

    def step(states, frames):
        (state,), (frame,) = states, frames
        hidden = recurrence.dropped(state, dropout_mask)
        of_gates, of_candidate = tf.split(frame, [2 * units, units], axis=1)
        opened = tf.sigmoid(of_gates + tf.matmul(hidden, for_gates))
        update, reset = tf.split(opened, 2, axis=1)
        product = tf.matmul(hidden, for_candidate) + bias
        candidate = tf.tanh(of_candidate + reset * product)
        state = candidate + update * (state - candidate)
        return [state], [state, opened, candidate, product] if keep else [state]

    widths = [units, 2 * units, units, units] if keep else [units]
    gates = recurrence.whole_blocks(gates)
    return recurrence.scan(step, [state], [gates], widths)[1]


@recurrence.compiled
def _backward(
    units,
    dropout_mask,
    upstream,
    kernel,
    bias,
    state,
    states,
    opened,
    candidates,
    products,
):
    """Returns the gradients of gates, kernel, bias and state."""
    frames = tf.shape(upstream)[0]
    before = recurrence.earlier(states, state)
    update, reset = tf.split(opened, 2, axis=2)
    # What the gradient of a state is multiplied by to give those of the products.
    to_candidate = (1 - update) * (1 - tf.square(candidates))
    to_update = (before - candidates) * update * (1 - update)
    to_product = to_candidate * reset
    to_reset = to_product * products * (1 - reset)
    kernels = tf.split(tf.transpose(kernel), 3, axis=0)

    def step(gradients, factors):
        given, remains, *factors = factors
        gradient = gradients[0] + given
        pairs = zip(factors, kernels, strict=True)
        through = tf.add_n([tf.matmul(gradient * f, k) for f, k in pairs])
        through = recurrence.dropped(through, dropout_mask)
        return [through + gradient * remains], [gradient]

    (of_state,), (gradients,) = recurrence.scan(
        step,
        [tf.zeros_like(state)],
        [recurrence.whole_blocks(upstream), update, to_update, to_reset, to_product],
        [units],
        backwards=True,
    )
    hidden = recurrence.dropped(before, dropout_mask)
    parts: list[tf.Tensor] = []
    of_kernel: list[tf.Tensor] = []
    # One after the other, or all products would be in memory at once.
    for factor in (to_update, to_reset, to_product):
        with tf.control_dependencies(of_kernel):
            parts.append(gradients * factor)
            of_kernel.append(recurrence.kernel_gradient(hidden, parts[-1]))
    with tf.control_dependencies(of_kernel):
        of_bias = tf.reduce_sum(parts.pop(), axis=(0, 1))
        of_candidate = gradients * to_candidate
    of_inputs = tf.concat([*parts, of_candidate], axis=2)[:frames]
    return of_inputs, tf.concat(of_kernel, axis=1), of_bias, of_state
