"""What quantisation costs keyword spotters in accuracy, on a voice never heard.

`python -m benchmarks.export_accuracy FOLDER` with the folder of a `manifest.csv` of the
columns path, text, split: `train` is learned and calibrated with, `dev` is scored.
Clips are cut or filled with silence to 1 s. What has been learned is kept in
`--weights`, and not learned again.
"""

import argparse
import csv
import json
import os
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from speechkit import audio, export, models

RATE = 8000
CALIBRATION_CLIPS = 50


def read_clips(folder: Path, split: str):
    """Returns `(clips, samples)` and the texts of a split."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] == split]
    clips = [audio.read(folder / row["path"], RATE)[:RATE] for row in rows]
    padded = np.stack([np.pad(clip, (0, RATE - len(clip))) for clip in clips])
    return padded.astype("float32"), [row["text"] for row in rows]


def trained(name: str, labels, clips, targets, epochs: int, weights: Path | None):
    """Returns a model of the zoo that has learned the clips, now or earlier."""
    keras.utils.set_random_seed(0)
    model = models.CommandRecognizer.from_preset(name, labels, sampling_rate=RATE)
    kept = weights and weights / f"{name}_{epochs}.weights.h5"
    if kept and kept.is_file():
        model.load_weights(kept)
        return model
    steps = epochs * len(clips) // 32
    rate = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.Adam(rate), loss)
    model.fit(clips, targets, batch_size=32, epochs=epochs, verbose=0)
    if kept:
        weights.mkdir(parents=True, exist_ok=True)
        model.save_weights(kept)
    return model


def accuracy_of(clips, targets):
    """Returns a function from an answering function to its accuracy."""

    def score(answer):
        best = [int(np.argmax(answer(clip))) for clip in clips]
        return np.mean(np.array(best) == targets)

    return score


def main():
    """Prints a row for each model and quantisation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--models", nargs="*", default=["svdf", "tc_resnet", "gru"])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--weights", type=Path, help="folder; kept nowhere by default")
    arguments = parser.parse_args()
    clips, texts = read_clips(arguments.folder, "train")
    labels = sorted(set(texts))
    targets = np.array([labels.index(text) for text in texts])
    heard, said = read_clips(arguments.folder, "dev")
    score = accuracy_of(heard, np.array([labels.index(text) for text in said]))
    chosen = np.random.default_rng(seed=0).permutation(len(clips))[:CALIBRATION_CLIPS]
    print("| model | quantization | kB | accuracy of the model | of the file |")
    print("|---|---|---|---|---|")
    for name in arguments.models:
        model = trained(
            name, labels, clips, targets, arguments.epochs, arguments.weights
        )
        for quantization in ("float32", "float16", "dynamic", "int8"):
            row = f"| {name} | {quantization} |"
            try:
                found = export_one(model, quantization, clips[chosen], score)
            except ValueError as error:
                print(f"{row} {error} | | |", flush=True)
                continue
            size = found["size_bytes"] / 1000
            before, after = found["score"]["model"], found["score"]["file"]
            print(f"{row} {size:.0f} | {before:.1%} | {after:.1%} |", flush=True)


def export_one(model, quantization, recordings, score) -> dict:
    """Returns the certificate of one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = export.to_tflite(
            model,
            Path(folder) / "model.tflite",
            quantization=quantization,
            num_samples="any",
            recordings=recordings,
            score=score,
        )
        return json.loads(path.with_suffix(".json").read_text("utf-8"))


if __name__ == "__main__":
    main()
