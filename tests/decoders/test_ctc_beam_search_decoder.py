"""Tests of `CTCBeamSearchDecoder` against all paths, one by one."""

import itertools
import math
import sys

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decoders.exhaustive import (
    hotword_score,
    language_score,
    log_softmax,
    paths,
    single_spaces,
    texts,
)
from speechkit.decoders import (
    CTCBeamSearchDecoder,
    NGramLanguageModel,
    ShallowFusion,
)

CLASSES = ["", " ", "a", "b"]
SENTENCES = ["a b", "ab a", "ba", "a a b", "b"]


def whole(classes=CLASSES, **options):
    """Returns a decoder that drops nothing."""
    return CTCBeamSearchDecoder(
        classes,
        beam_width=3000,
        beam_threshold=-math.inf,
        token_threshold=-math.inf,
        **options,
    )


def fusion(**options):
    return ShallowFusion(NGramLanguageModel.train(SENTENCES, order=2), **options)


def decode(decoder, logits, **options):
    (hypotheses,) = decoder.decode(logits[None], num_hypotheses=3000, **options)
    assert all(a.score >= b.score for a, b in itertools.pairwise(hypotheses))
    return {hypothesis.text: hypothesis for hypothesis in hypotheses}


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 5),
    st.integers(2, 4),
    st.integers(-4, 3),
    st.integers(0, 2**32 - 1),
)
def test_scores_equal_the_sums_over_all_paths(frames, num_classes, blank, seed):
    blank = blank % num_classes
    logits = np.random.default_rng(seed).normal(scale=3, size=(frames, num_classes))
    classes = list("wxyz")[:num_classes]

    found = decode(whole(classes, blank_index=blank - num_classes), logits)

    expected = texts(log_softmax(logits), classes, blank)
    assert found.keys() == expected.keys()
    for text, hypothesis in found.items():
        assert hypothesis.acoustic_score == pytest.approx(expected[text], abs=1e-4)
    assert sum(h.confidence for h in found.values()) == pytest.approx(1)
    likeliest = next(iter(found.values()))
    assert likeliest.confidence == pytest.approx(math.exp(max(expected.values())))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="defaults"),
        pytest.param({"weight": 2.0, "word_bonus": -1.0}, id="weights"),
        pytest.param({"unknown_score": -1.0}, id="unknown"),
        pytest.param({"boundaries": False}, id="no-boundaries"),
    ],
)
def test_word_models_score_as_they_are_defined(random, options):
    logits = random.normal(scale=2, size=(5, 4))
    weighted = fusion(**options)

    found = decode(whole(fusion=weighted), logits)

    acoustic = texts(log_softmax(logits), CLASSES, 0, single_spaces)
    assert found.keys() == acoustic.keys()
    for text, hypothesis in found.items():
        language = language_score(text.split(), weighted)
        assert hypothesis.acoustic_score == pytest.approx(acoustic[text], abs=1e-4)
        assert hypothesis.language_score == pytest.approx(language, abs=1e-5)
        assert hypothesis.score == pytest.approx(acoustic[text] + language, 1e-4)


def test_label_models_score_as_they_are_defined(random):
    logits = random.normal(scale=2, size=(5, 4))
    model = NGramLanguageModel.train(map(list, SENTENCES), order=3)
    weighted = ShallowFusion(model, unit="label")

    found = decode(whole(fusion=weighted), logits)

    for text, hypothesis in found.items():
        labels = ["<space>" if letter == " " else letter for letter in text]
        language = language_score(labels, weighted)
        assert hypothesis.language_score == pytest.approx(language, abs=1e-5)


