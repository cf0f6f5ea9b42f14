"""The character error rate of a corpus."""

import keras

from speechkit.metrics.error_rate import ErrorRate


@keras.saving.register_keras_serializable(package="speechkit")
class CharacterErrorRate(ErrorRate):
    """Divides the errors of a corpus by its reference characters.

    Errors and characters are summed over all clips, never averaged, so the rate does
    not depend on how clips are batched. Every label is a character, the space too.
    Without any reference character the rate is 0, or infinite if there are errors.

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
        >>> metric = CharacterErrorRate()
        >>> metric.update_state([[1, 2, 3, 4]], [[1, 3, 4, -1]])
        >>> float(metric.result()), float(metric.deletions)
        (0.25, 1.0)
    """

    def __init__(self, decoder=None, *, name: str = "cer", **kwargs):
        super().__init__(decoder=decoder, name=name, **kwargs)
