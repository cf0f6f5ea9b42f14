"""Tests of the search for hotwords against all paths of many small clips."""

import functools

import numpy as np
import pytest

from decoders.exhaustive import AllPaths, hotword_score, language_score, log_softmax
from speechkit.decoders import (
    CTCBeamSearchDecoder,
    NGramLanguageModel,
    ShallowFusion,
)

CLASSES = ["", " ", "a", "b", "c"]
SAID = [2, 3, 0, 4, 1, 2]  # ab_c a
FUSION = ShallowFusion(NGramLanguageModel.train(["abc a", "ab a", "b c"], order=2))
WEIGHTS = (-1e6, -30.0, -3.0, 3.0, 10.0, 20.0, 30.0, 50.0, 300.0, 1e6)
PHRASES = ("a", "ab", "abb", "abc", "a b", "ab c", "bb", "b", "c a", "ca", "aab", "cb")

all_paths = functools.cache(lambda frames: AllPaths(frames, CLASSES))


def best_text(paths, log_probs, hotwords, fusion=None):
    """Returns the score of each text by the documented objective."""
    scores = paths.log_probs(log_probs)
    for place, text in enumerate(paths.texts):
        scores[place] += hotword_score(text.split(), hotwords)
        if fusion is not None:
            scores[place] += language_score(text.split(), fusion)
    return dict(zip(paths.texts, scores, strict=True))


def clear(random, said, scale):
    """Returns frames that are clear, but not certain."""
    logits = random.normal(size=(len(said), len(CLASSES)))
    logits[np.arange(len(said)), said] += scale
    return logits


@pytest.mark.parametrize("weight", [20.0, 30.0, 50.0])
def test_a_hotword_that_all_paths_prefer_is_found(weight, random):
    decoder = CTCBeamSearchDecoder(CLASSES)
    for _ in range(40):
        logits = clear(random, SAID, 11.0)
        scores = best_text(all_paths(6), log_softmax(logits), {"abb": weight})
        ((found,),) = decoder.decode(logits[None], hotwords={"abb": weight})
        assert max(scores, key=scores.get) == found.text
        assert found.score == pytest.approx(scores[found.text], abs=1e-3)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("fusion", [None, FUSION], ids=["alone", "language-model"])
def test_hotwords_never_make_an_answer_worse(fusion, streamed, random):
    decoder = CTCBeamSearchDecoder(CLASSES, fusion=fusion)
    for case in range(100):
        said = random.integers(0, 5, size=5)
        logits = clear(random, said, random.choice([0.0, 3.0, 8.0, 15.0]))
        phrases = random.choice(PHRASES, size=random.integers(1, 4), replace=False)
        hotwords = {p: float(random.choice(WEIGHTS)) for p in phrases.tolist()}
        scores = best_text(all_paths(5), log_softmax(logits), hotwords, fusion)
        ((plain,),) = decoder.decode(logits[None])
        if streamed:
            stream = decoder.stream(hotwords=hotwords)
            for piece in np.split(logits, [case % 6]):
                stream.feed(piece).hypotheses()
            (found,) = stream.hypotheses(final=True)
        else:
            ((found,),) = decoder.decode(logits[None], hotwords=hotwords)

        # Log probabilities are in float32.
        assert scores[found.text] >= scores[plain.text] - 1e-5


def test_a_hard_zero_is_a_probability(random):
    decoder = CTCBeamSearchDecoder(CLASSES)
    for _ in range(20):
        logits = clear(random, SAID, 3.0)
        logits[random.random(logits.shape) < 0.2] = -np.inf
        logits[:, 0] = 0.0
        log_probs = log_softmax(logits)
        scores = best_text(all_paths(6), log_probs, {"abb": 50.0, "a": -1e6})
        ((plain,),) = decoder.decode(logits[None])
        ((found,),) = decoder.decode(logits[None], hotwords={"abb": 50.0, "a": -1e6})

        assert scores[found.text] >= scores[plain.text] - 1e-5
