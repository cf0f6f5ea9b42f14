"""Tests that the writers of files refuse what the readers would not give back."""

import math
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies

from speechkit.datasets import Recording, read_manifest, write_manifest
from speechkit.text import (
    Segment,
    TimedAlternatives,
    TimedWord,
    read_ctm,
    read_stm,
    read_trn,
    write_ctm,
    write_stm,
    write_trn,
)

# Pieces of names and words: notation, white space, marks, and what no file can hold.
PIECES = strategies.sampled_from(
    [
        *(
            "a",
            "é",
            "打",
            "<ALT>",
            "<alt_end>",
            "<o>",
            "<",
            ";;",
            ";",
            "(",
            ")",
            "{",
            "@",
        ),
        *(" ", "\n", "\r", "\u2028", "\u00a0", "\x1c", "\0", "\ud800", "\ufeff", '"'),
    ]
)
NAMES = strategies.just("a") | strategies.lists(PIECES, max_size=2).map("".join)
NUMBERS = strategies.sampled_from(
    [0, 0.5, 1.25, 3, 1e6, -1, -0.001, math.nan, math.inf, -math.inf, True, "1", None]
)
TIMES = strategies.sampled_from([0, 0.5, 1.25]) | NUMBERS
WORDS = strategies.builds(TimedWord, NAMES, NAMES, TIMES, TIMES, NAMES, NUMBERS)
PLAIN = strategies.builds(
    TimedWord, *[strategies.just(x) for x in ("a", "1", 0.5, 0.25, "yes")]
)
ALTERNATIVES = (
    strategies.lists(strategies.lists(PLAIN | WORDS, max_size=2).map(tuple), max_size=3)
    .filter(any)
    .map(tuple)
    .map(TimedAlternatives)
)
SEGMENTS = strategies.builds(
    Segment, NAMES, NAMES, NAMES, TIMES, TIMES, NAMES, strategies.none() | NAMES
)
RECORDINGS = strategies.builds(
    Recording,
    NAMES.map(lambda name: Path(name or "b")),
    NAMES,
    strategies.none() | NAMES,
    strategies.none() | NAMES | NUMBERS,
)
LAWFUL = hypothesis.settings(max_examples=100, deadline=None, derandomize=True)


def written(write, values, path):
    """Returns whether a writer took values; if not, it says why in one sentence."""
    try:
        write(values, path)
    except ValueError as error:
        sentence = str(error)
    else:
        return True
    assert "must" in sentence or "cannot hold" in sentence
    assert not path.exists()
    return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("written")


@pytest.mark.parametrize("values", [WORDS, ALTERNATIVES], ids=["one", "more"])
@hypothesis.given(data=strategies.data())
@LAWFUL
def test_words_come_back(folder, values, data):
    words = data.draw(strategies.lists(values, max_size=2))
    path = folder / "a.ctm"
    path.unlink(missing_ok=True)

    if written(write_ctm, words, path):
        order = sorted(words, key=lambda w: (w.recording, w.channel, w.start_seconds))
        assert read_ctm(path) == tuple(order)


@hypothesis.given(segments=strategies.lists(SEGMENTS, max_size=2))
@LAWFUL
def test_segments_come_back(folder, segments):
    path = folder / "a.stm"
    path.unlink(missing_ok=True)

    if written(write_stm, segments, path):
        back = read_stm(path)
        assert [(s.recording, s.channel, s.speaker, s.label) for s in back] == [
            (s.recording, s.channel, s.speaker, s.label)
            for s in sorted(
                segments, key=lambda s: (s.recording, s.channel, s.start_seconds)
            )
        ]
        assert sorted(s.text.split() for s in back) == sorted(
            s.text.split() for s in segments
        )
        assert all(0 <= s.start_seconds <= s.end_seconds for s in back)


@hypothesis.given(texts=strategies.dictionaries(NAMES, NAMES, max_size=2))
@LAWFUL
def test_texts_come_back(folder, texts):
    path = folder / "a.trn"
    path.unlink(missing_ok=True)

    if written(write_trn, texts, path):
        back = {name: " ".join(text.split()) for name, text in texts.items()}
        assert read_trn(path) == back


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
@hypothesis.given(recordings=strategies.lists(RECORDINGS, max_size=2))
@LAWFUL
def test_recordings_come_back(folder, suffix, recordings):
    path = folder / f"a.{suffix}"
    path.unlink(missing_ok=True)
    recordings = [
        Recording(folder / each.path, each.text, each.speaker, each.split)
        for each in recordings
    ]

    if written(write_manifest, recordings, path):
        assert read_manifest(path) == tuple(
            Recording(r.path, r.text, r.speaker or None, r.split or None)
            for r in recordings
        )


WORD = {"recording": "a", "channel": "1", "start_seconds": 0, "duration_seconds": 1}
SEGMENT = {"recording": "a", "channel": "1", "speaker": "b", "text": "yes"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start_seconds": math.nan}, "`start_seconds` must be a finite number"),
        ({"start_seconds": -1}, "`start_seconds` must be a finite number of 0 or more"),
        ({"duration_seconds": math.inf}, "`duration_seconds` must be a finite number"),
        ({"confidence": math.nan}, "`confidence` must be a finite number"),
        ({"word": "<Alt>"}, "`word` must not be a mark of alternatives"),
        ({"word": None}, "`word` must be a text"),
        ({"channel": "a b"}, "`channel` must be text without white space"),
        ({"recording": ";;a"}, "cannot hold a line that begins with ;;"),
        ({"recording": "\ufeffa"}, "cannot hold a byte-order mark"),
        ({"recording": "a\0"}, "`recording` must be Unicode text without NUL"),
    ],
)
def test_a_word_that_no_reader_takes_is_refused(tmp_path, changed, message):
    word = TimedWord(**{"word": "yes", **WORD, **changed})

    with pytest.raises(ValueError, match=message):
        write_ctm([word, TimedWord("\uffff", "1", 0.5, 1, "b")], tmp_path / "a.ctm")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start_seconds": 2}, "`end_seconds` must not come before `start_seconds`"),
        ({"start_seconds": math.nan}, "`start_seconds` must be a finite number"),
        ({"end_seconds": -1}, "`end_seconds` must be a finite number of 0 or more"),
        ({"label": "o"}, "`label` must stand in angle brackets"),
        ({"text": "\ud800"}, "`text` must be Unicode text"),
        ({"text": "<o> a"}, "`text` must not begin with a word in angle brackets"),
    ],
)
def test_a_segment_that_no_reader_takes_is_refused(tmp_path, changed, message):
    segment = Segment(**{"start_seconds": 0, "end_seconds": 1, **SEGMENT, **changed})

    with pytest.raises(ValueError, match=message):
        write_stm([segment], tmp_path / "a.stm")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"text": None}, "`text` must be a text. Received: text=None"),
        ({"text": "a\0"}, "`text` must be Unicode text without NUL"),
        ({"speaker": 5}, "`speaker` must be a text. Received: speaker=5"),
        ({"path": Path("\udcff.wav")}, "`path` must be Unicode text"),
        ({"text": "a" * 200_000}, "`text` must have at most 131072 characters"),
    ],
)
def test_a_recording_that_no_reader_takes_is_refused(tmp_path, changed, message):
    recording = Recording(**{"path": Path("a.wav"), "text": "yes", **changed})

    with pytest.raises(ValueError, match=message):
        write_manifest([recording], tmp_path / "a.csv")
