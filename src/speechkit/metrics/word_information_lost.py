"""How much of the words of a corpus is lost."""

import keras

from speechkit.metrics import _word_rate
from speechkit.metrics.word_information_preserved import share_preserved


@keras.saving.register_keras_serializable(package="speechkit")
class WordInformationLost(_word_rate.WordRate):
    """Leaves what `WordInformationPreserved` leaves of 1.

    It is 0 if reference and hypothesis are empty, and 1 if only one of them is.

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
        >>> metric = WordInformationLost(space_label=1)
        >>> metric.update_state([[2, 1, 3]], [[2, 1, 4]])
        >>> float(metric.result())
        0.75
    """

    def __init__(self, space_label: int, decoder=None, *, name: str = "wil", **kwargs):
        super().__init__(space_label, decoder=decoder, name=name, **kwargs)

    def rate(self, counts):
        return 1 - share_preserved(counts)
