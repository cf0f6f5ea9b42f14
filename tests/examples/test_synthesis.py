"""Tests of the speech that the voice-command example makes itself."""

import csv
import itertools
import os
import subprocess
import sys

import espeakng_loader
import numpy as np
import pytest
import scipy.signal
import soundfile

from examples.voice_commands import commands, synthesis, synthetic_corpus
from examples.voice_commands.synthesis import Synthesizer

# The tones of the standard pinyin; 一 before a third tone is said in the fourth.
TONES = [
    *("2211", "221344", "22344", "221144", "22144", "2241", "221414", "221314"),
    *("224214", "222314", "22443", "22443", "22443", "22443", "221414", "221114"),
    *("221411", "221111", "221433", "221133", "2211", "224423", "2224134", "22241344"),
]
# The package is left empty: importing TensorFlow would take most of the test's time.
SPEAK_ELSEWHERE = """
import importlib.util, sys
empty = importlib.util.module_from_spec(importlib.util.find_spec("speechkit"))
sys.modules["speechkit"] = empty
from examples.voice_commands.synthesis import Synthesizer
with Synthesizer() as synthesizer:
    print(synthesizer.speak("蓝牙开机", voice="whisperf", pitch=40).tobytes().hex())
"""


@pytest.fixture
def synthesizer():
    with Synthesizer() as opened:
        yield opened


@pytest.fixture
def make_corpus(monkeypatch, tmp_path):
    """Makes a corpus of two commands and three other phrases in two voices."""
    others = {"train": ("你好", "蓝牙"), "test": ("再见",)}
    monkeypatch.setattr(commands, "COMMANDS", ("蓝牙开机", "蓝牙音量增大"))
    monkeypatch.setattr(commands, "OTHER_PHRASES", others)

    def make(name="corpus", **arguments):
        splits = {"train": ("f3",), "test": ("m4",)}
        return synthetic_corpus.synthesize_corpus(
            tmp_path / name, splits=splits, **arguments
        )

    return make


def rows_of(folder):
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hertz_of(waveform):
    """Returns the pitch of each frame: the lag of the highest autocorrelation."""
    frames = np.lib.stride_tricks.sliding_window_view(waveform[800:-800], 640)[::160]
    power = np.abs(np.fft.rfft(frames, 2048)) ** 2
    correlation = np.fft.irfft(power)[:, 40:200]  # 400 Hz to 80 Hz
    return 16000 / (40 + correlation.argmax(axis=1))


