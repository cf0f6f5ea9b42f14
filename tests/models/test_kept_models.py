"""Tests that models which were saved once load and answer as they did then."""

from pathlib import Path

import keras
import numpy as np
import pytest

from speechkit import models

REFERENCES = Path(__file__).parents[1] / "references"
KINDS = {
    "command_recognizer": models.CommandRecognizer,
    "spotter_preset": models.CommandRecognizer,
    "recurrent_spotter": models.CommandRecognizer,
    "ctc_recognizer": models.CTCRecognizer,
    "deep_speech_2": models.DeepSpeech2,
    "waveform_model": models.WaveformModel,
}


@pytest.fixture(scope="module")
def kept():
    with np.load(REFERENCES / "models.npz") as file:
        return dict(file)


def test_every_kind_of_model_is_kept():
    kinds = {getattr(models, name) for name in models.__all__ if name[0].isupper()}

    assert set(KINDS.values()) == kinds
    assert {path.stem for path in REFERENCES.glob("*.keras")} == set(KINDS)
    assert max(path.stat().st_size for path in REFERENCES.iterdir()) < 50_000


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_a_kept_model_answers_as_it_did(name, kind, kept):
    waveforms = kept["samples"].astype("float32") / 32768
    lengths = np.array([2400, 1500], dtype="int32")

    model = keras.saving.load_model(REFERENCES / f"{name}.keras")

    assert type(model) is kind
    answers = model({"waveforms": waveforms, "lengths": lengths})
    # Releases of TensorFlow add in other orders.
    np.testing.assert_allclose(answers, kept[name], rtol=1e-4, atol=1e-4)
