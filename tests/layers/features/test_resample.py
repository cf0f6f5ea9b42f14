"""Tests of the numbers and the errors of `Resample`."""

import math

import numpy as np
import pytest
import scipy.signal

from contract.masks import masked
from speechkit.layers import Resample
from speechkit.ops.time.masks import get_mask

RATES = [
    pytest.param(8000, 16000, id="double"),
    pytest.param(48000, 16000, id="third"),
    pytest.param(44100, 16000, id="odd-down"),
    pytest.param(16000, 22050, id="odd-up"),
    pytest.param(7, 5, id="small"),
    pytest.param(1, 9, id="many"),
    pytest.param(1000, 999, id="near"),
]


@pytest.mark.parametrize("samples", [1, 3, 160, 1600])
@pytest.mark.parametrize(("from_rate", "to_rate"), RATES)
def test_samples_equal_scipy(waveforms, from_rate, to_rate, samples):
    waveforms = waveforms[:, :samples]

    outputs = Resample(from_rate, to_rate)(waveforms)

    factor = math.gcd(from_rate, to_rate)
    expected = scipy.signal.resample_poly(
        waveforms.astype("float64"), to_rate // factor, from_rate // factor, axis=1
    )
    assert outputs.shape == expected.shape
    np.testing.assert_allclose(outputs, expected, atol=1e-6)


def test_equal_rates_change_nothing(waveforms):
    np.testing.assert_array_equal(Resample(16000, 16000)(waveforms), waveforms)


def test_no_sample_gives_no_sample():
    assert Resample(44100, 16000)(np.zeros((2, 0))).shape == (2, 0)


def test_an_hour_has_a_length():
    shape = Resample(44100, 48000).compute_output_shape((1, 44100 * 3600 + 1))

    assert shape == (1, 48000 * 3600 + 2)


@pytest.mark.parametrize(("from_rate", "to_rate"), RATES)
def test_a_padded_clip_ends_where_the_clip_alone_does(waveforms, from_rate, to_rate):
    layer = Resample(from_rate, to_rate)
    lengths = [1600, 701]

    outputs = layer(masked(waveforms, lengths))

    valid = np.asarray(get_mask(outputs))
    alone = np.asarray(layer(waveforms[1:, :701]))[0]
    np.testing.assert_array_equal(valid.sum(axis=1), [outputs.shape[1], len(alone)])
    np.testing.assert_allclose(np.asarray(outputs)[1, : len(alone)], alone, atol=1e-6)


@pytest.mark.parametrize("name", ["from_rate", "to_rate"])
@pytest.mark.parametrize("value", [0, 8000.0, None])
def test_rejects_rates_that_are_no_positive_integer(name, value):
    arguments = {"from_rate": 16000, "to_rate": 8000, name: value}

    with pytest.raises(ValueError, match=f"`{name}` .* Received: {name}={value}"):
        Resample(**arguments)
