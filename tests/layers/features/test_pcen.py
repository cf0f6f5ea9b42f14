"""Tests of the numbers and the errors of `PCEN`."""

import librosa
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import PCEN


@pytest.fixture
def energies(random):
    """Two clips of 300 frames of 4 energies over six decades."""
    return (10 ** random.uniform(-3, 3, size=(2, 300, 4))).astype("float32")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"gain": 0.5, "bias": 10.0, "power": 0.25},
        {"gain": 1.0, "power": 1.0, "epsilon": 0.1},
    ],
)
def test_outputs_equal_librosa(energies, options):
    outputs = PCEN(smoothing=0.04, initial_level=1.0, **options)(energies)

    renamed = {"eps" if key == "epsilon" else key: v for key, v in options.items()}
    expected = librosa.pcen(energies.astype("float64"), b=0.04, axis=1, **renamed)
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)


def test_outputs_equal_the_formula_of_the_paper(energies):
    outputs = PCEN(smoothing=0.1, gain=0.9, bias=1.5, power=0.4, epsilon=0.01)(energies)

    levels = [energies[:, 0].astype("float64")]
    for time in range(1, 300):
        levels.append(0.1 * energies[:, time] + 0.9 * levels[-1])
    normalized = energies / (0.01 + np.stack(levels, axis=1)) ** 0.9
    expected = (normalized + 1.5) ** 0.4 - 1.5**0.4
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)


def test_padding_never_reaches_a_valid_frame(energies):
    layer = PCEN()

    outputs = layer(masked(energies, [300, 130]))

    np.testing.assert_allclose(
        outputs[1:, :130], layer(energies[1:, :130]), rtol=1e-5, atol=1e-6
    )
    assert np.isfinite(np.asarray(outputs)).all()


def test_silence_stays_silent():
    np.testing.assert_array_equal(PCEN()(np.zeros((1, 5, 3))), 0)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("smoothing", 0.0, "above 0"),
        ("smoothing", 1.5, "from 0 to 1"),
        ("gain", -0.1, "from 0 to 1"),
        ("bias", 0, "above 0"),
        ("power", 0, "above 0"),
        ("epsilon", 0, "above 0"),
        ("initial_level", -1, "of 0 or more"),
    ],
)
def test_rejects_parameters_out_of_range(name, value, accepted):
    message = f"`{name}` must be a .*{accepted}. Received: {name}={value}"

    with pytest.raises(ValueError, match=message):
        PCEN(**{name: value})
