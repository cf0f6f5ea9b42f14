"""The compiled CTC loss and its gradient, called from TensorFlow."""

import tensorflow as tf

from speechkit.ops.runtime import calling_tensorflow


def ctc_loss(logits, labels, frames, feasible, blank_index: int):
    """Returns the loss of each clip; arguments as in `loss_tensorflow.ctc_loss`."""
    from speechkit.ops.ctc.compiled import loss_numba

    batch, length, _ = logits.shape

    @tf.custom_gradient
    def with_gradient(logits):
        loss, *parts = calling_tensorflow.call(
            loss_numba.losses,
            (logits, labels, frames, feasible, blank_index),
            [(batch,), (batch, length), (batch, length), (batch, length, None)],
            logits.dtype,
        )

        def gradient(upstream):
            (result,) = calling_tensorflow.call(
                loss_numba.gradient,
                (logits, labels, frames, *parts, upstream, blank_index),
                [logits.shape],
                logits.dtype,
            )
            return result

        return loss, gradient

    return with_gradient(logits)
