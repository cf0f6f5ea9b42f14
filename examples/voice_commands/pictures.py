"""Pictures of a run: a clip, the confusions, the training."""

import pathlib

import numpy as np

from examples.voice_commands.data import Corpus
from examples.voice_commands.evaluate import Answers
from speechkit import layers, plots


def draw(
    corpus: Corpus,
    answers: Answers,
    history: dict[str, list[float]],
    out: pathlib.Path,
) -> None:
    """Writes `waveform.png`, `spectrogram.png`, `confusion.png` and `training.png`."""
    rate = corpus.sampling_rate
    waveform = answers.recordings[0].read(rate)
    plots.save(plots.waveform(waveform, rate), out / "waveform.png")
    front_end = layers.LogMelSpectrogram(rate, num_mel_bins=40, floor=1e-8)
    frames = np.asarray(front_end(waveform[None]))[0]
    decibels = 10 / np.log(10) * frames
    picture = plots.spectrogram(
        decibels, frame_step=front_end.frame_step, sampling_rate=rate
    )
    plots.save(picture, out / "spectrogram.png")
    references = [corpus.encode(r.text) for r in answers.recordings]
    hypotheses = answers.probabilities.argmax(axis=1)
    picture = plots.confusion_matrix(references, hypotheses, labels=corpus.labels)
    plots.save(picture, out / "confusion.png")
    plots.save(plots.training_curves(history), out / "training.png")
