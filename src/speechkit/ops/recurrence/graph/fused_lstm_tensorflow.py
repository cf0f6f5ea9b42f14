"""A long short-term memory that TFLite's converter turns into one operator."""

import uuid

import tensorflow as tf

from speechkit.ops.recurrence.graph import lstm_tensorflow

# Shuts a gate: sigmoid(-10⁴ + U·h) is 0, whatever the state. Exact in float16.
_SHUT = -1e4


def fused_lstm(values, kernel, recurrent_kernel, bias):
    """Returns the states of a clip that begins with states of zero.

    The operator of the file keeps its states from one clip to the next. So a frame
    stands before the first that shuts all gates: it leaves nothing of them.

    Args:
        values: `(frames, batch, features)`.
        kernel: `(features, 4 * units)`, the gates as in `recurrence.lstm`.
        recurrent_kernel: `(units, 4 * units)`.
        bias: `(4 * units,)`.

    Returns:
        `(frames, batch, units)`.
    """
    units = recurrent_kernel.shape[0]
    before = [[1, 0], [0, 0], [0, 0]]
    mark = tf.pad(tf.zeros_like(values[:, :, :1]), before, constant_values=1.0)
    values = tf.concat([tf.pad(values, before), mark], axis=2)
    shut = tf.fill((1, units), _SHUT)
    row = tf.concat([shut, shut, tf.zeros_like(shut), shut], axis=1)
    kernel = tf.concat([kernel, row], axis=0)
    # The batch of a file is 1, and the converter must know it.
    state = tf.zeros((values.shape[1] or tf.shape(values)[1], units))
    marked = tf.function(_lstm, autograph=False, experimental_attributes=_marks())
    _, states, *_ = marked(values, state, state, kernel, recurrent_kernel, bias)
    return states[1:]


def _marks():
    """Returns the attributes by which the converter knows such a function."""
    return {
        "api_implements": f"lstm_{uuid.uuid4()}",
        "api_preferred_device": "CPU",
        "time_major": True,
        "go_backwards": False,
    }


def _lstm(values, state, carry, kernel, recurrent_kernel, bias):
    """Takes and returns what the converter expects; states are the second output."""
    gates = tf.einsum("tbi,io->tbo", values, kernel) + bias
    states, carries = lstm_tensorflow.lstm(
        gates, recurrent_kernel, state, carry, dropout_mask=None, keep=False
    )
    return states[-1], states, states[-1], carries[-1], tf.constant(1.0)
