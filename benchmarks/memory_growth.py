"""How much memory 300 steps of training, and 300 decoded batches, keep for good."""

import gc
import pathlib
import resource

import keras
import numpy as np

from speechkit import decoders, layers, losses, metrics, models, text

STEPS = (100, 200, 300)
VOCABULARY = text.CharacterVocabulary(" abc")
LABELS = np.array([[2, 3, -1], [2, 1, 3], [4, -1, -1], [2, 2, 2]])


def main() -> None:
    """Prints the resident memory after 100, 200 and 300 rounds of each kind."""
    print(f"{'MB after':12}" + "".join(f"{step:10}" for step in STEPS))
    for name, step in (("training", _training()), ("decoding", _decoding())):
        sizes = []
        for number in range(1, STEPS[-1] + 1):
            step(number)
            if number in STEPS:
                gc.collect()
                sizes.append(_resident())
        print(f"{name:12}" + "".join(f"{size:10.1f}" for size in sizes), flush=True)


def _training():
    """Returns a step of training with augmentation, recurrences, CTC and a metric."""
    keras.utils.set_random_seed(0)
    model = models.CTCRecognizer(
        VOCABULARY,
        8000,
        waveform_augmentation=[layers.Speed(), layers.WhiteNoise(), layers.Gain()],
        front_end=[layers.LogMelSpectrogram(8000, num_mel_bins=8)],
        feature_augmentation=[
            layers.SpecAugment(max_frequency_width=2, max_time_width=4)
        ],
        encoder=[layers.BatchNormGRU(8), layers.BatchNormLSTM(8)],
    )
    rate = metrics.WordErrorRate(
        VOCABULARY.space_label, decoders.CTCGreedyDecoder(VOCABULARY)
    )
    model.compile("adam", losses.CTCLoss(), metrics=[rate])
    random = np.random.default_rng(seed=0)
    waveforms = random.normal(scale=0.1, size=(4, 4000)).astype("float32")
    inputs = {"waveforms": waveforms, "lengths": np.array([4000, 3900, 3000, 2000])}
    return lambda number: model.train_on_batch(inputs, LABELS)


def _decoding():
    """Returns a beam search over clips of changing length."""
    decoder = decoders.CTCBeamSearchDecoder(VOCABULARY)
    logits = np.random.default_rng(seed=0).normal(size=(4, 60, 5)).astype("float32")
    return lambda number: decoder.decode(logits[:, : 30 + number % 30])


def _resident():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
