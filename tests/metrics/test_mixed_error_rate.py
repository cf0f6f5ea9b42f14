"""Tests of the numbers of `MixedErrorRate` against jiwer on text with more spaces."""

import jiwer
import numpy as np
import pytest

from speechkit.metrics import MixedErrorRate, count_errors

CHARACTERS = "? abc打开蓝牙"
CHINESE = tuple(range(5, 9))


def labels_of(texts):
    rows = np.full((len(texts), max(map(len, texts))), -1, "int32")
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = [CHARACTERS.index(c) for c in text]
    return rows


def test_rate_is_that_of_words_with_spaces_around_characters(random):
    references, hypotheses = (
        ["".join(random.choice([*" abc打开蓝牙"], 12)) for _ in range(40)]
        for _ in range(2)
    )
    metric = MixedErrorRate(space_label=1, character_labels=CHINESE)

    metric.update_state(labels_of(references), labels_of(hypotheses))

    spaced = [
        ["".join(f" {c} " if c in "打开蓝牙" else c for c in text) for text in texts]
        for texts in (references, hypotheses)
    ]
    assert float(metric.result()) == pytest.approx(jiwer.wer(*spaced), rel=1e-6)
    counts = count_errors(references, hypotheses, unit="mixed")
    assert float(metric.result()) == pytest.approx(counts.error_rate, rel=1e-6)


@pytest.mark.parametrize("value", [(-1,), (1.5,), ("a",)])
def test_rejects_characters_that_are_no_labels(value):
    with pytest.raises(ValueError, match="`character_labels` must be an integer of 0"):
        MixedErrorRate(space_label=1, character_labels=value)
