"""The rate at which both kinds of mistakes are equally frequent."""

import keras
from keras import ops

from speechkit.metrics.keywords import _binned_metric


@keras.saving.register_keras_serializable(package="speechkit")
class EqualErrorRate(_binned_metric.BinnedMetric):
    """Gives the rate at which false accepts and false rejects are equally frequent.

    Scores from 0 to 1 are counted in bins, in integers: neither the order of batches
    nor the number of replicas changes a bit. The result is exactly the
    `equal_error_rate` of a `DetectionCurve` for scores rounded down to bins; for the
    scores themselves it is off by no more than the share of the clips of one kind that
    are within one bin. Frames that a mask leaves out do not count. Without clips of
    both kinds it is not a number.

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
        >>> metric = EqualErrorRate()
        >>> metric.update_state([1, 0, 1, 0], [0.9, 0.8, 0.3, 0.1])
        >>> float(metric.result())
        0.5
    """

    def __init__(
        self,
        num_bins: int = 1000,
        class_index: int | None = None,
        *,
        name: str = "equal_error_rate",
        **kwargs,
    ):
        super().__init__(num_bins, class_index, name=name, **kwargs)

    def rate(self, others, keywords):
        accepted, rejected = self.rates(others, keywords)
        # Nothing is accepted at the last threshold, so the rates cross before it.
        crossed = ops.cast(rejected >= accepted, "int32")
        after = ops.maximum(ops.argmax(crossed), 1)
        low, high = (ops.take(accepted, place) for place in (after - 1, after))
        gaps = accepted - rejected
        before, beyond = (ops.take(gaps, place) for place in (after - 1, after))
        return low + before / (before - beyond) * (high - low)
