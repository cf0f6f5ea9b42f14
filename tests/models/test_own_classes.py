"""Tests that a vocabulary and an error rate of one's own stand where ours do."""

import keras
import numpy as np
import pytest
from keras import ops

from speechkit import audio, callbacks, decoders, layers, losses, metrics, models, text
from speechkit.cli.main import main


@keras.saving.register_keras_serializable(package="tests")
class Syllables(text.Vocabulary):
    """Labels of syllables between hyphens."""

    def __init__(self, syllables):
        self.syllables = tuple(syllables)

    @property
    def tokens(self):
        return self.syllables

    def split(self, text):
        return text.split("-")

    def join(self, tokens):
        return "-".join(tokens)

    def get_config(self):
        return {"syllables": list(self.syllables)}


@keras.saving.register_keras_serializable(package="tests")
class DeletionRate(metrics.ErrorRate):
    """Divides the deletions by the reference labels."""

    def rate(self, counts):
        return ops.divide_no_nan(counts.deletions, counts.reference_length)


@pytest.fixture(scope="module")
def clips():
    """Six short clips of noise, and the labels of "ka-ma" for each."""
    waveforms = np.random.default_rng(seed=0).normal(scale=0.1, size=(6, 4000))
    return waveforms.astype("float32"), np.tile([1, 2], (6, 1))


@pytest.fixture(scope="module")
def model(clips):
    """A recogniser of syllables, trained for a step with such a metric."""
    keras.utils.set_random_seed(0)
    vocabulary = Syllables(["ka", "ma"])
    model = models.CTCRecognizer(
        vocabulary,
        8000,
        front_end=[layers.LogMelSpectrogram(8000, num_mel_bins=8)],
        encoder=[keras.layers.GRU(4, return_sequences=True)],
    )
    rate = DeletionRate(decoders.CTCGreedyDecoder(vocabulary), name="deletion_rate")
    model.compile("sgd", losses.CTCLoss(), metrics=[rate], jit_compile=False)
    report = callbacks.DecodingReport(
        [clips], decoders.CTCGreedyDecoder(vocabulary), write=lambda line: None
    )
    history = model.fit(*clips, batch_size=3, verbose=0, callbacks=[report])
    assert {"deletion_rate", "val_wer"} <= history.history.keys()
    return model


def test_they_are_saved_with_the_model(model, clips, tmp_path):
    model.save(tmp_path / "model.keras")

    revived = keras.saving.load_model(tmp_path / "model.keras")

    expected = model.evaluate(*clips, verbose=0, return_dict=True)
    assert revived.evaluate(*clips, verbose=0, return_dict=True) == expected
    assert isinstance(revived.vocabulary, Syllables)
    assert revived.transcribe(clips[0]) == model.transcribe(clips[0])


def test_the_rate_is_that_of_the_score_of_the_texts(model, clips):
    found = model.evaluate(*clips, verbose=0, return_dict=True)["deletion_rate"]

    recognized = model.transcribe(clips[0])
    tokens = [text.split("-") if text else [] for text in recognized]
    counts = metrics.score([["ka", "ma"]] * 6, tokens).counts
    assert found == pytest.approx(counts.deletions / 12)


def test_the_command_line_writes_their_text(model, clips, tmp_path, capsys):
    waveforms, _ = clips
    model.save(tmp_path / "model.keras")
    audio.write(tmp_path / "clip.wav", waveforms[0], sampling_rate=8000)
    files = [str(tmp_path / name) for name in ("model.keras", "m.tflite", "clip.wav")]

    export = ["export", *files[:2], "--num-samples", "4000"]

    statuses = [main(export), main(["transcribe", *files[1:]])]

    (expected,) = model.transcribe(audio.read(files[2], 8000)[None])
    assert statuses == [0, 0]
    assert capsys.readouterr().out.splitlines()[-1] == expected
