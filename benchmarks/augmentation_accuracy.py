"""What augmentation is worth on speakers that were never heard: spoken digits.

A small recogniser learns the digits of some speakers and is asked those of another,
without augmentation and with two kinds of it, from the same seeds: `python -m
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
BATCH_SIZE = 32
MAX_SAMPLES = 8000  # 1 s: hardly any digit lasts longer
KINDS = ("none", "some", "everything")


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


def augmentation(seed: int, kind: str) -> dict[str, list[keras.layers.Layer]]:
    """Returns the layers of one of `KINDS` that a recogniser is trained with.

    With `some`, half of the clips get another throat, all another microphone and gaps;
    with `everything`, all clips get another throat, another speed and noise, too.
    """
    if kind == "none":
        return {}
    seeds = [seed * 10 + number for number in range(6)]
    warp = layers.FrequencyWarp(
        (0.9, 1.12), sampling_rate=SAMPLING_RATE, min_freq=20.0, seed=seeds[0]
    )
    features = [
        layers.RandomApply(warp, 0.5, seed=seeds[1]) if kind == "some" else warp,
        layers.FrequencyResponse(0.15, seed=seeds[2]),
        layers.SpecAugment(
            max_frequency_width=5,
            max_time_width=8,
            max_time_share=0.15,
            seed=seeds[3],
        ),
    ]
    if kind == "some":
        return {"feature_augmentation": features}
    waveform = [
        layers.Speed((0.9, 1.1), seed=seeds[4]),
        layers.WhiteNoise((10.0, 40.0), seed=seeds[5]),
    ]
    return {"waveform_augmentation": waveform, "feature_augmentation": features}


def accuracy(train, held_out, seed: int, kind: str, epochs: int) -> float:
    """Returns the share of held-out clips that a recogniser gets right."""
    keras.utils.set_random_seed(seed)
    labels = sorted(set(train[1]))
    model = models.CommandRecognizer(labels, SAMPLING_RATE, **augmentation(seed, kind))
    steps = epochs * -(-len(train[1]) // BATCH_SIZE)
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    model.compile(_optimizer(steps), loss, metrics=["accuracy"])
    model.fit(
        train[0],
        _one_hot(train[1], labels),
        batch_size=BATCH_SIZE,
        epochs=epochs,
        callbacks=[keras.callbacks.SwapEMAWeights()],
        verbose=0,
    )
    targets = _one_hot(held_out[1], labels)
    _, share = model.evaluate(held_out[0], targets, batch_size=BATCH_SIZE, verbose=0)
    return share


def _one_hot(texts, labels):
    classes = [labels.index(text) for text in texts]
    return keras.utils.to_categorical(classes, len(labels))


def _optimizer(steps):
    """Returns one whose weights are averaged while they still move."""
    warmup = max(1, steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        1e-4, max(1, steps - warmup), 0.5, warmup_target=2e-3, warmup_steps=warmup
    )
    return keras.optimizers.AdamW(
        rate,
        weight_decay=1e-2,
        clipnorm=1.0,
        use_ema=True,
        ema_momentum=max(0.0, 1 - 2.5 / steps),
    )


def main() -> None:
    """Prints the accuracy of each run, and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the corpus with its manifest.csv")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--split", default="dev", help="the split that is asked")
    arguments = parser.parse_args()
    train = read_split(arguments.folder, "train")
    held_out = read_split(arguments.folder, arguments.split)
    shares: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for seed in range(arguments.seeds):
        for name, found in shares.items():
            start = time.perf_counter()
            share = accuracy(train, held_out, seed, name, arguments.epochs)
            found.append(100 * share)
            seconds = time.perf_counter() - start
            print(
                f"{name:10} seed {seed} {found[-1]:6.2f} % {seconds:5.0f} s", flush=True
            )
    for name, found in shares.items():
        print(f"{name:10} mean   {statistics.mean(found):6.2f} %", flush=True)


if __name__ == "__main__":
    main()
