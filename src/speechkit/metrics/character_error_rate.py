"""The character error rate of a corpus."""

import keras
from keras import ops

from speechkit.metrics import _spaced_rate
from speechkit.ops.edits import compaction


@keras.saving.register_keras_serializable(package="speechkit")
class CharacterErrorRate(_spaced_rate.SpacedRate):
    """Divides the errors of a corpus by its reference characters.

    Errors and characters are summed over all clips, never averaged, so the rate does
    not depend on how clips are batched. Every label is a character. Spaces within a
    text are characters, too; those before its first word and after its last are not, as
    in `score` and `split_characters`. Without any reference character the rate is 0, or
    infinite if there are errors.

    `hits`, `substitutions`, `deletions` and `insertions` are counted, too, as `align`
    counts them.

    Args:
        decoder: Takes `y_pred` to labels, `CTCGreedyDecoder` for instance. `None` means
            that `y_pred` holds labels.
        space_label: Label of the space, `CharacterVocabulary.space_label` for instance.
            `None` means that of the decoder, if it has one. Without either, spaces
            before and after a text count.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: What the decoder takes, or `(batch, labels)` like `y_true`.
        sample_weight: `(batch,)`: how many times each clip counts.

    Raises:
        ValueError: If `space_label` is not an integer of 0 or more.

    Example:
        >>> metric = CharacterErrorRate()
        >>> metric.update_state([[1, 2, 3, 4]], [[1, 3, 4, -1]])
        >>> float(metric.result()), float(metric.deletions)
        (0.25, 1.0)
    """

    def __init__(
        self,
        decoder=None,
        *,
        space_label: int | None = None,
        name: str = "cer",
        **kwargs,
    ):
        super().__init__(decoder, space_label, name=name, **kwargs)

    def tokens(self, labels):
        space = self._space()
        if space is None:
            return super().tokens(labels)
        return super().tokens(_stripped(labels, space))


def _stripped(labels, space_label):
    """Returns labels without the spaces before the first word and after the last."""
    is_word = ops.cast((labels >= 0) & (labels != space_label), "int32")
    until_here = ops.cumsum(is_word, axis=1)
    from_here = ops.sum(is_word, axis=1, keepdims=True) - until_here + is_word
    return compaction.to_the_front(labels, (until_here > 0) & (from_here > 0))
