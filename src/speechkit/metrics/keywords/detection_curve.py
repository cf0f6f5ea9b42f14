"""False accepts against false rejects, at every threshold."""

import dataclasses
import statistics
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from speechkit import _checks


@dataclasses.dataclass(frozen=True)
class DetectionCurve:
    """Holds what a detector does at each threshold that makes a difference.

    A clip is accepted if its score is the threshold or more. `detection_curve` makes
    one.

    Attributes:
        thresholds: Rising thresholds; the last is infinite and accepts nothing.
        false_accepts: For each, how many clips without the keyword are accepted.
        false_rejects: For each, how many clips with the keyword are rejected.
        num_keywords: Number of clips with the keyword.
        num_others: Number of clips without it.
        hours: Length of the clips without it; `None` if unknown.
    """

    thresholds: npt.NDArray[np.float64]
    false_accepts: npt.NDArray[np.int64]
    false_rejects: npt.NDArray[np.int64]
    num_keywords: int
    num_others: int
    hours: float | None = None

    @property
    def false_accept_rates(self) -> npt.NDArray[np.float64]:
        """Share of the clips without the keyword that are accepted."""
        return self.false_accepts / self.num_others

    @property
    def false_reject_rates(self) -> npt.NDArray[np.float64]:
        """Share of the clips with the keyword that are rejected."""
        return self.false_rejects / self.num_keywords

    @property
    def true_accept_rates(self) -> npt.NDArray[np.float64]:
        """Share of the clips with the keyword that are accepted.

        Over `false_accept_rates` this is the receiver operating characteristic, ROC.
        """
        return 1 - self.false_reject_rates

    @property
    def false_accepts_per_hour(self) -> npt.NDArray[np.float64]:
        """Clips that are accepted wrongly in an hour without the keyword.

        Raises:
            ValueError: If `hours` is not known.
        """
        if self.hours is None:
            raise ValueError(
                "`hours` must be given for false accepts per hour. Received: hours=None"
            )
        return self.false_accepts / self.hours

    @property
    def area(self) -> float:
        """Area under the ROC, the chance that a keyword scores above other speech."""
        x, y = self.false_accept_rates[::-1], self.true_accept_rates[::-1]
        return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))

    @property
    def equal_error_rate(self) -> float:
        """Rate at which false accepts and false rejects are equally frequent.

        Between two thresholds the rates change along a line.
        """
        accepts, rejects = self.false_accept_rates, self.false_reject_rates
        after = int(np.argmax(rejects >= accepts))
        if after == 0:
            return float(accepts[0])
        gaps = accepts - rejects
        share = gaps[after - 1] / (gaps[after - 1] - gaps[after])
        return float(accepts[after - 1] + share * (accepts[after] - accepts[after - 1]))

    def deviates(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Returns the false accept and false reject rates on the axes of a DET plot.

        On them two normal distributions of scores make a straight line. Rates of 0
        and 1 are at infinity.

        References:
            Martin et al., The DET curve in assessment of detection task performance,
            1997.
        """
        return _normal(self.false_accept_rates), _normal(self.false_reject_rates)

    def threshold_for(
        self,
        *,
        false_accept_rate: float | None = None,
        false_accepts_per_hour: float | None = None,
        false_reject_rate: float | None = None,
    ) -> float:
        """Returns the threshold that keeps a target; give exactly one.

        For a target of false accepts it is the lowest that keeps it, so that as few
        keywords as possible are rejected; for one of false rejects it is the highest.

        Args:
            false_accept_rate: Largest share of clips without the keyword accepted.
            false_accepts_per_hour: Largest number of them in an hour.
            false_reject_rate: Largest share of clips with the keyword rejected.

        Raises:
            ValueError: If not exactly one target is given, or it is out of range.
        """
        targets = {
            "false_accept_rate": false_accept_rate,
            "false_accepts_per_hour": false_accepts_per_hour,
            "false_reject_rate": false_reject_rate,
        }
        given = {name: value for name, value in targets.items() if value is not None}
        if len(given) != 1:
            raise ValueError(
                f"Exactly one of {', '.join(targets)} must be given. "
                f"Received: {', '.join(given) or 'none'}"
            )
        ((name, target),) = given.items()
        _checks.check_number(name, target)
        rates = {
            "false_accept_rate": "false_accept_rates",
            "false_accepts_per_hour": "false_accepts_per_hour",
            "false_reject_rate": "false_reject_rates",
        }
        kept = np.flatnonzero(getattr(self, rates[name]) <= target)
        return float(self.thresholds[kept[-1 if name == "false_reject_rate" else 0]])


def detection_curve(
    scores: Sequence[float],
    is_keyword: Sequence[bool],
    *,
    hours: float | None = None,
) -> DetectionCurve:
    """Counts false accepts and false rejects at every threshold.

    Args:
        scores: How much each clip looks like the keyword; any scale.
        is_keyword: Whether it is the keyword.
        hours: Length of the clips without the keyword, for false accepts per hour.

    Raises:
        ValueError: If the lengths differ, a score is no number, or either kind of clip
            is missing.

    Example:
        >>> curve = detection_curve([0.9, 0.8, 0.3, 0.1], [True, False, True, False])
        >>> curve.equal_error_rate, curve.threshold_for(false_accept_rate=0)
        (0.5, 0.9)
    """
    values, flags = np.asarray(scores, "float64"), np.asarray(is_keyword, bool)
    if values.ndim != 1 or values.shape != flags.shape or np.isnan(values).any():
        raise ValueError(
            "`scores` must be numbers, as many as `is_keyword`. "
            f"Received: {values.shape} scores, {flags.shape} flags"
        )
    if flags.all() or not flags.any():
        raise ValueError(
            "`is_keyword` must hold clips of both kinds. "
            f"Received: {int(flags.sum())} of {len(flags)} with the keyword"
        )
    if hours is not None:
        _checks.check_number("hours", hours, above=True)
    thresholds = np.append(np.unique(values), np.inf)
    keywords, others = np.sort(values[flags]), np.sort(values[~flags])
    return DetectionCurve(
        thresholds=thresholds,
        false_accepts=len(others) - np.searchsorted(others, thresholds),
        false_rejects=np.searchsorted(keywords, thresholds),
        num_keywords=len(keywords),
        num_others=len(others),
        hours=hours,
    )


def _normal(rates):
    inverse = statistics.NormalDist().inv_cdf
    inside = (rates > 0) & (rates < 1)
    deviates = np.where(rates > 0, np.inf, -np.inf)
    deviates[inside] = [inverse(rate) for rate in rates[inside]]
    return deviates
