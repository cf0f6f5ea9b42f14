"""A plain recurrence that normalises its input over the batch."""

import keras

from speechkit.layers.encoders import _batch_norm_recurrent, _cells


@keras.saving.register_keras_serializable(package="speechkit")
class BatchNormSimpleRNN(_batch_norm_recurrent.BatchNormRecurrent):
    """Runs a plain recurrence over time, with batch normalisation of its input.

    h_t = min(max(BN(W·x_t) + U·h_{t−1}, 0), 20): the clipped rectifier of DeepSpeech2.
    The normalisation is inside the recurrence, on W·x alone, with statistics over all
    valid frames of the batch. Padding never reaches a state: each direction begins at
    the end of the clip, not of the batch. Padded frames of the output are zero.

    Args:
        units: Size of the state of one direction.
        direction: `"forward"`, `"backward"` or `"bidirectional"`, which concatenates
            the states of both.
        normalization: `"batch"` or `None`.
        dropout: Share of the input features that are dropped in training.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to drop features and to update batch statistics.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, units)`, twice as many features if bidirectional.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> features = keras.ops.ones((8, 98, 40))
        >>> keras.ops.shape(BatchNormSimpleRNN(64, direction="bidirectional")(features))
        (8, 98, 128)

    References:
        Amodei et al., Deep Speech 2: End-to-End Speech Recognition in English and
        Mandarin, 2015, section 3.2. https://arxiv.org/abs/1512.02595
    """

    cell_class = _cells.SimpleRNNCell
