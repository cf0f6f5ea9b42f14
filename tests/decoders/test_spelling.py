"""Tests that what the classes cannot spell is reported, with how it differs."""

import itertools
import re

import numpy as np
import pytest

from speechkit.decoders import (
    CTCBeamSearchDecoder,
    NGramLanguageModel,
    PhraseScorer,
    ShallowFusion,
)
from speechkit.text import CharacterVocabulary, PinyinVocabulary, WordVocabulary

LETTERS = {"vocabulary": ["", " ", *"abl"]}
PIECES = {"vocabulary": ["", "▁al", "l", "▁b"]}
NFD = {"vocabulary": ["", " ", *"cafe", "\u0301"]}
PINYIN = {"vocabulary": PinyinVocabulary(("an1", "kan1", "da3", "kai1"))}
HALVES = {"vocabulary": PinyinVocabulary(("d", "a3", "k", "ai1"), "initials_finals")}
BAR = {"vocabulary": ["", "|", *"abl"], "word_delimiter": "|"}
HAN = {"vocabulary": ["", "|", *"打开"], "word_delimiter": "|"}
CASES = [
    (LETTERS, "ALL", "'ALL' .the classes spell 'all': another case"),
    (LETTERS, "Xylo", "'Xylo' .no class has 'Xyo'"),
    (LETTERS, "", "'' .it is empty"),
    (LETTERS, " ", "' ' .it is empty"),
    (NFD, "café", "the classes spell .*: another Unicode normal form, NFD"),
    (NFD, "CAFÉ", "the classes spell .*: another case and Unicode normal form, NFD"),
    (PIECES, "bal", "'bal' .no classes in a row spell it"),
    (PIECES, "AL", "'AL' .the classes spell 'al': another case"),
    (PINYIN, "关", "'关' .no class has 'guan1'"),
    (PINYIN, "打关机", "'打关机' .no class has 'guan1 ji1'"),
    (PINYIN, "打x", "'打x' .no class has '打x'"),
    (HALVES, "关", "'关' .no class has 'g uan1'"),
    (BAR, "a|b", "'a.b' .no classes in a row spell it"),
    (HAN, "打|开", "'打.开' .no classes in a row spell it"),
]
NAMES = ("hotwords", "allowed_words", "allowed_phrases")


def given(name, value, options):
    """Gives a decoder hotwords, or allowed words or phrases."""
    if name == "hotwords":
        CTCBeamSearchDecoder(**options).stream(hotwords=value)
    else:
        CTCBeamSearchDecoder(**options, **{name: value})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("options", "phrase", "message"), CASES)
def test_what_cannot_be_spelled_is_reported(name, options, phrase, message):
    with pytest.raises(ValueError, match=f"`{name}` must be texts .*{message}"):
        given(name, [phrase], options)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["all", ["all", 3], [None]])
def test_rejects_what_is_no_sequence_of_texts(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be a (list of texts|text)"):
        given(name, value, LETTERS)


def test_all_that_cannot_be_spelled_is_in_one_report():
    wrong = ["ALL", "Xylo", *(f"x{i}" for i in range(5))]

    with pytest.raises(ValueError, match=r"'ALL' .*'Xylo' .*'x2' .* and 2 more"):
        given("hotwords", dict.fromkeys(["ball", *wrong], 1.0), LETTERS)


def test_an_allowed_word_has_no_space():
    with pytest.raises(ValueError, match="`allowed_words` must be texts"):
        given("allowed_words", ["all", "a ball"], LETTERS)


def fusion(texts, **options):
    return ShallowFusion(NGramLanguageModel.train(texts, order=2), **options)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (fusion(["ALL BALL", "A"]), "3 of the 3 words .*'ALL: another case|'A' "),
        (fusion(["开灯 关灯"]), "2 of the 2 words .*no class has '关灯'"),
        (fusion([[*"ALL BA"]], unit="label"), "words are the texts of the classes"),
    ],
)
def test_a_language_model_of_other_letters_is_refused(model, message):
    with pytest.raises(ValueError, match=f"`fusion` must have a model.*{message}"):
        CTCBeamSearchDecoder(**LETTERS, fusion=model)


def test_some_words_of_a_language_model_that_cannot_be_spelled_are_told():
    with pytest.warns(UserWarning, match=r"cannot spell 1 of the 3 words.*'xa' \(no"):
        CTCBeamSearchDecoder(**LETTERS, fusion=fusion(["all ball", "xa all"]))


def sure(labels, num_classes):
    return 30.0 * np.eye(num_classes)[np.insert(labels, range(len(labels)), 0)][None]


