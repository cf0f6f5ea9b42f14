"""Clips joined to longer ones, for training."""

from collections.abc import Sequence

import tensorflow as tf

from speechkit import _checks


def join_clips(
    batches: tf.data.Dataset,
    probability: float = 0.5,
    *,
    separator: Sequence[int] = (),
    seed: int = 0,
) -> tf.data.Dataset:
    """Lets some batches have each clip followed by another of the same batch.

    A recogniser that has heard short clips alone is lost in a long one. Which clips
    meet follows from the seed and the durations in a batch, so every pass over shuffled
    batches has other pairs, and the same seed gives the same.

    Args:
        batches: What `padded_batches` returns for labels that are sequences.
        probability: Share of the batches, from 0 to 1, that are joined; the others stay
            as they are, and so does one of a single clip.
        separator: Labels between those of two clips: for characters that of the space.
        seed: Number from 0 up that decides on batches and pairs.

    Returns:
        A dataset like `batches`, with as many batches and clips. A joined clip is as
        long as both.

    Raises:
        ValueError: If an argument is out of range, or the labels are no sequences.

    References:
        Lin et al., Random Utterance Concatenation Based Data Augmentation for Improving
        Short-video Speech Recognition, 2022. https://arxiv.org/abs/2210.15876
    """
    _checks.check_probability("probability", probability)
    _checks.check_int("seed", seed, minimum=0)
    _, labels = batches.element_spec
    if labels.shape.rank != 2:
        raise ValueError(
            "`batches` must have labels of the shape (batch, labels). "
            f"Received: {labels.shape}"
        )
    between = tf.constant([list(separator)], tf.int32)

    @tf.autograph.experimental.do_not_convert
    def maybe_join(inputs, labels):
        lengths = inputs["lengths"]
        count = tf.shape(lengths)[0]
        draws = tf.random.stateless_uniform([2], (seed, tf.reduce_sum(lengths)))
        # From 1 on, so that no clip follows itself.
        distance = 1 + tf.cast(draws[1] * tf.cast(count - 1, tf.float32), tf.int32)
        return tf.cond(
            tf.logical_and(draws[0] < probability, count > 1),
            lambda: _join(inputs, labels, between, distance),
            lambda: (inputs, labels),
        )

    return batches.map(maybe_join)


def _join(inputs, labels, between, distance):
    """Returns the batch with each clip before the one so many rows above it."""
    lengths = inputs["lengths"]
    waveforms = tf.RaggedTensor.from_tensor(inputs["waveforms"], lengths)
    joined = tf.concat([waveforms, _rolled(waveforms, distance)], axis=1)
    outputs = {
        "waveforms": joined.to_tensor(),
        "lengths": lengths + tf.roll(lengths, distance, axis=0),
    }
    if "intermediate_labels" in inputs:
        kept = inputs["intermediate_labels"]
        outputs["intermediate_labels"] = _joined(kept, between[:, :0], distance)
    return outputs, _joined(labels, between, distance)


def _joined(labels, between, distance):
    num_labels = tf.reduce_sum(tf.cast(labels >= 0, tf.int32), axis=1)
    ragged = tf.RaggedTensor.from_tensor(labels, num_labels)
    spaces = tf.repeat(between, tf.shape(labels)[0], axis=0)
    parts = [ragged, tf.RaggedTensor.from_tensor(spaces), _rolled(ragged, distance)]
    return tf.concat(parts, axis=1).to_tensor(-1)


def _rolled(rows, distance):
    return tf.concat([rows[-distance:], rows[:-distance]], axis=0)
