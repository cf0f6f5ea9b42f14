"""Loss and gradient of connectionist temporal classification on TensorFlow."""

import math

import tensorflow as tf

from speechkit.ops.ctc.graph import lattice_tensorflow


def ctc_loss(logits, labels, frames, is_feasible, blank_index: int):
    """Returns the loss of each clip, with a gradient written out by hand.

    The gradient is softmax minus posteriors. The softmax of the loss is kept for it,
    and only the classes of the labels are ever touched besides.

    Args:
        logits: `(batch, frames, classes)` in float32 or float64.
        labels: `(batch, labels)` int32, all of them classes; −1 after the last label.
        frames: `(batch,)` int32: valid frames of each clip.
        is_feasible: `(batch,)`: false for a clip with too few frames.
        blank_index: Class of the blank, from 0.

    Returns:
        `(batch,)`: NaN, as the gradient, for a clip with a valid frame that has no
        softmax; infinite where no alignment has a probability; and any number but NaN
        for other clips that are not feasible.
    """
    if 0 in logits.shape[:2]:  # of which XLA makes no loop
        return tf.reduce_sum(logits, axis=(1, 2))
    valid = tf.sequence_mask(frames, tf.shape(logits)[1])
    blanks = tf.fill([tf.shape(labels)[0], 1], blank_index)
    known = tf.where(labels >= 0, labels, blank_index)

    @tf.custom_gradient
    def with_gradient(logits):
        # An eager tape would record what is never differentiated, loops and all.
        logits = tf.stop_gradient(logits)
        probabilities = tf.nn.softmax(logits)
        # The softmax of the best class is 1 by the sum of exponentials relative to it.
        log_shares = tf.cast(tf.reduce_max(probabilities, axis=2), tf.float64)
        log_shares = tf.math.log(log_shares)
        has_softmax = tf.reduce_all(tf.math.is_finite(log_shares) | ~valid, axis=1)
        is_counted = is_feasible & has_softmax
        counted = valid & is_counted[:, None]
        total, shares = lattice_tensorflow.posteriors(
            _scores(logits, known, counted),
            _scores(logits, blanks, counted),
            _in_frames(tf.reduce_max(logits, axis=2), counted),
            tf.transpose(labels),
            frames,
            is_counted,
        )
        total += tf.reduce_sum(_in_frames(log_shares, counted), axis=(0, 1))
        loss = tf.where(has_softmax, tf.cast(-total, logits.dtype), math.nan)

        def gradient(upstream):
            weights = tf.where(has_softmax, upstream, math.nan)[:, None]
            weights = tf.where(valid, weights, 0.0)[:, :, None]
            for_labels = tf.transpose(tf.cast(shares, logits.dtype), [2, 0, 1])
            for_blanks = 1 - tf.reduce_sum(for_labels, axis=2, keepdims=True)
            expected = tf.concat([for_blanks, for_labels], axis=2) * weights
            expected = _scatter(expected, tf.concat([blanks, known], 1), logits)
            # Zero times what padding holds is zero, even if it is NaN.
            return tf.math.multiply_no_nan(probabilities, weights) - expected

        return loss, gradient

    return with_gradient(logits)


def _in_frames(values, counted):
    """Returns `(frames, 1, batch)` in float64; zero where nothing is counted."""
    values = tf.where(counted, values, tf.zeros_like(values))
    return tf.cast(tf.transpose(values)[:, None], tf.float64)


def _scores(logits, classes, counted):
    """Returns `(frames, classes of a clip, batch)` of the logits, in float64."""
    batch, frames, num_classes = (tf.shape(logits, tf.int64)[i] for i in range(3))
    rows = tf.range(frames)[:, None] + frames * tf.range(batch)
    columns = tf.cast(tf.transpose(classes), tf.int64)
    scores = tf.gather(tf.reshape(logits, [-1]), rows[:, None] * num_classes + columns)
    scores = tf.where(tf.transpose(counted)[:, None], scores, tf.zeros_like(scores))
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
