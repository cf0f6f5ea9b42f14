"""The promises that every model of the library keeps."""

import inspect
import json

import keras
import numpy as np
import pytest

from contract.masks import valid_part
from contract.model_cases import CASES
from speechkit import export, losses, models

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

LENGTHS = np.array([8000, 5000, 700], dtype="int32")


@pytest.fixture(params=CASES.values(), ids=[model.__name__ for model in CASES])
def make(request):
    return request.param


@pytest.fixture
def batch(random):
    """Three clips of noise at 8 kHz, with NaN behind each."""
    waveforms = random.normal(scale=0.1, size=(3, 8000)).astype("float32")
    behind = np.arange(8000) >= LENGTHS[:, None]
    return {"waveforms": np.where(behind, np.nan, waveforms), "lengths": LENGTHS}


def test_every_public_model_has_a_case():
    public = {
        member
        for _, member in inspect.getmembers(models, inspect.isclass)
        if issubclass(member, keras.Model)
    }

    assert public <= set(CASES)


def test_a_padded_clip_equals_the_clip_alone(make, batch):
    model = make()

    together = model(batch)

    for clip, length in enumerate(LENGTHS):
        alone = np.asarray(model(batch["waveforms"][clip : clip + 1, :length]))[0]
        np.testing.assert_allclose(
            valid_part(together, clip), alone, rtol=1e-4, atol=1e-5
        )


def test_inputs_may_be_a_pair(make, batch):
    model = make()

    pair = model((batch["waveforms"], batch["lengths"]))

    np.testing.assert_array_equal(pair, model(batch))


def test_config_is_json_and_survives_a_round_trip(make):
    model = make(name="under_test")
    config = model.get_config()

    revived = type(model).from_config(json.loads(json.dumps(config)))

    assert json.dumps(revived.get_config()) == json.dumps(config)


def test_saved_model_gives_the_same_numbers(make, batch, tmp_path):
    model = make()
    model(batch)
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")

    np.testing.assert_array_equal(revived(batch), model(batch))


def test_training_lowers_the_loss_and_never_meets_the_padding(make, batch):
    model = make()
    is_ctc = isinstance(model, models.CTCRecognizer)
    labels = np.array([[1, 2], [3, -1], [2, -1]]) if is_ctc else np.array([0, 1, 0])
    loss = losses.CTCLoss() if is_ctc else "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(0.01), loss)

    history = model.fit(batch, labels, epochs=24, verbose=0).history["loss"]

    # Augmentation and dropout make the loss of one epoch a matter of luck.
    assert np.mean(history[-8:]) < np.mean(history[:8])
    assert all(np.isfinite(np.asarray(v)).all() for v in model.weights)


def test_mixed_precision_comes_close(make, batch):
    model = make()
    expected = np.asarray(model(batch))
    keras.config.set_dtype_policy("mixed_float16")
    half = make()
    half.set_weights(model.get_weights())

    outputs = np.asarray(half(batch))

    # Half precision has 11 bits; the recurrence rounds at every frame.
    assert outputs.dtype == "float32"
    np.testing.assert_allclose(outputs, expected, atol=0.05)


def test_exported_model_gives_the_same_numbers(make, batch, tmp_path):
    model = make()
    path = export.to_tflite(model, tmp_path / "model.tflite", num_samples="any")
    clips = [row[:n] for row, n in zip(batch["waveforms"], LENGTHS, strict=True)]

    parity = export.measure_parity(model, export.TFLiteRunner(path), waveforms=clips)

    assert parity.num_clips == 3
    assert parity.largest_difference < 1e-5


def test_rejects_integer_samples(make):
    with pytest.raises(ValueError, match=r"`waveforms` .* Received: dtype=int16"):
        make()(np.zeros((1, 8000), dtype="int16"))
