"""Export: the file for a phone, and the proof that it answers as the model does."""

import pathlib

from examples.progress_bar import progress
from examples.voice_commands.data import Corpus
from speechkit import export, models

LARGEST_DIFFERENCE = 1e-3


def export_model(
    model: models.CommandRecognizer, corpus: Corpus, path: pathlib.Path
) -> export.Parity:
    """Writes `path` and compares it with the model on every held-out clip.

    Raises:
        ValueError: If the file gives another answer than the model to any clip, or a
            probability that differs by 0.001 or more.
    """
    # Recordings differ in length, and `TFLiteRunner` is what runs them.
    export.to_tflite(model, path, num_samples="any")
    recordings = progress(
        corpus.splits["test"], description="compare .tflite", unit="clips"
    )
    waveforms = (r.read(corpus.sampling_rate) for r in recordings)
    parity = export.measure_parity(
        model, export.TFLiteRunner(path), waveforms=waveforms
    )
    if (
        parity.num_same_best < parity.num_clips
        or parity.largest_difference >= LARGEST_DIFFERENCE
    ):
        raise ValueError(f"{path} does not answer as the Keras model does: {parity}")
    return parity
