"""Tests of what `SpeechSummaries` writes, read from its files."""

import sys

import numpy as np
import pytest
import tensorflow as tf
from tensorboard.compat.proto import event_pb2
from tensorboard.util import tensor_util

from speechkit.callbacks import SpeechSummaries


def summaries_of(folder):
    """Returns the summaries in the files of a folder: `{(tag, step): tensor}`."""
    found = {}
    for path in folder.iterdir():
        for record in tf.data.TFRecordDataset(str(path)):
            event = event_pb2.Event.FromString(record.numpy())
            for value in event.summary.value:
                found[value.tag, event.step] = tensor_util.make_ndarray(value.tensor)
    return found


@pytest.fixture
def written(model, batch, decoder, tmp_path):
    callback = SpeechSummaries(
        batch,
        tmp_path / "logs",
        decoder=decoder,
        sampling_rate=8000,
        num_clips=2,
    )
    model.fit(*batch, epochs=2, verbose=0, callbacks=[callback])
    return summaries_of(tmp_path / "logs")


def test_texts_are_written_after_each_epoch(written):
    texts = {key: value.item() for key, value in written.items() if value.ndim == 0}

    assert texts["clip 2/reference", 0] == b"abb"
    for epoch in (1, 2):
        assert texts["clip 1/hypothesis", epoch] == b"ab a"
        assert texts["clip 2/hypothesis", epoch] == b"abc"


def test_sounds_and_pictures_are_written_once_without_padding(written, batch):
    inputs, _ = batch
    encoded = written["clip 2/sound", 0].flat[0]
    sound, rate = tf.audio.decode_wav(encoded)
    picture = tf.image.decode_png(written["clip 2/spectrogram", 0][2])

    expected = inputs["waveforms"][1, :3000]
    np.testing.assert_allclose(sound[:, 0], expected, atol=1e-4)
    assert int(rate) == 8000
    # 80 mel bins; frames of 200 samples each 80 samples.
    assert tuple(picture.shape) == (80, 1 + (3000 - 200) // 80, 1)
    assert len([tag for tag, _ in written if tag == "clip 2/sound"]) == 1


def test_says_what_is_missing(batch, decoder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)

    with pytest.raises(
        ImportError, match="needs tensorboard: pip install 'tensorboard>=2"
    ):
        SpeechSummaries(batch, tmp_path, decoder=decoder, sampling_rate=8000)


@pytest.mark.parametrize("name", ["sampling_rate", "num_clips"])
def test_rejects_wrong_arguments(batch, decoder, tmp_path, name):
    arguments = {"sampling_rate": 8000, name: 0}

    with pytest.raises(ValueError, match=f"`{name}` must be an integer of 1 or more"):
        SpeechSummaries(batch, tmp_path, decoder=decoder, **arguments)
