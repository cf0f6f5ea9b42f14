"""Tests of filters against closed forms and `scipy.signal`."""

import numpy as np
import pytest
import scipy.signal

from speechkit.ops.signal.filter_banks import filter_bank


def test_linear_filters_are_equal_triangles():
    frequencies = np.linspace(0, 8000, 257)

    filters = filter_bank("linear", 7, frequencies, 400.0, 8000.0)

    for index in range(7):
        corners = 400 + 950 * np.arange(index, index + 3)
        expected = np.interp(frequencies, corners, [0, 1, 0])
        np.testing.assert_allclose(filters[:, index], expected, atol=1e-12)


def test_gammatone_centres_are_equally_spaced_in_bandwidths():
    frequencies = np.arange(8001)

    filters = filter_bank("gammatone", 20, frequencies, 50.0, 8000.0)

    # The number of ERBs below a frequency, after Glasberg and Moore.
    peaks = 21.4 * np.log10(1 + 0.00437 * frequencies[filters.argmax(axis=0)])
    ends = 21.4 * np.log10(1 + 0.00437 * np.array([50, 8000]))
    np.testing.assert_allclose(peaks, np.linspace(*ends, 22)[1:-1], atol=0.03)


def test_gammatone_filters_equal_the_response_of_scipys():
    rate, index = 16000, 6
    frequencies = np.arange(8001)
    filters = filter_bank("gammatone", 10, frequencies, 100.0, 7000.0)
    center = int(filters[:, index].argmax())

    taps, _ = scipy.signal.gammatone(center, "fir", numtaps=4096, fs=rate)
    _, response = scipy.signal.freqz(taps, worN=frequencies, fs=rate)

    power = np.abs(response) ** 2
    # Sampling and the negative frequencies add to the response, not to the filter.
    np.testing.assert_allclose(filters[:, index], power / power.max(), atol=3e-3)


def test_rejects_filters_without_a_bin():
    message = "`num_filters` must be .* num_filters=90, 33 bins; .* filter 0"

    with pytest.raises(ValueError, match=message):
        filter_bank("linear", 90, np.linspace(0, 8000, 33), 10.0, 8000.0)
