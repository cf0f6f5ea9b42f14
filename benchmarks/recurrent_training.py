"""A small DeepSpeech2 trained on recorded speech: our recurrences beside Keras's.

All models have the same layers, the same seed and the same batches in the same order:
log-mel features, two 2-D convolutions, bidirectional recurrent layers whose states are
added, and the logits of CTC. The peer `keras` has `keras.layers.GRU`, each with
`keras.layers.BatchNormalization` before it; the peer `keras-loss` has our layers and
`keras.losses.CTC`, which counts padded frames as speech, so its losses are others.
Printed are the seconds and the mean losses of each epoch. The models take turns, and
the first epoch includes the time to compile.

MANIFEST lists clips of 16 kHz with their texts, in the splits `train` and `dev`.
"""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from speechkit import datasets, layers, losses, text

SAMPLING_RATE = 16000


def our_recurrences(units: int, count: int):
    """Returns our stack of bidirectional layers."""
    return [
        layers.RecurrentStack(units, count, direction="bidirectional", merge_mode="sum")
    ]


def keras_recurrences(units: int, count: int):
    """Returns Keras's layers of the same size, normalised before each."""
    return [
        layer
        for _ in range(count)
        for layer in (
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Bidirectional(
                keras.layers.GRU(units, return_sequences=True), merge_mode="sum"
            ),
        )
    ]


class KerasCTC(keras.losses.Loss):
    """Keras's loss of the same labels; it knows nothing of a mask."""

    def __call__(self, y_true, y_pred, sample_weight=None):
        # Its labels end with zeros, and a mask of frames is nothing it could weigh by.
        labels = keras.ops.maximum(y_true, 0)
        return keras.ops.mean(keras.losses.ctc(labels, y_pred))


def make_model(recurrences, num_classes: int, loss) -> keras.Model:
    """Returns a model of waveforms and lengths that is compiled for CTC."""
    inputs = {
        "waveforms": keras.Input((None,), name="waveforms"),
        "lengths": keras.Input((), dtype="int32", name="lengths"),
    }
    values = layers.LengthMasking()([inputs["waveforms"], inputs["lengths"]])
    convolutions = layers.ConvolutionFrontEnd(
        (16, 16), ((11, 21), (5, 11)), strides=((2, 2), (1, 2))
    )
    front_end = [layers.LogMelSpectrogram(16000, num_mel_bins=40, floor=1e-8)]
    front_end += [layers.MeanVarianceNormalization(), convolutions]
    for layer in [*front_end, *recurrences, keras.layers.Dense(num_classes)]:
        values = layer(values)
    model = keras.Model(inputs, values)
    optimizer = keras.optimizers.Adam(2e-3, clipnorm=5.0)
    model.compile(optimizer, loss, jit_compile=False)
    return model


def batches_of(manifest: Path, split: str, vocabulary, clips: int | None):
    """Returns the batches of one split, in an order that the seed decides."""
    recordings = [r for r in datasets.read_manifest(manifest) if r.split == split]
    return datasets.padded_batches(
        recordings[:clips],
        vocabulary.encode,
        sampling_rate=SAMPLING_RATE,
        batch_size=16,
        shuffle=split == "train",
        cache=True,
    )


def trained(make, make_loss, arguments) -> Iterator[str]:
    """Trains a model, and yields a line on it before the first epoch and after each."""
    vocabulary = text.CharacterVocabulary(" 'ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    manifest, clips = arguments.manifest, arguments.clips
    keras.utils.set_random_seed(arguments.seed)
    recurrences = make(arguments.units, arguments.layers)
    model = make_model(recurrences, vocabulary.num_classes, make_loss())
    yield f"parameters: {model.count_params()}"
    training = batches_of(manifest, "train", vocabulary, clips)
    held_out = batches_of(manifest, "dev", vocabulary, clips)
    for epoch in range(1, arguments.epochs + 1):
        start = time.perf_counter()
        history = model.fit(training, shuffle=False, verbose=0).history
        seconds = time.perf_counter() - start
        loss = model.evaluate(held_out, verbose=0)
        yield (
            f"epoch {epoch:2}: {seconds:6.1f} s, train {history['loss'][0]:7.2f}, "
            f"dev {loss:7.2f}"
        )


# The recurrences and the loss of each.
MODELS = {
    "ours": (our_recurrences, losses.CTCLoss),
    "keras": (keras_recurrences, losses.CTCLoss),
    "keras-loss": (our_recurrences, KerasCTC),
}


def main() -> None:
    """Prints a line for each model and epoch, ours before the peers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path, help="CSV or JSON Lines")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--units", type=int, default=128)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--clips", type=int, help="of each split; all if left out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=tuple(MODELS), help="all if left out")
    arguments = parser.parse_args()
    runs = {
        name: trained(*makers, arguments)
        for name, makers in MODELS.items()
        if arguments.only in (None, name)
    }
    for lines in zip(*runs.values(), strict=True):
        for name, line in zip(runs, lines, strict=True):
            print(f"{name:12}{line}", flush=True)


if __name__ == "__main__":
    main()
