"""Tests of the numbers of `SentenceErrorRate` against a comparison of texts."""

import pytest

from speechkit.metrics import SentenceErrorRate


def test_rate_is_the_share_of_texts_that_differ(corpus, labels_of):
    references, hypotheses = corpus
    metric = SentenceErrorRate()

    for start in range(0, 60, 16):
        batch = slice(start, start + 16)
        metric.update_state(labels_of(references[batch]), labels_of(hypotheses[batch]))

    wrong = [a != b for a, b in zip(references, hypotheses, strict=True)]
    assert 0 < sum(wrong) < 60
    assert float(metric.result()) == pytest.approx(sum(wrong) / 60)


def test_a_weight_counts_a_clip_by_its_part(labels_of):
    metric = SentenceErrorRate()

    metric.update_state(labels_of(["a", "b"]), labels_of(["a", "c"]), [1.0, 0.25])

    assert float(metric.result()) == pytest.approx(0.25 / 1.25)
