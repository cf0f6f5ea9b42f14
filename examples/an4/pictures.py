"""Pictures of a run: how it was learned, and when the model says what."""

import keras
import numpy as np

from examples.an4.config import Config
from speechkit import datasets, decoders, layers, models, plots


def draw(
    model: models.CTCRecognizer,
    recording: datasets.Recording,
    history: dict[str, list[float]],
    config: Config,
) -> None:
    """Writes `training.png` and, for one recording, `alignment.png`."""
    plots.save(plots.training_curves(history), config.out / "training.png")
    _draw_alignment(model, recording, config)


def _draw_alignment(model, recording, config):
    rate = model.sampling_rate
    waveform = recording.read(rate)[None]
    logits = model.predict_on_batch(waveform)
    labels = np.array([model.vocabulary.encode(recording.text)])
    (aligned,) = decoders.ctc_align(
        labels, logits, frame_step_seconds=config.output_step_seconds()
    )
    front_end = layers.LogMelSpectrogram(rate, floor=1e-8)
    picture = plots.alignment(
        aligned.labels,
        np.asarray(keras.ops.softmax(logits[0])),
        levels=10 / np.log(10) * np.asarray(front_end(waveform))[0],
        frame_step_seconds=config.output_step_seconds(),
        frame_step=front_end.frame_step,
        sampling_rate=rate,
        names=["", *model.vocabulary.tokens],
    )
    plots.save(picture, config.out / "alignment.png")
