"""Tests of the other rates of words, and of all counts, against jiwer."""

import hypothesis
import jiwer
import pytest
from hypothesis import strategies

from speechkit import metrics

SENTENCES = strategies.lists(
    strategies.text(alphabet="abc", min_size=1, max_size=2), max_size=7
).map(" ".join)
JUDGES = {
    metrics.MatchErrorRate: "mer",
    metrics.WordErrorRate: "wer",
    metrics.WordInformationLost: "wil",
    metrics.WordInformationPreserved: "wip",
}


@pytest.mark.parametrize(
    ("metric_class", "name"), JUDGES.items(), ids=lambda value: str(value)
)
def test_rates_and_counts_are_those_of_jiwer(corpus, labels_of, metric_class, name):
    references, hypotheses = corpus
    metric = metric_class(space_label=1)

    for start in range(0, 60, 16):
        batch = slice(start, start + 16)
        metric.update_state(labels_of(references[batch]), labels_of(hypotheses[batch]))

    judged = jiwer.process_words(references, hypotheses)
    assert float(metric.result()) == pytest.approx(getattr(judged, name), rel=1e-6)
    for count in ("hits", "substitutions", "deletions", "insertions"):
        assert float(getattr(metric, count)) == getattr(judged, count)


@hypothesis.given(
    pairs=strategies.lists(
        strategies.tuples(SENTENCES, SENTENCES), min_size=20, max_size=20
    )
)
@hypothesis.settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_counts_in_the_graph_are_those_of_plain_python(labels_of, pairs):
    references, hypotheses = map(list, zip(*pairs, strict=True))
    metric = metrics.WordErrorRate(space_label=1)

    metric.update_state(labels_of(references), labels_of(hypotheses))

    counts = metrics.count_errors(references, hypotheses)
    assert float(metric.hits) == counts.hits
    assert float(metric.substitutions) == counts.substitutions
    assert float(metric.deletions) == counts.deletions
    assert float(metric.insertions) == counts.insertions


@pytest.mark.parametrize("metric_class", JUDGES)
@pytest.mark.parametrize("value", [-1, None, 1.0])
def test_rejects_a_space_that_is_no_label(metric_class, value):
    message = f"`space_label` must be an integer of 0 or more. .*space_label={value}"

    with pytest.raises(ValueError, match=message):
        metric_class(space_label=value)