@pytest.mark.parametrize(
    "hotwords",
    [
        pytest.param({"a": 3.0}, id="letter"),
        pytest.param({"ab": 2.0, "a b": 5.0, "b": -1.0}, id="phrase"),
        pytest.param({"a b a": 4.0, "b a": 1.5, "aba": 2.5}, id="inside"),
    ],
)
def test_hotwords_score_where_they_occur(random, hotwords):
    logits = random.normal(scale=2, size=(6, 4))

    found = decode(whole(), logits, hotwords=hotwords)

    assert "a b a" in found
    for text, hypothesis in found.items():
        expected = hotword_score(text.split(), hotwords)
        assert hypothesis.hotword_score == pytest.approx(expected, abs=1e-9)


def test_hotwords_without_words_may_begin_anywhere(random):
    logits = random.normal(scale=2, size=(6, 4))
    decoder = whole(["", *"上一首"])
    hotwords = {"一首": 3.0, "上一": 2.0}

    found = decode(decoder, logits, hotwords=hotwords)

    for text, hypothesis in found.items():
        expected = sum(text.count(phrase) * w for phrase, w in hotwords.items())
        assert hypothesis.hotword_score == pytest.approx(expected, abs=1e-9)


def test_nothing_but_the_allowed_words_is_found(random):
    logits = random.normal(scale=2, size=(6, 4))

    found = decode(whole(allowed_words=["ab", "b", "bbbbbb"]), logits)

    acoustic = texts(log_softmax(logits), CLASSES, 0, single_spaces)
    assert found.keys() == {t for t in acoustic if set(t.split()) <= {"ab", "b"}}
    for text, hypothesis in found.items():
        assert hypothesis.acoustic_score == pytest.approx(acoustic[text], abs=1e-4)


def test_allowed_words_unknown_to_the_model_are_scored_as_unknown(random):
    logits = random.normal(scale=2, size=(5, 4))
    weighted = fusion()

    found = decode(whole(fusion=weighted, allowed_words=["a", "bb"]), logits)

    assert {"a", "bb", "a bb"} <= found.keys()
    for text, hypothesis in found.items():
        language = language_score(text.split(), weighted)
        assert hypothesis.language_score == pytest.approx(language, abs=1e-5)


def test_nothing_but_the_allowed_phrases_is_found(random):
    logits = random.normal(scale=2, size=(6, 4))
    allowed = ["a b", "ab", "a  b a", "aaaa bbbb"]

    found = decode(whole(allowed_phrases=allowed), logits)

    acoustic = texts(log_softmax(logits), CLASSES, 0, single_spaces)
    assert found.keys() == {"a b", "ab", "a b a"}
    for text, hypothesis in found.items():
        assert hypothesis.acoustic_score == pytest.approx(acoustic[text], abs=1e-4)
    assert decode(whole(allowed_phrases=allowed), logits[:1]) == {}


def test_pieces_of_words_begin_words_by_their_marker(random):
    classes = ["", "▁", "▁a", "b", "ab"]
    logits = random.normal(scale=2, size=(5, 5))
    weighted, hotwords = fusion(), {"ab": 2.0, "a b": 1.0}

    found = whole(classes, fusion=weighted).decode(
        logits[None], hotwords=hotwords, num_hypotheses=3000
    )

    for hypothesis in found[0]:
        pieces = [classes[label] for label in hypothesis.labels]
        words = "".join(pieces).replace("▁", " ").split()
        assert hypothesis.text == " ".join(words)
        assert [word.text for word in hypothesis.words] == words
        language = language_score(words, weighted)
        assert hypothesis.language_score == pytest.approx(language, abs=1e-5)
        bonus = hotword_score(words, hotwords)
        assert hypothesis.hotword_score == pytest.approx(bonus, abs=1e-9)


def test_a_label_that_begins_a_word_may_begin_a_hotword():
    log_probs = np.log(np.array([[[1e-9, 1.0, 1e-9], [1.0, 1e-9, 1.5e-5]]]))
    decoder = CTCBeamSearchDecoder(["", "▁a", "▁b"], token_threshold=-math.inf)

    without, with_hotword = (
        {h.text for h in decoder.decode(log_probs, num_hypotheses=9, hotwords=words)[0]}
        for words in ({}, {"b": 10.0})
    )

    # The label is e^-11.1 as probable as the best, further off than what is kept.
    assert "a b" not in without
    assert "a b" in with_hotword


