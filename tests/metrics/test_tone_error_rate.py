"""Tests of the numbers of `ToneErrorRate` against jiwer on the tones alone."""

import jiwer
import numpy as np
import pytest

from speechkit.metrics import ToneErrorRate

# Labels 0 to 2 have no tone; then two syllables in each of five tones.
TONES = (-1, -1, -1, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5)


def tones_of(row):
    return "".join(str(TONES[label]) for label in row if TONES[label] > 0)


def test_rate_is_that_of_the_tones(random):
    rows = random.integers(0, len(TONES), size=(2, 40, 12)).astype("int32")
    metric = ToneErrorRate(TONES)

    metric.update_state(*rows)

    texts = [[tones_of(row) for row in side] for side in rows]
    assert float(metric.result()) == pytest.approx(jiwer.cer(*texts), rel=1e-6)


def test_a_wrong_syllable_in_the_right_tone_is_a_hit():
    metric = ToneErrorRate(TONES)

    metric.update_state(np.array([[3, 4, -1]]), np.array([[8, 1, 9]]))

    assert (float(metric.result()), float(metric.hits)) == (0, 2)


def test_labels_beyond_the_table_have_no_tone():
    metric = ToneErrorRate((1, 2))

    metric.update_state(np.array([[0, 1]]), np.array([[0, 7]]))

    assert float(metric.deletions) == 1
    assert float(metric.substitutions) == 0


@pytest.mark.parametrize("value", [(1, -2), (None,), ("1",)])
def test_rejects_tones_that_are_no_integers(value):
    with pytest.raises(ValueError, match="`tones` must be an integer of -1 or more"):
        ToneErrorRate(value)