@pytest.mark.parametrize(
    ("classes", "labels", "hotwords", "won"),
    [
        pytest.param(["", " ", *"打开蓝牙"], [2, 3, 4, 5], ["蓝牙"], 10, id="han"),
        pytest.param(["", " ", *"打开蓝牙"], [2, 1, 4, 5], ["打 蓝"], 10, id="spaced"),
        pytest.param(["", " ", *"เปดไฟ"], [2, 3, 4, 5, 6], ["ไฟ"], 10, id="thai"),
        pytest.param(["", " ", *"ab打"], [2, 3, 4], ["b打", "b"], 10, id="mixed"),
        pytest.param(["", " ", *"ab"], [2, 3], ["b"], 0, id="letters"),
        pytest.param(["", "an1", "kan1"], [2, 1], ["an1"], 10, id="syllables"),
        pytest.param(["", "an1", "kan1"], [2, 1], ["kan1 an1"], 10, id="two-syllables"),
        pytest.param(PINYIN["vocabulary"], [3, 4], ["打开"], 10, id="pinyin"),
        pytest.param(PINYIN["vocabulary"], [1, 3, 4], ["打 开"], 10, id="spaced-han"),
        pytest.param(PINYIN["vocabulary"], [4, 3], ["打开"], 0, id="pinyin-turned"),
        pytest.param(HALVES["vocabulary"], [1, 2, 3, 4], ["打开"], 10, id="halves"),
        pytest.param(["", "▁打开", "蓝牙"], [1, 2], ["蓝牙"], 10, id="piece"),
        pytest.param(["", "▁打开蓝", "牙"], [1, 2], ["蓝牙"], 10, id="over-pieces"),
        pytest.param(["", "▁打开蓝牙", "关"], [1], ["蓝牙"], 10, id="within-a-piece"),
        pytest.param(["", "▁打", "开", "▁蓝牙"], [1, 2, 3], ["开 蓝"], 10, id="two"),
        pytest.param(["", " ", "打开", "蓝牙"], [2, 3], ["开蓝"], 10, id="longer"),
    ],
)
def test_scripts_without_spaces_are_matched_inside_words(
    classes, labels, hotwords, won
):
    decoder = CTCBeamSearchDecoder(classes)
    logits = sure(labels, getattr(classes, "num_classes", None) or len(classes))

    ((found,),) = decoder.decode(logits, hotwords=hotwords)

    assert found.labels == tuple(labels)
    assert found.hotword_score == won


def test_hotwords_count_wherever_their_characters_stand(random):
    """Judged by the texts of all rows of three pieces."""
    pieces = ["▁打", "▁开蓝", "打", "蓝", "开打", "▁"]
    decoder = CTCBeamSearchDecoder(["", *pieces])
    rows = list(itertools.product(range(1, 7), repeat=3))
    texts = {row: "".join(pieces[x - 1] for x in row) for row in rows}
    texts = {row: text.replace("▁", " ") for row, text in texts.items()}

    for hotword in map("".join, itertools.product("打开蓝", repeat=2)):
        if not any(hotword in text for text in texts.values()):
            with pytest.raises(ValueError, match="`hotwords` must be texts"):
                decoder.stream(hotwords=[hotword])
            continue
        for place in random.integers(len(rows), size=3):
            row = rows[place]
            ((found,),) = decoder.decode(sure(row, 7), hotwords={hotword: 1.0})
            assert found.labels == row
            assert found.hotword_score == len(
                re.findall(f"(?={hotword})", texts[row])  # they may overlap
            )


@pytest.mark.parametrize(
    ("vocabulary", "phrase", "message"),
    [
        (CharacterVocabulary(" al"), "", "'' .it is empty"),
        (CharacterVocabulary(" al"), " ", "' ' .it is empty"),
        (WordVocabulary(("on", "off")), "", "'' .it is empty"),
        (PINYIN["vocabulary"], "", "'' .it is empty"),
        (CharacterVocabulary("al"), "ALL", "'ALL' .the classes spell 'all'"),
        (CharacterVocabulary("al?", "?"), "xa", "'xa' .no class has 'x'"),
        (WordVocabulary(("on", "off")), "ON", "'ON' .the classes spell 'on'"),
        (WordVocabulary(("on", "off")), "in", "'in' .no class has 'in'"),
    ],
)
def test_a_phrase_scorer_reports_what_cannot_be_spelled(vocabulary, phrase, message):
    with pytest.raises(ValueError, match=f"`phrases` must be texts .*{message}"):
        PhraseScorer(
            vocabulary, ("on", phrase) if "on" in vocabulary.tokens else (phrase,)
        )
