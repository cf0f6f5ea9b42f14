"""The base class of metrics of keywords: clips counted by kind and by score."""

import abc

import keras
from keras import ops

from speechkit import _checks
from speechkit.metrics import _batch_checks, _sums
from speechkit.ops.time import masks, precision


class KeywordMetric(keras.metrics.Metric, abc.ABC):
    """Counts clips in bins of their scores; a subclass says what the rate is."""

    def __init__(self, num_bins, class_index=None, *, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        if class_index is not None:
            class_index = _checks.check_int("class_index", class_index, minimum=0)
        self.class_index = class_index
        # Clips without the keyword, and with it.
        self._bins = self.add_variable(
            (2, num_bins), "zeros", dtype=_sums.DTYPE, name="bins"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        mask = masks.get_mask(y_pred)
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight)
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        scores, flags = self._scores(y_pred, y_true, sample_weight)
        weights = ops.full(ops.shape(scores), _sums.UNIT, dtype=_sums.DTYPE)
        if sample_weight is not None:
            weights = _like(_sums.in_units(sample_weight), scores) * (
                ops.ones_like(weights)
            )
        if mask is not None:
            weights = weights * ops.cast(_like(mask, scores), _sums.DTYPE)
        kinds, number = self._bins.shape
        places = ops.cast(flags, "int32") * number + self.bins_of(scores)
        flat = [ops.reshape(side, (-1,)) for side in (weights, places)]
        sums = ops.segment_sum(*flat, num_segments=kinds * number)
        _sums.add(self._bins, ops.reshape(sums, (kinds, number)))

    @abc.abstractmethod
    def bins_of(self, scores):
        """Returns the bin of each score, int32."""

    @abc.abstractmethod
    def rate(self, others, keywords):
        """Returns the rate of the clips in the bins, which are sums of weights."""

    def result(self):
        bins = ops.cast(self._bins, precision.WIDE_FLOAT) / _sums.UNIT
        return ops.cast(self.rate(bins[0], bins[1]), "float32")

    def merge_state(self, metrics):
        """Adds what other metrics of the same kind have counted."""
        for metric in metrics:
            self._bins.assign_add(metric._bins)

    def get_config(self):
        return {**super().get_config(), "class_index": self.class_index}

    def _scores(self, scores, y_true, sample_weight):
        if self.class_index is None:
            flags = ops.cast(y_true, "float32") > 0.5
        else:
            self._check_classes(scores.shape)
            scores = scores[..., self.class_index]
            flags = ops.cast(y_true, "int32") == self.class_index
        _batch_checks.check_scores(y_true, scores, sample_weight)
        return scores, ops.reshape(flags, ops.shape(scores))

    def _check_classes(self, shape):
        if len(shape) < 2 or (shape[-1] is not None and shape[-1] <= self.class_index):
            raise ValueError(
                f"`y_pred` must have a score for each class, and a class "
                f"{self.class_index}, the `class_index`. Received shape: {tuple(shape)}"
            )


def divide(part, whole):
    """Returns a share; NaN if there is nothing to share."""
    share = part / ops.where(whole > 0, whole, ops.ones_like(whole))
    return ops.where(whole > 0, share, ops.full_like(share, float("nan")))


def _like(values, scores):
    """Returns one value for each clip, or each frame of it, in the rank of scores."""
    values = ops.convert_to_tensor(values)
    missing = len(scores.shape) - len(values.shape)
    if missing < 0:
        return ops.reshape(values, ops.shape(scores))
    return ops.reshape(values, (*ops.shape(values), *[1] * missing))
