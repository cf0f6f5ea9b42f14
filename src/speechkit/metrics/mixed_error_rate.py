"""The error rate of Chinese characters and of the words between them."""

from collections.abc import Iterable

import keras

from speechkit import _checks
from speechkit.metrics import _word_rate
from speechkit.ops.edits import words


@keras.saving.register_keras_serializable(package="speechkit")
class MixedErrorRate(_word_rate.WordRate):
    """Divides the errors of a corpus by its reference characters and words.

    A Chinese character is a token by itself; other labels make words, which end at
    a space or at a Chinese character. That is the usual rate of speech that mixes
    languages. Without any reference token the rate is 0, or infinite if there are
    errors.

    `hits`, `substitutions`, `deletions` and `insertions` are counted, too, as `align`
    counts them.

    Args:
        space_label: Label of the space, `CharacterVocabulary.space_label` for instance.
        character_labels: Labels that are tokens by themselves.
        decoder: Takes `y_pred` to labels, `CTCGreedyDecoder` for instance. `None` means
            that `y_pred` holds labels.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: What the decoder takes, or `(batch, labels)` like `y_true`.
        sample_weight: `(batch,)`: how many times each clip counts.

    Raises:
        ValueError: If a label is not an integer of 0 or more.

    Example:
        >>> metric = MixedErrorRate(space_label=1, character_labels=(5, 6))
        >>> metric.update_state([[5, 6, 2, 3]], [[5, 2, 3, -1]])
        >>> float(metric.result())  # one of three tokens: 5, 6, and the word 2 3
        0.3333333432674408
    """

    def __init__(
        self,
        space_label: int,
        character_labels: Iterable[int],
        *,
        decoder=None,
        name: str = "mixed_error_rate",
        **kwargs,
    ):
        super().__init__(space_label, decoder=decoder, name=name, **kwargs)
        self.character_labels = tuple(
            _checks.check_int("character_labels", label, minimum=0)
            for label in _checks.check_items(
                "character_labels", character_labels, "labels"
            )
        )

    def tokens(self, labels):
        return words.word_hashes(labels, self.space_label, self.character_labels)

    def get_config(self):
        labels = list(self.character_labels)
        return {**super().get_config(), "character_labels": labels}
