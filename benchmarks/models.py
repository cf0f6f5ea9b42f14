"""The models by name: weights, multiply–adds, size of the file, time for a second."""

import functools
import pathlib
import statistics
import tempfile

import numpy as np

from benchmarks import measuring
from speechkit import export, models, text

ROUNDS = 30
RATE = 16000
PRESETS = (
    "dnn",
    "cnn",
    "crnn",
    "gru",
    "lstm",
    "svdf",
    "ds_cnn",
    "ds_cnn_small",
    "ds_cnn_medium",
    "ds_cnn_large",
    "tc_resnet",
    "tc_resnet8",
    "tc_resnet14",
    "mhatt_rnn",
    "audionet",
)


def main() -> None:
    """Prints a row for each model."""
    waveform = np.random.default_rng(seed=0).normal(scale=0.1, size=RATE)
    print(f"{'':13} {'weights':>10} {'M mult–adds':>12} {'kB':>6} {'ms':>7}")
    for name in PRESETS:
        labels = [str(label) for label in range(24 if name == "audionet" else 12)]
        model = models.CommandRecognizer.from_preset(name, labels, sampling_rate=RATE)
        size, seconds = _measure_file(model, waveform.astype("float32"))
        print(
            f"{_row(name, model)} {size / 1000:6.0f} {1000 * seconds:7.2f}", flush=True
        )
    vocabulary = text.CharacterVocabulary(" 'abcdefghijklmnopqrstuvwxyz")
    for preset in ("small", "medium", "paper"):
        model = models.DeepSpeech2.from_preset(preset, vocabulary, sampling_rate=RATE)
        print(_row(preset, model), flush=True)


def _row(name, model) -> str:
    """Returns the name, the weights that are trained, and the multiply–adds for 1 s."""
    weights = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    return f"{name:13} {weights:10} {models.count_multiply_adds(model) / 1e6:12.1f}"


def _measure_file(model, waveform) -> tuple[int, float]:
    """Returns the bytes of the exported file and its median seconds, on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.tflite"
        export.to_tflite(model, path, num_samples=len(waveform))
        runner = export.TFLiteRunner(path)
        size = path.stat().st_size
    calls = {"file": functools.partial(runner, waveform)}
    return size, statistics.median(measuring.seconds_by_turns(calls, ROUNDS)["file"])


if __name__ == "__main__":
    main()
