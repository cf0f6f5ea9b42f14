"""Tests that each writer names the file where its folder cannot be written to."""

import errno
import os

import keras
import numpy as np
import pytest

from speechkit import audio, callbacks, datasets, decoders, plots, text

SAMPLES = np.zeros(80, "float32")
WRITERS = {
    "clip.wav": lambda path: audio.write(path, SAMPLES, sampling_rate=8000),
    "all.csv": lambda path: datasets.write_manifest(
        [datasets.Recording(path.with_name("clip.wav"), "on")], path
    ),
    "words.arpa": lambda path: decoders.NGramLanguageModel.train(["on"], order=1).write(
        path
    ),
    "words.arpa.gz": lambda path: decoders.NGramLanguageModel.train(
        ["on"], order=1
    ).write(path),
    "clip.png": lambda path: plots.save(plots.waveform(SAMPLES, 8000), path),
    "all.trn": lambda path: text.write_trn({"a": "on"}, path),
    "all.ctm": lambda path: text.write_ctm(
        [text.TimedWord("a", "1", 0, 1, "on")], path
    ),
    "all.stm": lambda path: text.write_stm(
        [text.Segment("a", "1", "anna", 0, 1, "on")], path
    ),
    "run.npz": lambda path: _train(callbacks.TrainingCheckpoint(path)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_cannot_be_written_to_is_said_with_the_file(
    name, tmp_path, monkeypatch
):
    path = tmp_path / name
    path.write_bytes(b"old") if name != "run.npz" else None
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises((OSError, ValueError)) as caught:
        WRITERS[name](path)

    message = str(caught.value)
    assert name in message
    assert "Read-only file system" in message
    assert sorted(tmp_path.iterdir()) == before


def refuse(path, *options, **more):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fspath(path))


def _train(checkpoint):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    checkpoint.set_model(model)
    checkpoint.on_epoch_end(0)
