"""The match error rate of a corpus."""

import keras

from speechkit.metrics import _word_rate
from speechkit.metrics._counts import divide


@keras.saving.register_keras_serializable(package="speechkit")
class MatchErrorRate(_word_rate.WordRate):
    """Divides the errors of a corpus by the steps of its alignments.

    The steps are the reference words and the insertions, so the rate is never above 1:
    it is the chance that a step is wrong. Without any word it is 0.

    `hits`, `substitutions`, `deletions` and `insertions` are counted, too, as `align`
    counts them.

    Args:
        space_label: Label of the space, `CharacterVocabulary.space_label` for instance.
        decoder: Takes `y_pred` to labels, `CTCGreedyDecoder` for instance. `None` means
            that `y_pred` holds labels.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: What the decoder takes, or `(batch, labels)` like `y_true`.
        sample_weight: `(batch,)`: how many times each clip counts.

    Raises:
        ValueError: If `space_label` is not an integer of 0 or more.

    Example:
        >>> metric = MatchErrorRate(space_label=1)
        >>> metric.update_state([[2, -1, -1]], [[2, 1, 3]])
        >>> float(metric.result())
        0.5
    """

    def __init__(self, space_label: int, decoder=None, *, name: str = "mer", **kwargs):
        super().__init__(space_label, decoder=decoder, name=name, **kwargs)

    def rate(self, counts):
        return divide(counts.errors, counts.hits + counts.errors)
