"""Recurrences over time whose input products have been computed beforehand.

All arrays have time first. A frame is computed from those before it alone, so frames
after the end of a clip may hold anything finite. Clips are independent: NaN in the
gates of one makes its states NaN from that frame on, and those of no other clip.
Infinite gates open or shut; they make no NaN.
"""

import typing

import keras
import numpy as np
from keras import ops

from speechkit.ops.recurrence import reference
from speechkit.ops.runtime import choosing

if keras.backend.backend() == "tensorflow":
    from speechkit.ops.recurrence.compiled import call_tensorflow as _compiled
    from speechkit.ops.recurrence.graph import fused_lstm_tensorflow as _fused
    from speechkit.ops.recurrence.graph import gru_tensorflow as _gru
    from speechkit.ops.recurrence.graph import loop_tensorflow as _recurrence
    from speechkit.ops.recurrence.graph import lstm_tensorflow as _lstm
    from speechkit.ops.recurrence.graph import simple_rnn_tensorflow as _simple_rnn
else:
    _compiled = _fused = _gru = _recurrence = _lstm = _simple_rnn = reference  # type: ignore[misc]


class Product(typing.NamedTuple):
    """Gates that a recurrence computes itself: values · kernel + bias.

    Training takes less memory so: the gradients of the gates are never all there.

    Attributes:
        values: `(frames, batch, features)`.
        kernel: `(features, gates * units)`.
        bias: `(gates * units,)`.
    """

    values: typing.Any
    kernel: typing.Any
    bias: typing.Any


def gru(gates, kernel, bias, state, dropout_mask=None, keep=False):
    """Returns the states of a gated recurrent unit.

    With z, r and c from gates and U·h: the new h = z·h + (1 − z)·tanh(c + r·(U·h + b)),
    as in `keras.layers.GRU` with `reset_after`.

    Args:
        gates: Input products of update, reset and candidate, `(frames, batch,
            3 * units)`, or a `Product` of this shape.
        kernel: `(units, 3 * units)`, in the same order.
        bias: `(units,)`, added to the candidate's product with the state.
        state: State before the first frame, `(batch, units)`.
        dropout_mask: `(batch, units)`; what the state is multiplied by before it meets
            the kernel, the same in all frames. `None` means one.
        keep: Whether to keep what the gradient needs, as in training. If not, the
            gradient computes that anew.

    Returns:
        `(frames, batch, units)`.
    """
    compute = _chosen(_GRU, state, keep)
    return compute(gates, kernel, bias, state, dropout_mask, keep)


def lstm(gates, kernel, state, carry, dropout_mask=None, keep=False, with_carries=True):
    """Returns the states and the carries of a long short-term memory.

    With i, f, c and o from gates + U·h: the new carry s = f·s + i·tanh(c), and the new
    state h = o·tanh(s).

    Args:
        gates: Input products of input gate, forget gate, candidate and output gate,
            `(frames, batch, 4 * units)`, or a `Product` of this shape.
        kernel: `(units, 4 * units)`, in the same order.
        state: State before the first frame, `(batch, units)`.
        carry: Carry before the first frame, `(batch, units)`.
        dropout_mask: As in `gru`.
        keep: As in `gru`.
        with_carries: Whether to return the carries, too.

    Returns:
        List of one or two tensors `(frames, batch, units)`.
    """
    compute = _chosen(_LSTM, state, keep)
    return compute(gates, kernel, state, carry, dropout_mask, keep, with_carries)


def is_fused():
    """Returns whether a graph is traced for a file with fused recurrences."""
    return choosing.is_traced_as("fused")


def fused_lstm(values, kernel, recurrent_kernel, bias):
    """Returns the states of `lstm` for clips that begin, for a file to compute at once.

    Args:
        values: `(frames, batch, features)`, before the product with `kernel`.
        kernel: `(features, 4 * units)`, in the order of the gates of `lstm`.
        recurrent_kernel: `(units, 4 * units)`.
        bias: `(4 * units,)`.

    Returns:
        `(frames, batch, units)`.
    """
    return _fused.fused_lstm(values, kernel, recurrent_kernel, bias)


def simple_rnn(gates, kernel, state, activation, dropout_mask=None, keep=False):
    """Returns the states of a plain recurrence: h = f(gates + U·h).

    Args:
        gates: `(frames, batch, units)`, or a `Product` of this shape.
        kernel: `(units, units)`.
        state: State before the first frame, `(batch, units)`.
        activation: `"clipped_relu"`, which is min(max(x, 0), 20), or `"tanh"`. The
            gradient of a unit that is clipped is zero, even if a later frame is NaN.
        dropout_mask: As in `gru`.
        keep: Whether there will be a gradient, as in `gru`; nothing else is kept.

    Returns:
        `(frames, batch, units)`.
    """
    compute = _chosen(_SIMPLE_RNN, state, keep)
    return compute(gates, kernel, state, activation, dropout_mask, keep)


def reverse_clips(values, lengths):
    """Returns each clip from its last valid frame to its first.

    Padding stays where it is.

    Args:
        values: `(batch, frames, features)`.
        lengths: `(batch,)` integers; `None` if all frames are valid.
    """
    if lengths is None:
        return ops.flip(values, axis=1)
    return _recurrence.reverse_clips(values, lengths)


def last_state(states, initial, lengths):
    """Returns the state after the last valid frame of each clip.

    Args:
        states: `(frames, batch, units)`.
        initial: State before the first frame, `(batch, units)`.
        lengths: `(batch,)` integers; `None` if all frames are valid.

    Returns:
        `(batch, units)`; `initial` for a clip without a frame.
    """
    states = ops.concatenate([ops.expand_dims(initial, axis=0), states], axis=0)
    if lengths is None:
        return states[-1]
    index = ops.reshape(ops.cast(lengths, "int32"), (1, -1, 1))
    return ops.squeeze(ops.take_along_axis(states, index, axis=0), axis=0)


def _chosen(kernels, state, keep):
    """Returns the kernel; without a gradient, the graph is as fast as any."""
    return choosing.choose(kernels, state.dtype) if keep else kernels.graph


def _trial_of(gates, num_states, others, has_bias=False):
    """Returns the problem of `choosing.Kernels`: three frames of two clips.

    Args:
        gates: Number of gates.
        num_states: Number of states before the first frame.
        others: Arguments without a gradient.
        has_bias: Whether a bias comes before the states.
    """

    def problem(dtype):
        units = 2
        shapes = [(3, 2, 3), (3, gates * units), (gates * units,)]
        shapes += [(units, gates * units)]
        shapes += [(units,)] * has_bias + [(2, units)] * num_states
        arrays = [_waves(shape, dtype) for shape in shapes]
        return (Product(*arrays[:3]), *arrays[3:]), others

    return problem


def _waves(shape, dtype):
    """Returns numbers between -1 and 1."""
    return np.sin(1 + np.arange(np.prod(shape))).reshape(shape).astype(dtype)


_GRU = choosing.Kernels(
    "gated recurrent units",
    _gru.gru,
    _compiled.gru,
    reference.gru,
    _trial_of(3, 1, (None, True), has_bias=True),
)
_LSTM = choosing.Kernels(
    "long short-term memories",
    _lstm.lstm,
    _compiled.lstm,
    reference.lstm,
    _trial_of(4, 2, (None, True)),
)
_SIMPLE_RNN = choosing.Kernels(
    "plain recurrences",
    _simple_rnn.simple_rnn,
    _compiled.simple_rnn,
    reference.simple_rnn,
    _trial_of(1, 1, ("tanh", None, True)),
)
