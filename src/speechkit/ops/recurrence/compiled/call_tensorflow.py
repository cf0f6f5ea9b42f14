"""The compiled recurrences and their gradients, called from TensorFlow.

The gradients of weights and features are products over all frames. TensorFlow computes
those itself, and only the ones that are needed.
"""

import tensorflow as tf

from speechkit.ops.recurrence.clipping import MOST
from speechkit.ops.runtime import calling_tensorflow
from speechkit.ops.runtime.sequences_tensorflow import dropped, product_of_frames


def gru(gates, kernel, bias, state, dropout_mask, keep=True):
    """Returns the states; `recurrence.gru` has the arguments."""
    del keep  # there will be a gradient
    from speechkit.ops.recurrence.compiled import gru_numba

    sources, mask = _sources_of(gates, kernel), _or_ones(dropout_mask, state)
    (frames, after), (batch, units) = _lengths_of(sources), state.shape
    opened_shape, kept_shape = (frames, batch, 3 * units), (frames, batch, units)

    @tf.custom_gradient
    def with_gradient(kernel, bias, state, *sources):
        states, *kept = calling_tensorflow.call(
            gru_numba.forward,
            (*sources, kernel, bias, mask, state),
            [(after, batch, units), opened_shape, kept_shape],
            state.dtype,
        )

        def gradient(grad_states):
            grad_gates, grad_bias, grad_products, grad_candidate_bias, grad_state = (
                calling_tensorflow.call(
                    gru_numba.backward,
                    (grad_states, kernel, mask, states, *kept),
                    [opened_shape, (3 * units,), kept_shape, (units,), state.shape],
                    state.dtype,
                )
            )
            hidden = dropped(states[:-1], dropout_mask)
            grad_both = product_of_frames(hidden, grad_gates)[:, : 2 * units]
            grad_candidate = product_of_frames(hidden, grad_products)
            grad_kernel = tf.concat([grad_both, grad_candidate], axis=1)
            grad_sources = _gradients_of(sources, grad_gates, grad_bias)
            return grad_kernel, grad_candidate_bias, grad_state, *grad_sources

        return states[1:], gradient

    return with_gradient(kernel, bias, state, *sources)


def lstm(gates, kernel, state, carry, dropout_mask, keep=True, with_carries=True):
    """Returns states and carries; `recurrence.lstm` has the arguments."""
    del keep
    from speechkit.ops.recurrence.compiled import lstm_numba

    sources, mask = _sources_of(gates, kernel), _or_ones(dropout_mask, state)
    (frames, after), (batch, units) = _lengths_of(sources), state.shape
    states_shape, opened_shape = (after, batch, units), (frames, batch, 4 * units)

    @tf.custom_gradient
    def with_gradient(kernel, state, carry, *sources):
        states, carries, opened = calling_tensorflow.call(
            lstm_numba.forward,
            (*sources, kernel, mask, state, carry),
            [states_shape, states_shape, opened_shape],
            state.dtype,
        )

        def gradient(grad_states, grad_carries=None):
            if grad_carries is None:
                grad_carries = tf.zeros_like(carry)[None]
            grad_gates, grad_bias, grad_state, grad_carry = calling_tensorflow.call(
                lstm_numba.backward,
                (grad_states, grad_carries, kernel, mask, carries, opened),
                [opened_shape, (4 * units,), state.shape, state.shape],
                state.dtype,
            )
            grad_kernel = product_of_frames(
                dropped(states[:-1], dropout_mask), grad_gates
            )
            grad_sources = _gradients_of(sources, grad_gates, grad_bias)
            return grad_kernel, grad_state, grad_carry, *grad_sources

        outputs = [states, carries] if with_carries else [states]
        return [sequence[1:] for sequence in outputs], gradient

    return with_gradient(kernel, state, carry, *sources)


def simple_rnn(gates, kernel, state, activation, dropout_mask, keep=True):
    """Returns the states; `recurrence.simple_rnn` has the arguments."""
    del keep
    from speechkit.ops.recurrence.compiled import simple_rnn_numba

    sources, mask = _sources_of(gates, kernel), _or_ones(dropout_mask, state)
    (frames, after), (batch, units) = _lengths_of(sources), state.shape
    most = 0 if activation == "tanh" else MOST

    @tf.custom_gradient
    def with_gradient(kernel, state, *sources):
        (states,) = calling_tensorflow.call(
            simple_rnn_numba.forward,
            (*sources, kernel, mask, state, most),
            [(after, batch, units)],
            state.dtype,
        )

        def gradient(grad_states):
            grad_gates, grad_bias, grad_state = calling_tensorflow.call(
                simple_rnn_numba.backward,
                (grad_states, kernel, mask, states, most),
                [(frames, batch, units), (units,), state.shape],
                state.dtype,
            )
            grad_kernel = product_of_frames(
                dropped(states[:-1], dropout_mask), grad_gates
            )
            return (
                grad_kernel,
                grad_state,
                *_gradients_of(sources, grad_gates, grad_bias),
            )

        return states[1:], gradient

    return with_gradient(kernel, state, *sources)


def _sources_of(gates, kernel):
    """Returns a `recurrence.Product`; its kernel has no rows where gates are given."""
    if isinstance(gates, tuple):
        return gates
    nothing = tf.zeros_like(kernel[0])
    return gates, nothing[None][:0], nothing


def _gradients_of(sources, grad_gates, grad_bias):
    """Returns the gradients of the three arrays of `_sources_of`."""
    values, kernel, _ = sources
    if kernel.shape[0] == 0:
        return grad_gates, tf.zeros_like(kernel), grad_bias
    rows = tf.reshape(grad_gates, (-1, kernel.shape[1]))
    grad_values = tf.matmul(rows, kernel, transpose_b=True)
    grad_values = tf.reshape(grad_values, tf.shape(values))
    return grad_values, product_of_frames(values, grad_gates), grad_bias


def _lengths_of(sources):
    """Returns the number of frames and one more, for the states; None if unknown."""
    frames = sources[0].shape[0]
    return frames, None if frames is None else frames + 1


def _or_ones(dropout_mask, state):
    return tf.ones_like(state) if dropout_mask is None else dropout_mask
