"""Beam searches of CTC, ours and the peers', on the same logits in one run.

Usage: python -m benchmarks.ctc_decoding [LOGITS.npz]

Without a file, the logits are made up: texts of made-up words, as a model that is
sometimes wrong would spell them. A file has `logits` (batch, frames, classes), their
`lengths` in frames, `classes`, the texts of the classes, with the blank first, and
`texts`, to train the language model from; `benchmarks.model_logits` writes one.
"""

import functools
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import decoding_peers as peers
from benchmarks import measuring
from speechkit.decoders import (
    CTCBeamSearchDecoder,
    NGramLanguageModel,
    ShallowFusion,
)

ROUNDS = 3
CLASSES = ["", " ", *"abcdefghijklmnopqrstuvwxyz'"]
Decoders = dict[str, Callable]


def made_up_words(random: np.random.Generator, count: int) -> list[str]:
    """Returns different words of three to eight letters."""
    letters = np.array(CLASSES[2:-1])
    words = {
        "".join(random.choice(letters, random.integers(3, 9))) for _ in range(count)
    }
    return sorted(words)


def made_up_texts(random: np.random.Generator, words: list[str], count: int):
    """Returns texts of 20 words, in which a word makes some others likely."""
    texts = []
    for _ in range(count):
        text, word = [], int(random.integers(len(words)))
        for _ in range(20):
            word = (7 * word + int(random.zipf(1.5))) % len(words)
            text.append(words[word])
        texts.append(" ".join(text))
    return texts


def made_up_logits(
    random: np.random.Generator, paths: list[list[int]], frames: int, classes: int
) -> np.ndarray:
    """Returns logits that spell labels: each for a frame or two, then a blank or two.

    In one frame of five, another class is about as probable.
    """
    logits = random.normal(scale=1.5, size=(len(paths), frames, classes))
    for clip, labels in zip(logits, paths, strict=True):
        spelled = np.concatenate(
            [
                [label] * random.integers(1, 3) + [0] * random.integers(1, 3)
                for label in labels
            ]
        )[:frames]
        end = len(spelled)
        spelled = np.pad(spelled, (0, frames - len(spelled)))
        others = random.integers(classes, size=frames)
        clip[np.arange(frames), spelled] += 8.0
        doubtful = (random.random(frames) < 1 / 5) & (np.arange(frames) < end)
        clip[doubtful, others[doubtful]] += random.uniform(6.0, 9.0, doubtful.sum())
    return logits.astype("float32")


def ours(classes, *, hotwords=(), **options) -> Callable:
    """Returns our decoder as a function from logits to texts."""
    decoder = CTCBeamSearchDecoder(classes, **options)

    def decode(clips):
        found = decoder.decode(*peers.padded(clips), hotwords=hotwords)
        return [hypotheses[0].text for hypotheses in found]

    return decode


def compete(title: str, decoders: Decoders, clips, rounds=ROUNDS) -> None:
    """Prints how long each decoder takes, and how often it agrees with the first.

    Args:
        title: What they do.
        decoders: Functions from clips to texts, ours first.
        clips: `(frames, classes)` logits each.
        rounds: How often each is run; the median counts.
    """
    texts = {name: decode(clips) for name, decode in decoders.items()}
    calls = {
        name: functools.partial(decode, clips) for name, decode in decoders.items()
    }
    seconds = measuring.seconds_by_turns(calls, rounds)
    longest, classes = max(map(np.shape, clips))
    shape = f"{len(clips)} × {longest} × {classes}"
    print(f"\n{title}, {shape}", flush=True)
    first = next(iter(decoders))
    for name in decoders:
        median = statistics.median(seconds[name])
        ratio = median / statistics.median(seconds[first])
        pairs = zip(texts[name], texts[first], strict=True)
        same = sum(" ".join(a.split()) == " ".join(b.split()) for a, b in pairs)
        line = f"  {name:34}{median:9.4f} s  {ratio:7.2f} ×  same text {same}"
        print(f"{line}/{len(clips)}", flush=True)