def test_times_are_those_of_the_best_path(random):
    logits = random.normal(scale=2, size=(6, 4))
    log_probs = log_softmax(logits)
    best = {}
    for path, labels, log_prob in paths(log_probs, 0):
        text = single_spaces(CLASSES[label] for label in labels)
        if log_prob > best.get(text, (-math.inf,))[0]:
            best[text] = (log_prob, path)

    for text, hypothesis in decode(whole(), logits).items():
        _, path = best[text]
        labels = [CLASSES.index(letter) for letter in text]
        assert hypothesis.labels == tuple(labels)
        for label, timed in zip(labels, hypothesis.timed_labels, strict=True):
            frames = range(timed.start_frame, timed.end_frame)
            assert timed.text == CLASSES[label]
            assert {path[frame] for frame in frames} == {label}
            mean = np.mean([log_probs[frame, label] for frame in frames])
            assert timed.confidence == pytest.approx(math.exp(mean), abs=1e-4)
        letters = [t for t in hypothesis.timed_labels if t.text != " "]
        frames = sum(timed.end_frame - timed.start_frame for timed in letters)
        assert frames == sum(label > 1 for label in path)


def test_words_last_from_their_first_label_to_their_last():
    frames = [0, 2, 2, 0, 3, 1, 0, 1, 3, 0]  # _aa_b _ b_
    logits = 20 * np.eye(4)[frames]

    ((hypothesis,),) = CTCBeamSearchDecoder(CLASSES).decode(logits[None])

    assert hypothesis.text == "ab b"
    spans = [(w.text, w.start_frame, w.end_frame) for w in hypothesis.words]
    assert spans == [("ab", 1, 5), ("b", 8, 9)]
    assert hypothesis.words[0].seconds(0.02) == pytest.approx((0.02, 0.1))
    assert hypothesis.confidence == pytest.approx(1, abs=1e-3)


def test_padding_and_neighbours_change_nothing(random):
    logits = random.normal(scale=3, size=(4, 30, 4))
    lengths = np.array([30, 0, 7, 29])
    decoder = CTCBeamSearchDecoder(CLASSES, fusion=fusion(), beam_width=8)
    padded = np.where((np.arange(30) < lengths[:, None])[:, :, None], logits, np.nan)

    together = decoder.decode(padded, lengths, num_hypotheses=4, num_threads=2)

    for clip, length, found in zip(logits, lengths, together, strict=True):
        assert [found] == decoder.decode(clip[None, :length], num_hypotheses=4)
    assert together[1][0].text == ""


def test_a_narrow_search_finds_a_part_of_the_whole_one(random):
    logits = random.normal(scale=3, size=(6, 4))
    exact = decode(whole(), logits)

    for width in (1, 2, 5, 20):
        decoder = CTCBeamSearchDecoder(CLASSES, beam_width=width)
        found = decode(decoder, logits)
        assert 1 <= len(found) <= width
        for text, hypothesis in found.items():
            most = exact[text].acoustic_score + 1e-6
            assert hypothesis.acoustic_score <= most


def test_improbable_labels_are_not_tried(random):
    logits = np.log(random.dirichlet(np.ones(4), size=6))

    few = decode(whole(max_tokens=1), logits)
    none = CTCBeamSearchDecoder(CLASSES, token_threshold=0.0, beam_width=300)

    rank = np.argsort(-logits[:, 1:], axis=1)[:, 0] + 1
    assert all(set(h.labels) <= set(rank) for h in few.values())
    best = logits.argmax(axis=1)
    for hypothesis in decode(none, logits).values():
        assert set(hypothesis.labels) <= set(best)


