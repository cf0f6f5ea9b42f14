"""Loss and gradient of connectionist temporal classification, by the host's functions.

They are compiled by Numba, and take a fraction of the time of a graph of operations.
"""

import tensorflow as tf

from speechkit.ops import host_tensorflow


def ctc_loss(logits, labels, frames, feasible, blank_index: int):
    """Returns the loss of each clip; `ctc_tensorflow.ctc_loss` has the arguments."""
    from speechkit.ops import ctc_numba

    batch, length, _ = logits.shape

    @tf.custom_gradient
    def with_gradient(logits):
        loss, *parts = host_tensorflow.call(
            ctc_numba.losses,
            (logits, labels, frames, feasible, blank_index),
            [(batch,), (batch, length), (batch, length), (batch, length, None)],
            logits.dtype,
        )

        def gradient(upstream):
            (result,) = host_tensorflow.call(
                ctc_numba.gradient,
                (logits, labels, frames, *parts, upstream, blank_index),
                [logits.shape],
                logits.dtype,
            )
            return result

        return loss, gradient

    return with_gradient(logits)
