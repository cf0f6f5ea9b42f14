"""The base class of metrics of one threshold: clips are accepted or rejected."""

from keras import ops

from speechkit import _checks
from speechkit.metrics.keywords import _keyword_metric


class ThresholdMetric(_keyword_metric.KeywordMetric):
    """Counts which clips are rejected, bin 0, and accepted, bin 1."""

    def __init__(self, threshold, class_index=None, *, name=None, **kwargs):
        super().__init__(2, class_index, name=name, **kwargs)
        self.threshold = _checks.check_probability("threshold", threshold)

    def bins_of(self, scores):
        return ops.cast(scores >= self.threshold, "int32")

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}
