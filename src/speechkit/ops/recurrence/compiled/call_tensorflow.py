"""Recurrences whose states and gradients are computed by functions of the host.

The gradients of weights and features are products of all frames, which are left to
TensorFlow: it leaves out those that nothing needs.
"""

import tensorflow as tf

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

        def gradient(of_states):
            of_gates, of_bias, of_products, of_candidate_bias, of_state = (
                calling_tensorflow.call(
                    gru_numba.backward,
                    (of_states, kernel, mask, states, *kept),
                    [opened_shape, (3 * units,), kept_shape, (units,), state.shape],
                    state.dtype,
                )
            )
            hidden = dropped(states[:-1], dropout_mask)
            of_both = product_of_frames(hidden, of_gates)[:, : 2 * units]
            of_candidate = product_of_frames(hidden, of_products)
            of_kernel = tf.concat([of_both, of_candidate], axis=1)
            of_sources = _of_sources(sources, of_gates, of_bias)
            return of_kernel, of_candidate_bias, of_state, *of_sources

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

        def gradient(of_states, of_carries=None):
            if of_carries is None:
                of_carries = tf.zeros_like(carry)[None]
            of_gates, of_bias, of_state, of_carry = calling_tensorflow.call(
                lstm_numba.backward,
                (of_states, of_carries, kernel, mask, carries, opened),
                [opened_shape, (4 * units,), state.shape, state.shape],
                state.dtype,
            )
            of_kernel = product_of_frames(dropped(states[:-1], dropout_mask), of_gates)
            of_sources = _of_sources(sources, of_gates, of_bias)
            return of_kernel, of_state, of_carry, *of_sources

        outputs = [states, carries] if with_carries else [states]
        return [sequence[1:] for sequence in outputs], gradient

    return with_gradient(kernel, state, carry, *sources)


def simple_rnn(gates, kernel, state, activation, dropout_mask, keep=True):
    """Returns the states; `recurrence.simple_rnn` has the arguments."""
    del keep
    from speechkit.ops.recurrence.compiled import simple_rnn_numba

    sources, mask = _sources_of(gates, kernel), _or_ones(dropout_mask, state)
    (frames, after), (batch, units) = _lengths_of(sources), state.shape
    most = 0 if activation == "tanh" else 20

    @tf.custom_gradient
    def with_gradient(kernel, state, *sources):
        (states,) = calling_tensorflow.call(
            simple_rnn_numba.forward,
            (*sources, kernel, mask, state, most),
            [(after, batch, units)],
            state.dtype,
        )

        def gradient(of_states):
            of_gates, of_bias, of_state = calling_tensorflow.call(
                simple_rnn_numba.backward,
                (of_states, kernel, mask, states, most),
                [(frames, batch, units), (units,), state.shape],
                state.dtype,
            )
            of_kernel = product_of_frames(dropped(states[:-1], dropout_mask), of_gates)
            return of_kernel, of_state, *_of_sources(sources, of_gates, of_bias)

        return states[1:], gradient

    return with_gradient(kernel, state, *sources)


def _sources_of(gates, kernel):
    """Returns a `recurrence.Product`; gates that are given have a kernel of no rows."""
    if isinstance(gates, tuple):
        return gates
    nothing = tf.zeros_like(kernel[0])
    return gates, nothing[None][:0], nothing


def _of_sources(sources, of_gates, of_bias):
    """Returns the gradients of what `_sources_of` returned."""
    values, kernel, _ = sources
    if kernel.shape[0] == 0:
        return of_gates, tf.zeros_like(kernel), of_bias
    rows = tf.reshape(of_gates, (-1, kernel.shape[1]))
    of_values = tf.matmul(rows, kernel, transpose_b=True)
    of_values = tf.reshape(of_values, tf.shape(values))
    return of_values, product_of_frames(values, of_gates), of_bias


def _lengths_of(sources):
    """Returns the number of frames, and of states with the one before, if known."""
    frames = sources[0].shape[0]
    return frames, None if frames is None else frames + 1


def _or_ones(dropout_mask, state):
    return tf.ones_like(state) if dropout_mask is None else dropout_mask
