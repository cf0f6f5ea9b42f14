"""Tests of `to_saved_model` and `to_onnx`: what is written answers as the model."""

import sys

import keras
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from speechkit import export, layers, models
from speechkit.export.measuring import _certificate


def make(transform="matrix"):
    features = layers.LogMelSpectrogram(8000, num_mel_bins=8, transform=transform)
    return models.CommandRecognizer(
        ["on", "off"],
        8000,
        # Augmentation has no part in a file, whatever its attributes are called.
        waveform_augmentation=[layers.Speed((0.9, 1.1)), layers.Gain()],
        front_end=[features],
        feature_augmentation=[layers.TimeWarp(2)],
        encoder=[keras.layers.GRU(4, return_sequences=True)],
    )


@pytest.fixture
def clips(random):
    return random.normal(scale=0.1, size=(3, 2000)).astype("float32")


def test_saved_model_serves_batches_of_any_length(tmp_path, clips):
    model = make("fft")

    path = export.to_saved_model(model, tmp_path / "served")

    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    for batch in (clips, clips[:1, :900]):
        answer = serve(waveforms=tf.constant(batch))["output"]
        np.testing.assert_allclose(answer, model(batch), atol=1e-5)


def test_saved_model_takes_lengths(tmp_path, clips):
    model = make()
    lengths = np.array([2000, 900, 1500], "int32")

    path = export.to_saved_model(model, tmp_path / "served")

    serve = tf.saved_model.load(str(path)).signatures["with_lengths"]
    answer = serve(waveforms=tf.constant(clips), lengths=tf.constant(lengths))
    expected = model({"waveforms": clips, "lengths": lengths})
    np.testing.assert_allclose(answer["output"], expected, atol=1e-5)


def test_onnx_answers_for_batches_of_any_length(tmp_path, clips):
    model = make()

    path = export.to_onnx(model, tmp_path / "model.onnx")

    session = onnxruntime.InferenceSession(path)
    for batch in (clips, clips[:1, :900]):
        (answer,) = session.run(None, {"waveforms": batch})
        np.testing.assert_allclose(answer, model(batch), atol=1e-5)


def test_onnx_needs_spectra_without_an_fft(tmp_path):
    with pytest.raises(
        ValueError, match="must compute spectra with transform='matrix'"
    ):
        export.to_onnx(make("fft"), tmp_path / "model.onnx")


def test_onnx_rejects_other_suffixes(tmp_path):
    with pytest.raises(ValueError, match=r"`path` must end in \.onnx"):
        export.to_onnx(make(), tmp_path / "model.tflite")


def test_onnx_names_the_package_that_it_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)

    with pytest.raises(ImportError, match="needs tf2onnx: pip install 'tf2onnx>=1"):
        export.to_onnx(make(), tmp_path / "model.onnx")


@pytest.mark.parametrize(
    ("write", "name"),
    [(export.to_saved_model, "served"), (export.to_onnx, "model.onnx")],
)
def test_what_answers_otherwise_is_not_left(tmp_path, monkeypatch, write, name):
    monkeypatch.setitem(_certificate.LIMITS, "float32", -1.0)

    with pytest.raises(ValueError, match="which differs by"):
        write(make(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_answers_otherwise_leaves_what_was_there(tmp_path, monkeypatch):
    path = export.to_saved_model(make(), tmp_path / "served")
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    monkeypatch.setitem(_certificate.LIMITS, "float32", -1.0)

    with pytest.raises(ValueError, match="which differs by"):
        export.to_saved_model(make(), path)

    after = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert after == before


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "variables").mkdir()

    with pytest.raises(ValueError, match=r"`path` must be a new folder.*'thesis.txt'"):
        export.to_saved_model(make(), tmp_path)

    with pytest.raises(ValueError, match=r"`path` must be a new folder.*, a file"):
        export.to_saved_model(make(), tmp_path / "thesis.txt")

    assert (tmp_path / "thesis.txt").read_text() == "mine"