def plain_decoders(classes) -> Decoders:
    """Returns the decoders without a language model."""
    decoders = {
        "speechkit": ours(classes),
        "speechkit, as TensorFlow": ours(
            classes, token_threshold=-np.inf, word_delimiter=None
        ),
        "tf.nn.ctc_beam_search_decoder": peers.tensorflow_texts(classes),
    }
    if peers.is_installed("pyctcdecode"):
        decoders["pyctcdecode"] = peers.pyctcdecode_texts(classes)
    if peers.is_installed("flashlight.lib.text"):
        decoders["flashlight, 10 tokens"] = peers.flashlight_texts(classes)
    return decoders


def model_decoders(classes, arpa: Path) -> Decoders:
    """Returns the decoders with a language model of words."""
    model = NGramLanguageModel.read(arpa)
    words = [word for word in model.words if word[0] != "<"]
    fusion = ShallowFusion(model)
    decoders = {
        "speechkit": ours(classes, fusion=fusion),
        "speechkit, its words, 10 tokens": ours(
            classes,
            fusion=fusion,
            allowed_words=words,
            token_threshold=-np.inf,
            max_tokens=10,
        ),
    }
    if peers.is_installed("pyctcdecode", "kenlm"):
        decoders["pyctcdecode"] = peers.pyctcdecode_texts(classes, str(arpa), words)
    if peers.is_installed("flashlight.lib.text"):
        decoders["flashlight, its words, 10 tokens"] = peers.flashlight_lexicon_texts(
            classes, str(arpa), words
        )
    return decoders


def hotword_decoders(classes, hotwords: list[str]) -> Decoders:
    """Returns our decoder without hotwords and with them."""
    return {
        "speechkit, no hotwords": ours(classes),
        "speechkit": ours(classes, hotwords=hotwords),
    }


def made_up(random: np.random.Generator):
    """Returns clips of made-up texts, the texts of their classes, and more texts."""
    texts = made_up_texts(random, made_up_words(random, 2000), 500)
    paths = [[CLASSES.index(letter) for letter in text] for text in texts[:8]]
    return list(made_up_logits(random, paths, 500, len(CLASSES))), CLASSES, texts


def from_file(path: str):
    """Returns the clips of a file, the texts of their classes and those to learn."""
    with np.load(path) as file:
        pairs = zip(file["logits"], file["lengths"], strict=True)
        clips = [clip[:length] for clip, length in pairs]
        return clips, file["classes"].tolist(), file["texts"].tolist()


def main(path: str | None = None) -> None:
    """Prints one table for each task."""
    random = np.random.default_rng(seed=0)
    clips, classes, texts = made_up(random) if path is None else from_file(path)
    words = sorted(set(" ".join(texts).split()))
    print(f"Width {peers.WIDTH}, {os.cpu_count()} cores; × is the time by the first's")
    compete("No language model", plain_decoders(classes), clips)
    with tempfile.TemporaryDirectory() as folder:
        arpa = Path(folder, "words.arpa")
        NGramLanguageModel.train(texts, order=3).write(arpa)
        compete("Language model of words", model_decoders(classes, arpa), clips)
    if path is None:
        compete_for_many_classes(random)
    hotwords = random.permutation(words)[:200].tolist()
    title, decoders = f"{len(hotwords)} hotwords", hotword_decoders(classes, hotwords)
    compete(title, decoders, clips, rounds=5 * ROUNDS)
    if peers.is_installed("pyctcdecode"):
        # It takes too long for more.
        peer = peers.pyctcdecode_texts(classes, hotwords=hotwords)
        compete(title, {**decoders, "pyctcdecode": peer}, clips[:2], rounds=1)


def compete_for_many_classes(random: np.random.Generator) -> None:
    """Prints the table for 5000 classes, with a narrow search."""
    classes = ["", *map(chr, range(0x4E00, 0x4E00 + 4999))]
    paths = [random.integers(1, 5000, size=300).tolist() for _ in range(2)]
    clips = list(made_up_logits(random, paths, 500, 5000))
    decoders = {
        "speechkit": ours(classes, beam_width=10),
        "speechkit, all labels": ours(classes, beam_width=10, token_threshold=-np.inf),
        "tf.nn.ctc_beam_search_decoder": peers.tensorflow_texts(classes, width=10),
    }
    compete("Width 10", decoders, clips, rounds=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
