"""What augmentation is worth on speakers that were never heard: spoken digits.

A small recogniser learns the digits of some speakers and is asked those of another,
with and without augmentation, from the same seeds: `python -m
benchmarks.augmentation_accuracy FOLDER`. The folder holds the Free Spoken Digit Dataset
with a `manifest.csv` of the columns `path`, `text`, `speaker` and `split`.
"""

import argparse
import csv
import os
import statistics
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from speechkit import audio, layers, models

SAMPLING_RATE = 8000
BATCH_SIZE = 64
MAX_SAMPLES = 8000  # 1 s: hardly any digit lasts longer


def read_split(folder: Path, split: str):
    """Returns padded clips, their lengths and their labels."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    clips = [audio.read(folder / row["path"], SAMPLING_RATE) for row in rows]
    clips = [clip[:MAX_SAMPLES] for clip in clips]
    lengths = np.array([len(clip) for clip in clips], dtype="int32")
    waveforms = np.zeros((len(clips), max(lengths)), "float32")
    for number, clip in enumerate(clips):
        waveforms[number, : len(clip)] = clip
    return {"waveforms": waveforms, "lengths": lengths}, [row["text"] for row in rows]


def augmentation(seed: int) -> dict[str, list[keras.layers.Layer]]:
    """Returns the layers that make other speakers and rooms of those in the corpus."""
    seeds = [seed * 10 + number for number in range(4)]
    waveform = [
        layers.Speed((0.9, 1.1), seed=seeds[0]),
        layers.GaussianNoise((10.0, 40.0), seed=seeds[1]),
    ]
    features = [
        layers.FrequencyWarp((0.85, 1.2), SAMPLING_RATE, min_freq=20.0, seed=seeds[2]),
        layers.SpecAugment(5, 1, 6, 1, 0.15, seed=seeds[3]),
    ]
    return {"waveform_augmentation": waveform, "feature_augmentation": features}


def accuracy(train, held_out, seed: int, augmented: bool, epochs: int) -> float:
    """Returns the share of held-out clips that a recogniser gets right."""
    keras.utils.set_random_seed(seed)
    labels = sorted(set(train[1]))
    parts = augmentation(seed) if augmented else {}
    model = models.CommandRecognizer(labels, SAMPLING_RATE, **parts)
    steps = epochs * -(-len(train[1]) // BATCH_SIZE)
    rate = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    model.compile(
        keras.optimizers.Adam(rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    targets = np.array([labels.index(text) for text in train[1]])
    model.fit(train[0], targets, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    targets = np.array([labels.index(text) for text in held_out[1]])
    _, share = model.evaluate(held_out[0], targets, batch_size=BATCH_SIZE, verbose=0)
    return share


def main() -> None:
    """Prints the accuracy of each run, and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the corpus with its manifest.csv")
    parser.add_argument("--epochs", type=int, default=18)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--split", default="dev", help="the split that is asked")
    arguments = parser.parse_args()
    train = read_split(arguments.folder, "train")
    held_out = read_split(arguments.folder, arguments.split)
    shares: dict[str, list[float]] = {"plain": [], "augmented": []}
    for seed in range(arguments.seeds):
        for name, found in shares.items():
            start = time.perf_counter()
            share = accuracy(
                train, held_out, seed, name == "augmented", arguments.epochs
            )
            found.append(100 * share)
            seconds = time.perf_counter() - start
            print(
                f"{name:10} seed {seed} {found[-1]:6.2f} % {seconds:5.0f} s", flush=True
            )
    for name, found in shares.items():
        print(f"{name:10} mean   {statistics.mean(found):6.2f} %", flush=True)


if __name__ == "__main__":
    main()