def content_of(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("voice", ["f3", "whisper"])
@pytest.mark.parametrize("text", ["蓝牙开机", "蓝牙还剩多少电量"])
def test_a_waveform_does_not_depend_on_what_was_said_before(synthesizer, voice, text):
    arguments = {"voice": voice, "words_per_minute": 190, "pitch": 60}
    alone = synthesizer.speak(text, **arguments)

    for other in synthesis.VOICES:
        synthesizer.speak("小明打电话", voice=other, words_per_minute=400)
        again = synthesizer.speak(text, **arguments)

        np.testing.assert_array_equal(again, alone)


def test_another_process_speaks_the_same_samples(synthesizer):
    here = synthesizer.speak("蓝牙开机", voice="whisperf", pitch=40)

    elsewhere = subprocess.run(
        [sys.executable, "-c", SPEAK_ELSEWHERE],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
    )

    assert elsewhere.stdout.strip() == here.tobytes().hex()


def test_every_voice_is_heard_between_two_short_silences(synthesizer):
    waveforms = [synthesizer.speak("蓝牙打电话", voice=v) for v in synthesis.VOICES]

    for waveform in waveforms:
        margins = np.concatenate([waveform[:800], waveform[-800:]])
        speech = waveform[800:-800]
        assert waveform.dtype == np.float32
        assert not margins.any()
        assert np.abs(speech).max() == pytest.approx(0.5)
        assert (np.abs(speech[[0, -1]]) > 0.005).all()  # 40 dB below the peak
        assert (np.abs(speech[[0, -1]]) < 0.05).all()  # nothing louder was cut off
        assert np.sqrt(np.mean(speech**2)) > 0.03
        assert 1.0 < len(speech) / 16000 < 1.8


def test_no_two_voices_sound_the_same(synthesizer):
    waveforms = [synthesizer.speak("蓝牙打电话", voice=v) for v in synthesis.VOICES]

    for one, other in itertools.combinations(waveforms, 2):
        length = min(len(one), len(other))
        assert abs(np.corrcoef(one[:length], other[:length])[0, 1]) < 0.9


@pytest.mark.parametrize(
    ("text", "tones"), [*zip(commands.COMMANDS, TONES, strict=True)]
)
def test_commands_are_read_in_the_tones_of_the_pinyin(synthesizer, text, tones):
    names = {"55": "1", "35": "2", "214": "3", "51": "4"}

    read = synthesizer.phonemes(text)
    for digits, tone in names.items():
        read = read.replace(digits, f"<{tone}>")

    assert "".join(letter for letter in read if letter in "1234") == tones


@pytest.mark.parametrize(
    ("text", "syllable"),
    [
        pytest.param("音乐", "yE51", id="yue4-not-le4"),
        pytest.param("还剩", "X'ai35", id="hai2-not-huan2"),
        pytest.param("银行", "X'A35N", id="hang2-not-xing2"),
    ],
)
def test_characters_with_two_readings_get_the_right_one(synthesizer, text, syllable):
    assert syllable in synthesizer.phonemes(text)


def test_no_two_phrases_sound_the_same(synthesizer):
    others = itertools.chain.from_iterable(commands.OTHER_PHRASES.values())
    phrases = [*commands.COMMANDS, *others]

    read = {synthesizer.phonemes(phrase) for phrase in phrases}

    assert len(read) == len(phrases)


def test_pitch_and_speed_do_what_they_say(synthesizer):
    own = synthesizer.speak("蓝牙打电话", voice="f5")
    high = synthesizer.speak("蓝牙打电话", voice="f5", pitch=70)
    fast = synthesizer.speak("蓝牙打电话", voice="f5", words_per_minute=230)

    ratio = np.median(hertz_of(high)) / np.median(hertz_of(own))

    assert 12 * np.log2(ratio) == pytest.approx(4, abs=0.5)
    assert len(fast) / len(own) == pytest.approx(175 / 230, abs=0.08)


def test_a_narrow_pitch_range_flattens_the_tones(synthesizer):
    spans = []
    for pitch_range in (0, 80):
        waveform = synthesizer.speak("蓝牙打电话", voice="f5", pitch_range=pitch_range)
        spans.append(np.subtract(*np.percentile(hertz_of(waveform), [75, 25])))

    assert spans[0] < 3 < spans[1]


# In English, it rhymes with "my", and in German with "me".
@pytest.mark.parametrize(("language", "vowel"), [("en-us", "aI"), ("de", "i:")])
def test_other_languages_are_spoken(language, vowel):
    with Synthesizer(language) as synthesizer:
        assert synthesizer.phonemes("die").endswith(vowel)
        assert len(synthesizer.speak("die", voice="f3")) > 0.2 * 16000


def test_an_unknown_language_is_named_and_leaves_the_library_free():
    with pytest.raises(ValueError, match=r"`language` must be .* language='nowhere'"):
        Synthesizer("nowhere")
    with Synthesizer() as synthesizer:
        assert synthesizer.speak("好", voice="f3").any()


def test_splits_share_no_voice():
    train, dev, test = (synthesis.SPLITS[name] for name in ("train", "dev", "test"))

    assert len({*train, *dev, *test}) == len(train) + len(dev) + len(test)
    assert len(dev) >= 3
    assert len(test) >= 4


@pytest.mark.parametrize("split", ["dev", "test"])
def test_dev_and_test_say_known_and_new_phrases(split):
    train, held_out = commands.other_phrases("train"), commands.other_phrases(split)

    known = [phrase in train for phrase in held_out]

    assert any(known)
    assert not all(known)
    assert not set(held_out) & set(commands.COMMANDS)


def test_manifest_describes_every_file(make_corpus):
    folder = make_corpus()

    rows = rows_of(folder)

    files = {str(path.relative_to(folder)) for path in folder.rglob("*.flac")}
    assert {row["path"] for row in rows} == files
    assert len(rows) == len(files) == (2 * 3 + 2) + 2 * (2 * 2 + 2)
    for row in rows:
        assert soundfile.info(folder / row["path"]).samplerate == 16000
        assert row["path"].startswith(f"{row['text']}/{row['speaker']}_")
        assert row["split"] == {"f3": "train", "m4": "test"}[row["speaker"]]
        assert (row["text"] in commands.COMMANDS) != (
            row["text"] == commands.NOT_A_COMMAND
        )


def test_test_clips_come_clean_and_in_noise(make_corpus):
    rows = rows_of(make_corpus())

    clean = [row["text"] for row in rows if row["split"] == "test" and not row["noise"]]
    noisy = [row for row in rows if row["noise"]]

    assert [row["text"] for row in noisy] == clean
    assert all(row["split"] == "test" for row in noisy)
    assert all(5 <= float(row["snr_db"]) <= 20 for row in noisy)


def test_a_seed_makes_one_corpus(make_corpus):
    first, again, other = (make_corpus(f"{i}", seed=s) for i, s in enumerate([1, 1, 2]))

    assert content_of(first) == content_of(again)
    assert content_of(first) != content_of(other)


def test_takes_of_a_phrase_differ(make_corpus):
    folder = make_corpus()

    takes = {path.read_bytes() for path in folder.glob("蓝牙开机/f3_*.flac")}

    assert len(takes) == 3


def test_progress_reaches_the_total(make_corpus):
    calls = []

    make_corpus(progress=lambda done, total: calls.append((done, total)))

    assert calls == [(done, 14) for done in range(1, 15)]


def test_a_finished_corpus_is_reused(make_corpus):
    content = content_of(make_corpus())

    folder = make_corpus(seed=1)

    assert content_of(folder) == content


def test_an_interrupted_corpus_is_made_again(make_corpus, tmp_path):
    def interrupt(done, total):
        (tmp_path / "corpus.partial" / "left.txt").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_corpus(progress=interrupt)
    left = [path.name for path in tmp_path.iterdir()]
    folder = make_corpus()

    assert left == ["corpus.partial"]
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]
    assert not (folder / "left.txt").exists()
    assert content_of(folder) == content_of(make_corpus("whole"))


