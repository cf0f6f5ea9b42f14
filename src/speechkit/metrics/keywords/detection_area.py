"""How well scores tell keywords from all else, whatever the threshold."""

import keras
from keras import ops

from speechkit.metrics.keywords import _binned_metric


@keras.saving.register_keras_serializable(package="speechkit")
class DetectionArea(_binned_metric.BinnedMetric):
    """Gives the chance that a keyword scores above other speech: the area of the ROC.

    Scores from 0 to 1 are counted in bins, in integers: neither the order of batches
    nor the number of replicas changes a bit. The result is exactly the `area` of a
    `DetectionCurve` for scores rounded down to bins; for the scores themselves it is
    off by no more than half the chance that a keyword and another clip share a bin.
    Frames that a mask leaves out do not count. Without clips of both kinds it is not a
    number.

    Args:
        num_bins: Number of bins; scores beyond 0 and 1 are in the first and the last.
        class_index: Class that is the keyword, if the model tells several apart. `None`
            means that it gives one score.
        name: Name of the metric.
        **kwargs: Arguments of `keras.metrics.Metric`.

    Call arguments:
        y_true: Whether each clip or frame has the keyword; of several, its class.
        y_pred: Scores, one for each of `y_true`; with classes on one more axis.
        sample_weight: `(batch,)` or like `y_true`: how many times each one counts.

    Raises:
        ValueError: If `num_bins` is below 2, or `class_index` is no class.

    Example:
        >>> metric = DetectionArea()
        >>> metric.update_state([1, 0, 1, 0], [0.9, 0.8, 0.3, 0.1])
        >>> float(metric.result())
        0.75
    """

    def __init__(
        self,
        num_bins: int = 1000,
        class_index: int | None = None,
        *,
        name: str = "detection_area",
        **kwargs,
    ):
        super().__init__(num_bins, class_index, name=name, **kwargs)

    def rate(self, others, keywords):
        accepted, rejected = self.rates(others, keywords)
        heights = 2 - rejected[1:] - rejected[:-1]
        return ops.sum((accepted[:-1] - accepted[1:]) * heights) / 2
