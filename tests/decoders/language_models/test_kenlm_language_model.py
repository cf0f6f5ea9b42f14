"""Tests of `KenLMLanguageModel` with a stand-in for the package, which compiles C++.

The stand-in scores by the n-grams of a text, so that a beam search must find with it
what it finds with the same n-grams as arrays.
"""

import dataclasses
import math
import sys
import types

import numpy as np
import pytest

from speechkit.decoders import (
    CTCBeamSearchDecoder,
    KenLMLanguageModel,
    NGramLanguageModel,
    ShallowFusion,
)

SENTENCES = ["a b", "ab a", "ba", "a a b", "b"]
NGRAMS = NGramLanguageModel.train(SENTENCES, order=3)
MAGIC = b"mmap lm http://kheafield.com/code format version 5\n\0"


@dataclasses.dataclass(unsafe_hash=True)
class State:
    """What a word is scored after."""

    words: tuple[str, ...] = ()


class Model:
    """A model that scores by `NGRAMS`."""

    order = 3

    def __init__(self, path):
        if path.endswith("broken"):
            raise OSError("Cannot read model")

    def BeginSentenceWrite(self, state):
        state.words = ("<s>",)

    def NullContextWrite(self, state):
        state.words = ()

    def BaseScore(self, state, word, after):
        after.words = (*state.words, word)[-2:]
        begin = state.words[:1] == ("<s>",)
        words = after.words if begin and len(state.words) == 1 else (*state.words, word)
        words = [w for w in words if w != "<s>"]
        return NGRAMS.word_scores(words, begin=begin, end=False)[-1]


@pytest.fixture
def kenlm(monkeypatch):
    module = types.ModuleType("kenlm")
    module.Model, module.State = Model, State
    monkeypatch.setitem(sys.modules, "kenlm", module)


@pytest.fixture
def path(tmp_path):
    words = ["<unk>", *(word for word in NGRAMS.words if word != "<unk>")]
    content = MAGIC + bytes(100) + b"\0".join(word.encode() for word in words) + b"\0"
    (tmp_path / "model.binary").write_bytes(content)
    return tmp_path / "model.binary"


@pytest.mark.parametrize("begin", [False, True])
def test_scores_are_those_of_the_package(kenlm, path, begin):
    model = KenLMLanguageModel(path)

    scores = model.word_scores("a b other ab", begin=begin)

    assert scores == NGRAMS.word_scores("a b other ab", begin=begin)
    assert model.score("a b") == NGRAMS.score("a b")
    assert model.perplexity(["a b", "ba"]) == NGRAMS.perplexity(["a b", "ba"])


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="any-word"),
        pytest.param({"allowed_words": ["a", "ab", "abb"]}, id="allowed-words"),
        pytest.param({"beam_width": 8, "token_threshold": -2.0}, id="narrow"),
    ],
)
@pytest.mark.parametrize("boundaries", [True, False])
@pytest.mark.parametrize("classes", [["", " ", "a", "b"], ["", "▁a", "b", "▁b"]])
def test_a_beam_search_finds_what_it_finds_with_arrays(
    kenlm, path, options, boundaries, classes
):
    logits = 2 * np.random.default_rng(seed=0).normal(size=(6, 12, 4))
    found = []
    for model in (KenLMLanguageModel(path), NGRAMS):
        fusion = ShallowFusion(model, weight=1.5, word_bonus=0.5, boundaries=boundaries)
        decoder = CTCBeamSearchDecoder(classes, fusion=fusion, **options)
        found.append(decoder.decode(logits, num_hypotheses=20))

    for ours, expected in zip(*found, strict=True):
        assert [h.text for h in ours] == [h.text for h in expected]
        np.testing.assert_allclose(
            [h.language_score for h in ours],
            [h.language_score for h in expected],
            rtol=1e-6,
        )


def test_a_stream_finds_what_the_whole_clip_gives(kenlm, path):
    logits = 2 * np.random.default_rng(seed=0).normal(size=(12, 4))
    fusion = ShallowFusion(KenLMLanguageModel(path), word_bonus=0.5)
    decoder = CTCBeamSearchDecoder(["", " ", "a", "b"], fusion=fusion)
    stream = decoder.stream()

    for piece in np.array_split(logits, 5):
        partial = stream.feed(piece).hypotheses()

    assert partial[0].language_score > -math.inf
    assert stream.hypotheses(final=True) == decoder.decode(logits[None])[0]


def test_needs_the_package(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kenlm", None)

    with pytest.raises(ImportError, match=r"pip install kenlm.*reads the ARPA file"):
        KenLMLanguageModel(path)


def test_rejects_files_that_are_not_binary_whole_and_with_words(kenlm, path):
    (path.parent / "text").write_text("\\data\\\n", encoding="utf-8")
    (path.parent / "empty").write_bytes(MAGIC + bytes(100))
    (path.parent / "broken").write_bytes(path.read_bytes())

    with pytest.raises(ValueError, match=r"text` must be a binary file of KenLM"):
        KenLMLanguageModel(path.parent / "text")
    with pytest.raises(ValueError, match=r"empty` must hold its words"):
        KenLMLanguageModel(path.parent / "empty")
    with pytest.raises(ValueError, match=r"broken` must be whole.*Cannot read model"):
        KenLMLanguageModel(path.parent / "broken")


def test_rejects_labels_as_its_words(kenlm, path):
    with pytest.raises(ValueError, match=r"`unit` must be .*'word'"):
        ShallowFusion(KenLMLanguageModel(path), unit="label")