def test_texts_are_said_in_all_voices_whose_accents_take_turns(monkeypatch, tmp_path):
    monkeypatch.setattr(synthetic_corpus, "VOICES", ("f3", "m4", "zac"))
    counts = []

    folder = synthetic_corpus.synthesize_texts(
        tmp_path / "texts",
        ["turn_on", "on/off"],
        ["en-us", "en-gb-scotland"],
        progress=lambda *count: counts.append(count),
    )

    rows = rows_of(folder)
    assert [row["text"] for row in rows].count("on/off") == len(rows) / 2
    assert {(row["speaker"], row["split"]) for row in rows} == {("", "train")}
    assert len({row["path"] for row in rows}) == 3 * 2 * synthetic_corpus.TAKES
    assert counts[-1] == (len(rows), len(rows))
    voices = {row["path"].split("/")[1].rsplit("_", 1)[0] for row in rows}
    assert voices == {"en-us_f3", "en-gb-scotland_m4", "en-us_zac"}
    assert all(soundfile.info(folder / row["path"]).duration > 0.2 for row in rows)


def test_a_folder_of_something_else_is_left_alone(make_corpus, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mine.txt").touch()

    with pytest.raises(FileExistsError, match=r"corpus: has no manifest\.csv"):
        make_corpus()

    assert (tmp_path / "corpus" / "mine.txt").exists()


@pytest.mark.parametrize("kind", synthetic_corpus.NOISES)
def test_noise_has_the_asked_level(kind):
    generator = np.random.default_rng(seed=0)
    time = np.arange(16000) / 16000
    waveform = (0.2 * np.sin(2 * np.pi * 300 * time)).astype("float32")
    talkers = [generator.normal(size=30000), generator.normal(size=9000)]

    noisy = synthetic_corpus.add_noise(
        waveform, kind, 12.0, generator=generator, talkers=talkers
    )

    noise = noisy - waveform
    level = 10 * np.log10(np.mean(waveform**2) / np.mean(noise**2))
    assert level == pytest.approx(12, abs=1e-3)


@pytest.mark.parametrize(("kind", "slope"), [("white", 0), ("pink", -1), ("brown", -2)])
def test_noise_has_the_slope_of_its_colour(kind, slope):
    generator = np.random.default_rng(seed=0)
    silence = np.full(160000, 1e-3, dtype="float32")  # far below the noise

    noisy = synthetic_corpus.add_noise(
        silence, kind, -20, generator=generator, talkers=[]
    )

    frequency, power = scipy.signal.welch(noisy, fs=16000, nperseg=4096)
    band = (frequency > 50) & (frequency < 7000)
    fit = np.polyfit(np.log(frequency[band]), np.log(power[band]), 1)
    assert fit[0] == pytest.approx(slope, abs=0.1)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        pytest.param({"voice": "nobody"}, "`voice` must be one of 'f3'", id="voice"),
        pytest.param({"pitch": 100}, "`pitch` .* from 0 to 99. .*: pitch=100", id="up"),
        pytest.param({"pitch_range": -1}, "`pitch_range` must be", id="down"),
        pytest.param({"words_per_minute": 175.5}, "an integer from 80", id="float"),
        pytest.param({"text": ""}, "`text` must be speakable", id="no-text"),
    ],
)
def test_rejects_what_cannot_be_spoken(synthesizer, argument, message):
    arguments = {"text": "你好", "voice": "f3", **argument}

    with pytest.raises(ValueError, match=message):
        synthesizer.speak(**arguments)


def test_one_synthesizer_is_open_at_a_time(synthesizer):
    with pytest.raises(RuntimeError, match="Close the open `Synthesizer`"):
        Synthesizer()

    synthesizer.close()
    with Synthesizer() as second:
        synthesizer.close()  # closes nothing any more
        assert len(second.speak("你好", voice="f3"))


def test_a_closed_synthesizer_says_so(synthesizer):
    synthesizer.close()

    with pytest.raises(RuntimeError, match="is closed"):
        synthesizer.speak("你好", voice="f3")


def test_missing_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)

    with pytest.raises(ImportError, match="pip install 'espeakng-loader>=0"):
        Synthesizer()


def test_a_broken_library_is_named(monkeypatch, tmp_path):
    path = tmp_path / "broken.so"
    path.write_text("not a library")
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(path))

    with pytest.raises(OSError, match=r"broken\.so: cannot be loaded"):
        Synthesizer()
