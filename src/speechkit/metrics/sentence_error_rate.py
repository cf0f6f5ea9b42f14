"""The sentence error rate of a corpus."""

import keras

from speechkit.metrics._counts import divide
from speechkit.metrics.error_rate import ErrorRate


@keras.saving.register_keras_serializable(package="speechkit")
class SentenceErrorRate(ErrorRate):
    """Divides the clips that have any error by all clips.

    A clip is right if all of its labels are; without any clip the rate is 0.

    `hits`, `substitutions`, `deletions` and `insertions` are counted, too, as `align`
    counts them.

    Args:
        decoder: Takes `y_pred` to labels, `CTCGreedyDecoder` for instance. `None` means
            that `y_pred` holds labels.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: What the decoder takes, or `(batch, labels)` like `y_true`.
        sample_weight: `(batch,)`: how many times each clip counts.

    Example:
        >>> metric = SentenceErrorRate()
        >>> metric.update_state([[1, 2], [3, -1]], [[1, 2], [3, 4]])
        >>> float(metric.result())
        0.5
    """

    def __init__(self, decoder=None, *, name: str = "ser", **kwargs):
        super().__init__(decoder=decoder, name=name, **kwargs)

    def rate(self, counts):
        return divide(counts.wrong_clips, counts.clips)
