"""Other decoders of CTC, each as a function from logits to texts, where installed."""

import contextlib
import importlib.util
import io
import logging
import os
import warnings
from pathlib import Path

import numpy as np

WIDTH, BEAM_THRESHOLD, TOKEN_THRESHOLD = 100, -10.0, -5.0
HOTWORD_WEIGHT = 10.0


def is_installed(*modules: str) -> bool:
    """Returns whether all these modules can be imported."""
    try:
        return all(importlib.util.find_spec(module) is not None for module in modules)
    except ModuleNotFoundError:  # of a package that one of them is within
        return False


def log_softmax(logits):
    """Returns the log probabilities of `(..., classes)` logits."""
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def padded(clips):
    """Returns `(batch, frames, classes)` logits of clips, and their lengths."""
    lengths = np.array([len(clip) for clip in clips])
    logits = np.zeros((len(clips), lengths.max(), clips[0].shape[1]), "float32")
    for row, clip in zip(logits, clips, strict=True):
        row[: len(clip)] = clip
    return logits, lengths


def pyctcdecode_texts(classes, arpa=None, words=None, hotwords=None):
    """Returns the decoder of pyctcdecode with its default settings, which are ours."""
    from pyctcdecode import build_ctcdecoder

    logging.getLogger("pyctcdecode").setLevel(logging.ERROR)
    with _silence():
        # It wants the blank as an empty text, as we do.
        decoder = build_ctcdecoder(list(classes), arpa, words)

    def decode(logits):
        return [
            decoder.decode(
                clip, WIDTH, hotwords=hotwords, hotword_weight=HOTWORD_WEIGHT
            )
            for clip in logits
        ]

    return decode


def flashlight_texts(classes):
    """Returns flashlight's decoder without a lexicon, with its 10 best tokens."""
    from flashlight.lib.text import decoder as flashlight

    options = flashlight.LexiconFreeDecoderOptions(
        beam_size=WIDTH,
        beam_size_token=10,
        beam_threshold=-BEAM_THRESHOLD,
        lm_weight=0.0,
        sil_score=0.0,
        log_add=True,
        criterion_type=flashlight.CriterionType.CTC,
    )
    model = flashlight.ZeroLM()
    blank, space = 0, classes.index(" ")
    decoder = flashlight.LexiconFreeDecoder(options, model, space, blank, [])

    def decode(logits):
        return [_flashlight_text(decoder, clip, classes, blank) for clip in logits]

    return decode


def flashlight_lexicon_texts(classes, arpa, words):
    """Returns flashlight's decoder of the words of a KenLM model."""
    from flashlight.lib.text import decoder as flashlight
    from flashlight.lib.text.decoder.kenlm import KenLM
    from flashlight.lib.text.dictionary import Dictionary

    dictionary = Dictionary()
    for word in [*words, "<unk>"]:
        dictionary.add_entry(word)
    with _silence():
        model = KenLM(arpa, dictionary)
    blank, space = 0, classes.index(" ")
    trie = flashlight.Trie(len(classes), space)
    start = model.start(False)
    for word in words:
        index = dictionary.get_index(word)
        _, score = model.score(start, index)
        trie.insert([*map(classes.index, word), space], index, score)
    trie.smear(flashlight.SmearingMode.MAX)
    options = flashlight.LexiconDecoderOptions(
        beam_size=WIDTH,
        beam_size_token=10,
        beam_threshold=-BEAM_THRESHOLD,
        lm_weight=0.5 * np.log(10),
        word_score=1.5,
        unk_score=-np.inf,
        sil_score=0.0,
        log_add=True,
        criterion_type=flashlight.CriterionType.CTC,
    )
    unknown = dictionary.get_index("<unk>")
    decoder = flashlight.LexiconDecoder(
        options, trie, model, space, blank, unknown, [], False
    )

    def decode(logits):
        return [_flashlight_text(decoder, clip, classes, blank) for clip in logits]

    return decode


def tensorflow_texts(classes, width=WIDTH):
    """Returns the decoder of TensorFlow, which wants the blank as its last class."""
    import tensorflow as tf

    def decode(clips):
        logits, lengths = padded(clips)
        moved = np.roll(logits, -1, axis=-1)
        (found,), _ = tf.nn.ctc_beam_search_decoder(
            moved.transpose(1, 0, 2), lengths, beam_width=width, top_paths=1
        )
        rows = tf.sparse.to_dense(found, default_value=-1).numpy()
        return ["".join(classes[c + 1] for c in row if c >= 0) for row in rows]

    return decode


def _flashlight_text(decoder, clip, classes, blank):
    log_probs = np.ascontiguousarray(log_softmax(clip), "float32")
    best = decoder.decode(log_probs.ctypes.data, *log_probs.shape)[0]
    tokens = np.array(best.tokens)
    changes = tokens[np.insert(tokens[1:] != tokens[:-1], 0, True)]
    return "".join(classes[token] for token in changes if token not in (blank, -1))


@contextlib.contextmanager
def _silence():
    """KenLM writes to the file of standard error itself."""
    saved = os.dup(2)
    with (
        Path(os.devnull).open("w") as nothing,
        contextlib.redirect_stderr(io.StringIO()),
    ):
        os.dup2(nothing.fileno(), 2)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
