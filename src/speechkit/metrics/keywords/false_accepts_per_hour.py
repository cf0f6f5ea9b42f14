"""How often a detector wakes up for nothing."""

import keras

from speechkit import _checks
from speechkit.metrics.keywords import _keyword_metric, _threshold_metric


@keras.saving.register_keras_serializable(package="speechkit")
class FalseAcceptsPerHour(_threshold_metric.ThresholdMetric):
    """Gives the clips without a keyword that are accepted in an hour of such clips.

    Clips are summed, never averaged, in integers: neither the order of batches nor the
    number of replicas changes a bit. Frames that a mask leaves out do not count. The
    same as `DetectionCurve.false_accepts_per_hour`; not a number if every clip has the
    keyword.

    Args:
        clip_seconds: Length of a clip, or the step between two scores of one.
        threshold: Score from which on a clip is accepted.
        class_index: Class that is the keyword, if the model tells several apart. `None`
            means that it gives one score.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: Whether each clip or frame has the keyword; of several, its class.
        y_pred: Scores, one for each of `y_true`; with classes on one more axis.
        sample_weight: `(batch,)` or like `y_true`: how many times each one counts.

    Raises:
        ValueError: If `clip_seconds` is not above 0, `threshold` is not from 0 to 1, or
            `class_index` is no class.

    Example:
        >>> metric = FalseAcceptsPerHour(clip_seconds=1, threshold=0.5)
        >>> metric.update_state([1, 0, 0], [0.9, 0.2, 0.6])
        >>> float(metric.result())  # one in two seconds
        1800.0
    """

    def __init__(
        self,
        clip_seconds: float,
        threshold: float = 0.5,
        *,
        class_index: int | None = None,
        name: str = "false_accepts_per_hour",
        **kwargs,
    ):
        super().__init__(threshold, class_index, name=name, **kwargs)
        self.clip_seconds = _checks.check_number(
            "clip_seconds", clip_seconds, above=True
        )

    def rate(self, others, keywords):
        hours = (others[0] + others[1]) * self.clip_seconds / 3600
        return _keyword_metric.divide(others[1], hours)

    def get_config(self):
        return {**super().get_config(), "clip_seconds": self.clip_seconds}
