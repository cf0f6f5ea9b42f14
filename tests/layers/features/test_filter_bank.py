"""Tests of the numbers and the errors of `FilterBank`."""

import numpy as np
import pytest

from speechkit.layers import FilterBank, Spectrogram
from speechkit.ops.signal.filter_banks import filter_bank


@pytest.mark.parametrize("filters", ["linear", "gammatone"])
@pytest.mark.parametrize("fft_length", [400, 512])
def test_outputs_equal_the_product_with_the_filters(waveforms, filters, fft_length):
    spectra = np.asarray(Spectrogram(400, 160, fft_length=fft_length)(waveforms))

    outputs = FilterBank(16000, 20, filters=filters, min_freq=100.0, max_freq=7000.0)(
        spectra
    )

    frequencies = np.linspace(0, 8000, spectra.shape[2])
    weights = filter_bank(filters, 20, frequencies, 100.0, 7000.0)
    np.testing.assert_allclose(outputs, spectra @ weights, rtol=1e-5)


@pytest.mark.parametrize("filters", ["linear", "gammatone"])
def test_a_sine_is_loudest_in_the_filter_around_it(filters):
    sine = np.sin(2 * np.pi * 1000 / 16000 * np.arange(16000))[None]

    outputs = FilterBank(16000, 7, filters=filters)(Spectrogram(400, 160)(sine))

    # Centres every 1000 Hz; or, on the ERB scale, at 129, 332, 648, 1143, … Hz.
    expected = 0 if filters == "linear" else 3
    np.testing.assert_array_equal(np.argmax(outputs, axis=2), expected)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("sampling_rate", 0, "an integer of 1 or more"),
        ("num_filters", 2.5, "an integer of 1 or more"),
        ("filters", "mel", "one of 'linear', 'gammatone'"),
        ("min_freq", -1, "of 0 or more"),
        ("max_freq", 9000, "at most half the sampling rate"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    arguments = {"sampling_rate": 16000, name: value}

    with pytest.raises(ValueError, match=f"`{name}` must be .*{accepted}"):
        FilterBank(**arguments)
