"""Tests of the numbers and the errors of `LevelNormalization`."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import LevelNormalization


def test_output_equals_numpy(waveforms):
    expected = waveforms / np.sqrt(np.mean(waveforms**2, axis=1, keepdims=True))

    outputs = LevelNormalization()(waveforms)

    np.testing.assert_allclose(outputs, expected, rtol=1e-5)


def test_level_of_a_recording_does_not_matter(waveforms):
    loud, quiet = (LevelNormalization()(gain * waveforms) for gain in (1.0, 0.01))

    # At 0.001 of full scale, epsilon is a ten-thousandth of the power.
    np.testing.assert_allclose(quiet, loud, rtol=1e-4)


def test_level_is_that_of_the_valid_samples(waveforms):
    outputs = np.asarray(LevelNormalization()(masked(waveforms, [1600, 400])))

    np.testing.assert_allclose(np.mean(outputs[1, :400] ** 2), 1, rtol=1e-5)
    np.testing.assert_array_equal(outputs[1, 400:], 0)


def test_silence_stays_silent():
    outputs = LevelNormalization()(np.zeros((1, 100), dtype="float32"))

    np.testing.assert_array_equal(outputs, 0)


@pytest.mark.parametrize("epsilon", [0, -1.0, None])
def test_rejects_an_epsilon_that_is_not_positive(epsilon):
    with pytest.raises(ValueError, match="`epsilon` must be a finite number above 0"):
        LevelNormalization(epsilon)
