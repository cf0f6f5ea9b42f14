"""Tests that the chain of SoX gives what SoX gives, on a sound made here."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from references.make_sox import RATE, voice
from speechkit import layers
from speechkit.ops.time.masks import get_mask

REFERENCES = Path(__file__).parents[2] / "references" / "sox.npz"
# The reference is kept with 16 bits.
ROUNDING = 1 / 32768


@pytest.fixture
def sox():
    with np.load(REFERENCES) as references:
        return {name: references[name] / 32768 for name in references.files}


def augmented(layer):
    """Returns the valid samples of the voice after the layer."""
    outputs = layer(voice()[None], training=True)
    mask = get_mask(outputs)
    return np.asarray(outputs)[0] if mask is None else tf.boolean_mask(outputs, mask)


def level(samples):
    return np.sqrt(np.mean(np.square(samples)))


@pytest.mark.parametrize("factor", [0.75, 1.25])
def test_tempo_equals_sox_sample_by_sample(sox, factor):
    played = augmented(layers.Tempo((factor, factor), sampling_rate=RATE))

    np.testing.assert_allclose(played, sox[f"tempo_{factor}"], atol=ROUNDING)


@pytest.mark.parametrize("cents", [-300, 400])
def test_pitch_equals_sox_but_for_the_low_pass(sox, cents):
    shifted = augmented(layers.PitchShift((cents, cents), sampling_rate=RATE))

    expected = sox[f"pitch_{cents}"]
    assert shifted.shape == expected.shape
    # Their low-pass filters differ above 3.4 kHz, where the voice has next to nothing;
    # places in the clip differ by the grid of speeds.
    assert level(shifted - expected) < 0.01 * level(expected)


def test_speed_equals_sox_but_for_the_low_pass(sox):
    played = augmented(layers.Speed((1.25, 1.25)))

    expected = sox["speed_1.25"]
    assert played.shape == expected.shape
    assert level(played - expected) < 0.001 * level(expected)


def test_flanger_equals_sox_sample_by_sample(sox):
    layer = layers.Flanger(
        (2, 2), (3, 3), width_percent=(60, 60), speed_hz=(5, 5), sampling_rate=RATE
    )

    np.testing.assert_allclose(augmented(layer), sox["flanger"], atol=ROUNDING)


def test_echos_equal_sox_sample_by_sample(sox):
    layer = layers.Echos(
        (10, 35), (0.3, 0.4), sampling_rate=RATE, num_echos=2, gain_out=0.7
    )
    draws = {"delay_ms": [[10.0, 35.0]], "decay": [[0.4, 0.3]], "wet": [1.0]}
    draws = {name: np.array(draw, "float32") for name, draw in draws.items()}

    outputs = layer.apply(voice()[None], draws)

    echoing = tf.boolean_mask(outputs, get_mask(outputs))
    np.testing.assert_allclose(echoing, sox["echos"], atol=ROUNDING)
