"""The tone error rate of a corpus."""

from collections.abc import Iterable

import keras
from keras import ops

from speechkit import _checks
from speechkit.metrics.error_rate import ErrorRate
from speechkit.ops.edits import compaction


@keras.saving.register_keras_serializable(package="speechkit")
class ToneErrorRate(ErrorRate):
    """Divides the errors in the tones of a corpus by its reference tones.

    Only tones are compared: a wrong syllable in the right tone is a hit. Labels without
    a tone, such as initials and spaces, do not count. Without any reference tone the
    rate is 0, or infinite if there are errors.

    `hits`, `substitutions`, `deletions` and `insertions` are counted, too, as `align`
    counts them.

    Args:
        tones: Tone of each label, from label 0 on; −1 for labels without a tone.
        decoder: Takes `y_pred` to labels, `CTCGreedyDecoder` for instance. `None` means
            that `y_pred` holds labels.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: `(batch, labels)` integers; −1 after the last label of a clip.
        y_pred: What the decoder takes, or `(batch, labels)` like `y_true`.
        sample_weight: `(batch,)`: how many times each clip counts.

    Raises:
        ValueError: If a tone is not an integer of −1 or more.

    Example:
        >>> metric = ToneErrorRate(tones=(-1, -1, 1, 2, 3, 4))
        >>> metric.update_state([[2, 1, 3]], [[2, 1, 5]])
        >>> float(metric.result())  # tones 1 2 and 1 4
        0.5
    """

    def __init__(
        self,
        tones: Iterable[int],
        decoder=None,
        *,
        name: str = "tone_error_rate",
        **kwargs,
    ):
        super().__init__(decoder=decoder, name=name, **kwargs)
        self.tones = tuple(
            _checks.check_int("tones", tone, minimum=-1)
            for tone in _checks.check_items("tones", tones, "tones")
        )

    def tokens(self, labels):
        # Padding, and what is beyond the table, has no tone.
        table = ops.convert_to_tensor((*self.tones, -1), dtype="int32")
        known = ops.logical_and(labels >= 0, labels < len(self.tones))
        tones = ops.take(table, ops.where(known, labels, len(self.tones)), axis=0)
        return super().tokens(compaction.to_the_front(tones, tones >= 0))

    def get_config(self):
        return {**super().get_config(), "tones": list(self.tones)}