def test_impossible_texts_are_no_hypotheses_of_a_wide_search(random):
    logits = random.normal(size=(3, 3))
    logits[:, 2] = -math.inf
    decoder, possible = whole(["", "a", "b"]), {"", "a", "aa"}

    (found,) = decoder.decode(logits[None], num_hypotheses=99)
    streamed = decoder.stream().feed(logits).hypotheses(99, final=True)

    assert {hypothesis.text for hypothesis in found} == possible
    assert streamed == found
    assert decoder.hypotheses(np.log(np.exp(logits) + 1e-300), 1)[0].text in possible


def test_texts_far_behind_the_best_are_dropped(random):
    logits = random.normal(scale=2, size=(6, 4))
    decoder = CTCBeamSearchDecoder(CLASSES, beam_threshold=-2.0, beam_width=3000)

    found = [*decode(decoder, logits).values()]

    assert 1 < len(found) < len(decode(whole(), logits))
    # The last frame may yet join two texts, which only gains.
    assert found[-1].score >= found[0].score - 2.0 - math.log(2)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_rejects_frames_without_a_softmax(value):
    logits = np.zeros((1, 3, 4), "float32")
    logits[0, 2, 1] = value

    message = f"Received: {value} for class 1 in frame 2 of clip 0"
    with pytest.raises(ValueError, match=message):
        CTCBeamSearchDecoder(CLASSES).decode(logits)


@pytest.mark.parametrize("shape", [(3, 4), (1, 3, 5), (1, 1, 3, 4)])
def test_rejects_logits_of_other_shapes(shape):
    with pytest.raises(ValueError, match="`logits` must have the axes"):
        CTCBeamSearchDecoder(CLASSES).decode(np.zeros(shape))


@pytest.mark.parametrize("lengths", [[4, 1], [-1, 1], [1], [1.0, 2.0], [[1, 1]]])
def test_rejects_lengths_beyond_the_frames(lengths):
    with pytest.raises(
        ValueError, match="`logit_lengths` must be 2 integers from 0 to 3"
    ):
        CTCBeamSearchDecoder(CLASSES).decode(np.zeros((2, 3, 4)), lengths)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"blank_index": 4}, "`blank_index` must be an integer from -4 to 3"),
        ({"beam_width": 0}, "`beam_width` must be an integer of 1 or more"),
        ({"max_tokens": 0}, "`max_tokens` must be an integer of 1 or more"),
        ({"beam_threshold": 1.0}, "`beam_threshold` must be a number of 0 or less"),
        ({"token_threshold": math.nan}, "`token_threshold` must be a number of 0"),
        (
            {"vocabulary": "abc"},
            "`vocabulary` must be a vocabulary of `speechkit.text`",
        ),
        ({"vocabulary": [""]}, "`vocabulary` must be .* of at least two texts"),
        ({"vocabulary": ["", 1]}, "`vocabulary` must be .* two texts"),
    ],
)
def test_rejects_settings_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        CTCBeamSearchDecoder(**{"vocabulary": CLASSES, **options})


def test_rejects_models_of_words_where_there_are_none():
    with pytest.raises(ValueError, match="`fusion` must be of the unit 'label'"):
        CTCBeamSearchDecoder(["", "a", "b"], fusion=fusion())


def test_rejects_hotwords_whose_weight_is_no_number():
    with pytest.raises(ValueError, match="`hotwords"):
        CTCBeamSearchDecoder(CLASSES).stream(hotwords={"a": math.nan})


def test_says_so_where_numba_must_not_compile(monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)

    with pytest.raises(ImportError, match="unset NUMBA_DISABLE_JIT, or use `CTCPref"):
        CTCBeamSearchDecoder(["", "a"])


def test_names_the_package_where_numba_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)

    with pytest.raises(ImportError, match="needs numba: pip install 'numba>=0"):
        CTCBeamSearchDecoder(CLASSES)
