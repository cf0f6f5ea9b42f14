"""How much of the words of a corpus comes through."""

import keras
from keras import ops

from speechkit.metrics import _word_rate


@keras.saving.register_keras_serializable(package="speechkit")
class WordInformationPreserved(_word_rate.WordRate):
    """Multiplies the share of hits in the reference by their share in the hypothesis.

    Both shares are of the words of the corpus. The result is 1 if reference and
    hypothesis are empty, and 0 if only one of them is.

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
        >>> metric = WordInformationPreserved(space_label=1)
        >>> metric.update_state([[2, 1, 3]], [[2, 1, 4]])
        >>> float(metric.result())
        0.25
    """

    def __init__(self, space_label: int, decoder=None, *, name: str = "wip", **kwargs):
        super().__init__(space_label, decoder=decoder, name=name, **kwargs)

    def rate(self, counts):
        return share_preserved(counts)


def share_preserved(counts):
    """Returns hits² by the product of both lengths; 1 if both are 0."""
    words = counts.reference_length * counts.hypothesis_length
    both = counts.reference_length + counts.hypothesis_length
    share = ops.square(counts.hits) / ops.maximum(words, 1e-12)
    return ops.where(both > 0, share, ops.ones_like(share))
