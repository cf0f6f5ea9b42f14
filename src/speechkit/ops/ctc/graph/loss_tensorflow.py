"""Loss and gradient of connectionist temporal classification on TensorFlow."""

import tensorflow as tf

from speechkit.ops.ctc.graph import lattice_tensorflow


def ctc_loss(logits, labels, frames, feasible, blank_index: int):
    """Returns the loss of each clip, with a gradient written out by hand.

    The gradient is softmax minus posteriors. The softmax of the loss is kept for it,
    and only the classes of the labels are ever touched besides.

    Args:
        logits: `(batch, frames, classes)` in float32 or float64.
        labels: `(batch, labels)` int32, all of them classes; −1 after the last label.
        frames: `(batch,)` int32: valid frames of each clip.
        feasible: `(batch,)`: false for a clip whose loss is not used, nor its gradient.
        blank_index: Class of the blank, from 0.
    """
    valid = tf.sequence_mask(frames, tf.shape(logits)[1])
    blanks = tf.fill([tf.shape(labels)[0], 1], blank_index)
    known = tf.where(labels >= 0, labels, blank_index)

    @tf.custom_gradient
    def with_gradient(logits):
        # An eager tape would record what is never differentiated, loops and all.
        logits = tf.stop_gradient(logits)
        probabilities = tf.nn.softmax(logits)
        total, shares = lattice_tensorflow.posteriors(
            _scores(logits, known, valid),
            _scores(logits, blanks, valid),
            tf.transpose(labels),
            frames,
            feasible,
        )
        loss = _log_normalizer(logits, probabilities, valid) - total

        def gradient(upstream):
            weights = upstream[:, None] * tf.cast(valid, logits.dtype)
            weights = weights[:, :, None]
            of_labels = tf.transpose(tf.cast(shares, logits.dtype), [2, 0, 1])
            of_blanks = 1 - tf.reduce_sum(of_labels, axis=2, keepdims=True)
            expected = tf.concat([of_blanks, of_labels], axis=2) * weights
            expected = _scatter(expected, tf.concat([blanks, known], 1), logits)
            # Zero times what padding holds is zero, even if it is NaN.
            return tf.math.multiply_no_nan(probabilities, weights) - expected

        return tf.cast(loss, logits.dtype), gradient

    return with_gradient(logits)


def _log_normalizer(logits, probabilities, valid):
    """Returns `(batch,)`: log of the sum of exponentials, over all valid frames."""
    best = tf.cast(tf.reduce_max(logits, axis=-1), tf.float64)
    # The best class has e^0 of the sum.
    share = tf.cast(tf.reduce_max(probabilities, axis=-1), tf.float64)
    log_sums = best - tf.math.log(share)
    return tf.reduce_sum(tf.where(valid, log_sums, tf.zeros_like(log_sums)), axis=1)


def _scores(logits, classes, valid):
    """Returns `(frames, classes of a clip, batch)` of the logits, in float64."""
    batch, frames, num_classes = (tf.shape(logits, tf.int64)[i] for i in range(3))
    rows = tf.range(frames)[:, None] + frames * tf.range(batch)
    columns = tf.cast(tf.transpose(classes), tf.int64)
    scores = tf.gather(tf.reshape(logits, [-1]), rows[:, None] * num_classes + columns)
    scores = tf.where(tf.transpose(valid)[:, None], scores, tf.zeros_like(scores))
    return tf.cast(scores, tf.float64)


def _scatter(values, classes, logits):
    """Returns an array like `logits`: the values of each frame, added up by class."""
    num_columns = tf.shape(classes)[1]
    columns = tf.broadcast_to(classes[:, None], tf.shape(values))
    # The one kernel that adds single values in parallel; `scatter_nd` takes 5 times.
    sums = tf.raw_ops.DenseBincount(
        input=tf.reshape(columns, [-1, num_columns]),
        size=tf.shape(logits)[2],
        weights=tf.reshape(values, [-1, num_columns]),
    )
    return tf.reshape(sums, tf.shape(logits))
