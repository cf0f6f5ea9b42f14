"""The report of `speechkit score`, as text, JSON or HTML."""

import dataclasses
import json
import math
from collections.abc import Mapping

from speechkit import metrics

_RATES = {
    "words": "Word error rate",
    "characters": "Character error rate",
    "mixed": "Mixed error rate",
}


@dataclasses.dataclass(frozen=True)
class Report:
    """Holds a score and the statistics of it.

    Attributes:
        score: The score.
        unit: What it counts.
        interval: How sure the error rate is; `None` without a reference token.
        comparison: How the system compares with another; `None` if with none.
        labels: Scores by the titles of labels, by those of categories.
    """

    score: metrics.Score
    unit: str
    interval: metrics.Interval | None
    comparison: metrics.MatchedPairs | None
    labels: Mapping[str, Mapping[str, metrics.Score]]


def make_report(
    score, *, unit, confidence, num_samples, comparison=None, labels=None
) -> Report:
    """Returns the report of a score, with those of labels that have utterances."""
    by_name = {utterance.utterance_id: utterance for utterance in score.utterances}
    parts = {
        category: {
            title: metrics.Score(tuple(by_name[n] for n in names if n in by_name))
            for title, names in titles.items()
        }
        for category, titles in (labels or {}).items()
    }
    interval = None
    if score.counts.reference_length:
        interval = metrics.bootstrap_interval(
            score, confidence=confidence, num_samples=num_samples
        )
    return Report(score, unit, interval, comparison, parts)


def to_text(report: Report, num_confusions: int, alignments: bool, color: bool) -> str:
    """Returns the table, the error rate and the most frequent errors."""
    parts = [metrics.score_to_text(report.score), "\n".join(_sentences(report))]
    parts += [
        f"{category}:\n{metrics.score_to_text(report.score, parts=titles)}"
        for category, titles in report.labels.items()
    ]
    frequent = metrics.confusions(report.score)[:num_confusions]
    if frequent:
        lines = [
            f"{c.count:6}  {c.reference or '***'} → {c.hypothesis or '***'}"
            for c in frequent
        ]
        parts.append("\n".join(["Most frequent errors:", *lines]))
    if alignments:
        parts += [
            f"{u.utterance_id}\n"
            + metrics.alignment_to_text(u.alignment, color=color, width=100)
            for u in report.score.utterances
            if u.alignment.counts.errors
        ]
    return "\n\n".join(parts)


def to_html(report: Report, num_confusions: int, alignments: bool, color: bool) -> str:
    """Returns a page with the table, and with every utterance that has errors."""
    note = " ".join(_sentences(report))
    title = _RATES[report.unit]
    return metrics.score_to_html(report.score, title=title, note=note).rstrip()


def to_json(report: Report, num_confusions: int, alignments: bool, color: bool) -> str:
    """Returns an object; an infinite number or NaN is `null`."""
    content = {
        "unit": report.unit,
        **_describe(report.score),
        "interval": _as_dict(report.interval),
        "comparison": _as_dict(report.comparison),
        "speakers": {
            name: _describe(part) for name, part in _speakers(report.score).items()
        },
        "labels": {
            category: {title: _describe(part) for title, part in titles.items()}
            for category, titles in report.labels.items()
        },
        "confusions": [
            dataclasses.asdict(confusion)
            for confusion in metrics.confusions(report.score)[:num_confusions]
        ],
    }
    if alignments:
        content["alignments"] = [
            {
                "utterance_id": u.utterance_id,
                "reference": u.alignment.reference,
                "hypothesis": u.alignment.hypothesis,
                "operations": u.alignment.operations,
            }
            for u in report.score.utterances
        ]
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)


def _sentences(report):
    rate = report.score.error_rate
    line = f"{_RATES[report.unit]}: {rate:.2%}"
    if report.interval is not None:
        low, high, confidence = dataclasses.astuple(report.interval)
        line += f", {confidence:.0%} interval {low:.2%} to {high:.2%}"
    yield line + "."
    if report.comparison is not None:
        test = report.comparison
        yield (
            f"Matched pairs: {test.num_segments} segments, z = {test.z:.3f}, "
            f"p = {test.p_value:.4f}; the "
            f"{'second' if test.z > 0 else 'first'} system has fewer errors."
        )


def _describe(score):
    counts = score.counts
    return {
        "utterances": len(score.utterances),
        "reference_length": counts.reference_length,
        "hits": counts.hits,
        "substitutions": counts.substitutions,
        "deletions": counts.deletions,
        "insertions": counts.insertions,
        "error_rate": _finite(counts.error_rate),
        "match_error_rate": counts.match_error_rate,
        "word_information_lost": counts.word_information_lost,
        "sentence_errors": score.sentence_errors,
        "sentence_error_rate": score.sentence_error_rate,
    }


def _speakers(score):
    known = all(u.speaker is not None for u in score.utterances)
    return metrics.by_speaker(score) if known else {}


def _as_dict(value):
    if value is None:
        return None
    return {name: _finite(number) for name, number in vars(value).items()}


def _finite(number):
    return number if math.isfinite(number) else None
