"""Recurrences on any backend, differentiated by the backend."""

from keras import ops

from speechkit.ops.recurrence.clipping import MOST


def gru(gates, kernel, bias, state, dropout_mask, keep):
    """Returns the states; `recurrence.gru` has the arguments."""
    del keep  # the backend keeps what it wants

    def step(state, frame):
        products = ops.matmul(_dropped(state, dropout_mask), kernel)
        update, reset, candidate = ops.split(frame, 3, axis=-1)
        for_update, for_reset, for_candidate = ops.split(products, 3, axis=-1)
        update = ops.sigmoid(update + for_update)
        reset = ops.sigmoid(reset + for_reset)
        candidate = ops.tanh(candidate + reset * (for_candidate + bias))
        state = candidate + update * (state - candidate)
        return state, state

    return ops.scan(step, state, _gates_of(gates))[1]


def lstm(gates, kernel, state, carry, dropout_mask, keep, with_carries=True):
    """Returns states and carries; `recurrence.lstm` has the arguments."""
    del keep

    def step(states, frame):
        state, carry = states
        frame = frame + ops.matmul(_dropped(state, dropout_mask), kernel)
        enter, forget, candidate, leave = ops.split(frame, 4, axis=-1)
        entering = ops.sigmoid(enter) * ops.tanh(candidate)
        carry = ops.sigmoid(forget) * carry + entering
        state = ops.sigmoid(leave) * ops.tanh(carry)
        return (state, carry), (state, carry)

    sequences = ops.scan(step, (state, carry), _gates_of(gates))[1]
    return list(sequences) if with_carries else [sequences[0]]


def simple_rnn(gates, kernel, state, activation, dropout_mask, keep=False):
    """Returns the states; `recurrence.simple_rnn` has the arguments."""
    del keep

    def step(state, frame):
        state = frame + ops.matmul(_dropped(state, dropout_mask), kernel)
        state = ops.tanh(state) if activation == "tanh" else _clipped(state)
        return state, state

    return ops.scan(step, state, _gates_of(gates))[1]


def reverse_clips(values, lengths):
    """Returns the clips reversed; `recurrence.reverse_clips` has the arguments."""
    frames = ops.arange(ops.shape(values)[1])[None]
    lengths = ops.cast(lengths, frames.dtype)[:, None]
    index = ops.where(frames < lengths, lengths - 1 - frames, frames)
    return ops.take_along_axis(values, index[:, :, None], axis=1)


def _gates_of(gates):
    if not isinstance(gates, tuple):
        return gates
    values, kernel, bias = gates
    return ops.add(ops.matmul(values, kernel), bias)


def _clipped(values):
    """Returns clipped values; NaN is not clipped, and neither is its gradient."""
    values = ops.where(values <= 0, ops.zeros_like(values), values)
    return ops.where(values >= MOST, ops.full_like(values, MOST), values)


def _dropped(state, dropout_mask):
    return state if dropout_mask is None else state * dropout_mask
