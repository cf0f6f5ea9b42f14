"""The sentence error rate of a corpus."""

import keras

from speechkit.metrics import _spaced_rate, _word_rate
from speechkit.metrics._counts import divide


@keras.saving.register_keras_serializable(package="speechkit")
class SentenceErrorRate(_spaced_rate.SpacedRate):
    """Divides the clips that have any error by all clips.

    A clip is right if all of its words are, as in `score`, so spaces before the first
    word, after the last, and more than one between two do not count. Where no label is
    a space, all labels must be right. Without any clip the rate is 0.

    `hits`, `substitutions`, `deletions` and `insertions` of words are counted, too, as
    `align` counts them; of labels where none is a space.

    Args:
        decoder: Takes `y_pred` to labels, `CTCGreedyDecoder` for instance. `None` means
            that `y_pred` holds labels.
        space_label: Label of the space, `CharacterVocabulary.space_label` for instance.
            `None` means that of the decoder, if it has one.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: What the decoder takes, or `(batch, labels)` like `y_true`.
        sample_weight: `(batch,)`: how many times each clip counts.

    Raises:
        ValueError: If `space_label` is not an integer of 0 or more.

    Example:
        >>> metric = SentenceErrorRate()
        >>> metric.update_state([[1, 2], [3, -1]], [[1, 2], [3, 4]])
        >>> float(metric.result())
        0.5
    """

    def __init__(
        self,
        decoder=None,
        *,
        space_label: int | None = None,
        name: str = "ser",
        **kwargs,
    ):
        super().__init__(decoder, space_label, name=name, **kwargs)

    def tokens(self, labels):
        space = self._space()
        if space is None:
            return super().tokens(labels)
        return _word_rate.word_tokens(labels, space)

    def rate(self, counts):
        return divide(counts.wrong_clips, counts.clips)
