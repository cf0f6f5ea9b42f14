"""Tests of the numbers and the errors of `PreEmphasis`."""

import numpy as np
import pytest
import scipy.signal

from contract.masks import masked
from speechkit.layers import PreEmphasis
from speechkit.ops.time.masks import get_mask


@pytest.mark.parametrize("coefficient", [0, 0.5, 0.97])
def test_filter_equals_scipy(waveforms, coefficient):
    filtered = PreEmphasis(coefficient)(waveforms)

    expected = scipy.signal.lfilter([1, -coefficient], [1], waveforms)
    np.testing.assert_allclose(filtered, expected, atol=1e-7)


def test_mask_stays_as_it_is(waveforms):
    padded = masked(waveforms, [1600, 700])

    mask = get_mask(PreEmphasis()(padded))

    np.testing.assert_array_equal(mask, get_mask(padded))


@pytest.mark.parametrize("value", [-0.1, 1, 1.5, True, None, float("nan")])
def test_rejects_coefficients_that_are_no_rate(value):
    message = f"`coefficient` must be .* below 1. Received: coefficient={value}"

    with pytest.raises(ValueError, match=message):
        PreEmphasis(value)
