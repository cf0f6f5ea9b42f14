"""The base class of metrics of all thresholds: bins of equal width."""

from keras import ops

from speechkit import _checks
from speechkit.metrics.keywords import _keyword_metric
from speechkit.ops.time import precision


class BinnedMetric(_keyword_metric.KeywordMetric):
    """Counts clips in bins of equal width from 0 to 1."""

    def __init__(self, num_bins, class_index=None, *, name=None, **kwargs):
        num_bins = _checks.check_int("num_bins", num_bins, minimum=2)
        super().__init__(num_bins, class_index, name=name, **kwargs)
        self.num_bins = num_bins

    def bins_of(self, scores):
        places = ops.floor(ops.cast(scores, precision.WIDE_FLOAT) * self.num_bins)
        # A score that is not a number is never accepted.
        places = ops.where(ops.isnan(places), ops.zeros_like(places), places)
        return ops.cast(ops.clip(places, 0, self.num_bins - 1), "int32")

    def rates(self, others, keywords):
        """Returns the false accept and false reject rates, `(bins + 1,)` each."""
        accepted = _keyword_metric.divide(_cumulated(ops.flip(others)), ops.sum(others))
        rejected = _keyword_metric.divide(_cumulated(keywords), ops.sum(keywords))
        return ops.flip(accepted), rejected

    def get_config(self):
        return {**super().get_config(), "num_bins": self.num_bins}


def _cumulated(counts):
    return ops.pad(ops.cumsum(counts), [[1, 0]])
