"""The word error rate of a corpus."""

import keras

from speechkit.metrics import _word_rate


@keras.saving.register_keras_serializable(package="speechkit")
class WordErrorRate(_word_rate.WordRate):
    """Divides the errors of a corpus by its reference words.

    Errors and words are summed over all clips, never averaged, so the rate does not
    depend on how clips are batched. Words are what stands between one or more spaces.
    Without any reference word the rate is 0, or infinite if there are errors.

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
        >>> metric = WordErrorRate(space_label=1)
        >>> metric.update_state([[2, 3, 1, 4]], [[2, 3, 1, 5]])
        >>> float(metric.result()), float(metric.hits)
        (0.5, 1.0)
    """

    def __init__(self, space_label: int, decoder=None, *, name: str = "wer", **kwargs):
        super().__init__(space_label, decoder=decoder, name=name, **kwargs)
