"""How many keywords are missed at a threshold."""

import keras

from speechkit.metrics.keywords import _keyword_metric, _threshold_metric


@keras.saving.register_keras_serializable(package="speechkit")
class FalseRejectRate(_threshold_metric.ThresholdMetric):
    """Gives the share of the clips with a keyword whose score is below a threshold.

    Clips are summed, never averaged, in integers: neither the order of batches nor the
    number of replicas changes a bit. Frames that a mask leaves out do not count. The
    same as `DetectionCurve.false_reject_rates`; not a number without a keyword.

    Args:
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
        ValueError: If `threshold` is not from 0 to 1, or `class_index` is no class.

    Example:
        >>> metric = FalseRejectRate(threshold=0.5)
        >>> metric.update_state([1, 1, 0], [0.9, 0.2, 0.6])
        >>> float(metric.result())
        0.5
    """

    def __init__(
        self,
        threshold: float = 0.5,
        class_index: int | None = None,
        *,
        name: str = "false_reject_rate",
        **kwargs,
    ):
        super().__init__(threshold, class_index, name=name, **kwargs)

    def rate(self, others, keywords):
        return _keyword_metric.divide(keywords[0], keywords[0] + keywords[1])
