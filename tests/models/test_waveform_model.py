"""Tests of models that users derive from `WaveformModel`; `tests/contract` has more."""

import keras
import numpy as np
import pytest

from contract.model_cases import WakeWord
from speechkit import export, layers
from speechkit.models import WaveformModel


@pytest.fixture
def clip(random):
    """Half a second of noise at 8 kHz."""
    return random.normal(scale=0.1, size=4000).astype("float32")


def test_a_model_of_ones_own_streams(clip, tmp_path):
    model = WakeWord(8000, name="wake_word")
    path = export.to_streaming_tflite(
        model, tmp_path / "stream.tflite", chunk_seconds=0.1
    )

    probabilities = export.StreamingRunner(path)(clip)

    np.testing.assert_allclose(probabilities, model(clip[None])[0], atol=1e-5)


def test_metadata_are_the_sampling_rate():
    assert WakeWord(8000).export_metadata() == {"sampling_rate": 8000}


def test_parts_are_the_layers_in_their_order():
    parts = {
        "waveform_augmentation": [layers.Gain()],
        "front_end": [layers.Frame(200, 80)],
        "feature_augmentation": [layers.TimeMasking(2)],
        "encoder": [keras.layers.Dense(3), keras.layers.Dense(4)],
        "head": [keras.layers.Dense(2)],
    }

    model = WaveformModel(8000, **parts)

    for name, part in parts.items():
        assert getattr(model, name) == tuple(part)
    assert model.layers == [layer for part in parts.values() for layer in part]


def test_config_has_what_the_constructor_takes():
    config = WakeWord(8000, units=3).get_config()

    assert (config["sampling_rate"], config["units"]) == (8000, 3)
    assert not set(WaveformModel.part_names) & set(config)


def test_rejects_sampling_rates_that_are_none():
    with pytest.raises(ValueError, match="`sampling_rate` must be an integer of 1 or"):
        WaveformModel(0, front_end=[layers.Frame(40, 20)], encoder=[], head=[])
