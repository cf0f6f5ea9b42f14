"""Tests of the voice-command example, on made-up sounds instead of speech."""

import json

import numpy as np
import pytest
import soundfile

from examples import resuming, saving
from examples.voice_commands import __main__ as voice_commands
from examples.voice_commands import data, recognize, synthetic_corpus, train
from examples.voice_commands.config import Config

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

RATE = 8000


def write_clip(path, *, pitch, seconds=0.4, rate=RATE, channels=1):
    """Writes a tone whose overtones say which command it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(round(seconds * rate)) / rate
    tone = sum(np.sin(2 * np.pi * k * pitch * time) / (5 * k) for k in (1, 3))
    soundfile.write(path, np.stack([tone] * channels, axis=1), rate)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """Three commands with 20 clips each, and files that are not quite right."""
    folder = tmp_path_factory.mktemp("recordings")
    random = np.random.default_rng(seed=0)
    for command, pitch in {"low": 200, "mid": 500, "high": 1100}.items():
        for i in range(20):
            drawn = pitch * random.uniform(0.95, 1.05)
            write_clip(folder / command / f"{i}.wav", pitch=drawn)
    write_clip(folder / "low/stereo.wav", pitch=200, rate=44100, channels=2)
    write_clip(folder / "low/short.wav", pitch=200, seconds=0.005)
    write_clip(folder / "low/long.wav", pitch=200, seconds=600)
    (folder / "low/text.wav").write_text("not sound")
    return folder


@pytest.fixture(scope="module")
def finished(recordings, tmp_path_factory):
    """A run that was interrupted after its first epoch and then went on."""
    out = tmp_path_factory.mktemp("run")
    arguments = ["--data", str(recordings), "--out", str(out), "--epochs", "12"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train.ProgressBar, "on_epoch_begin", interrupt_second_epoch)
        interrupted = voice_commands.main(arguments)
    assert interrupted == 130
    assert voice_commands.main(arguments) == 0
    return out


def interrupt_second_epoch(self, epoch, logs=None):
    if epoch == 1:
        raise KeyboardInterrupt


def test_a_run_goes_on_after_an_interruption(finished):
    history = json.loads((finished / "history.json").read_text())

    assert len(history["loss"]) == 12
    assert history["loss"][-1] < history["loss"][0]


def test_a_run_scores_itself_and_its_exported_file(finished):
    scores = json.loads((finished / "scores.json").read_text())

    assert scores["clips"] == 6
    assert scores["accuracy"] > 0.5
    assert scores["tflite"]["num_same_best"] == scores["tflite"]["num_clips"] == 6
    assert scores["tflite"]["largest_difference"] < 1e-3


@pytest.mark.parametrize("name", ["waveform", "spectrogram", "confusion", "training"])
def test_a_run_draws_pictures(finished, name):
    assert (finished / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_both_files_recognise_alike(finished, recordings, capsys):
    file = str(recordings / "high/3.wav")
    answers = []
    for name in ("model.keras", "model.tflite"):
        assert recognize.main([str(finished / name), file]) == 0
        answers.append(capsys.readouterr().out)

    assert answers[0] == answers[1]
    assert answers[0].startswith(f"{file}: ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("low/short.wav", "must last from 0.1 to 30 s. It lasts 0.005 s"),
        ("low/long.wav", "must last from 0.1 to 30 s. It lasts 600.000 s"),
        ("low/text.wav", "low/text.wav"),
        ("low/absent.wav", "low/absent.wav"),
    ],
)
def test_recognition_rejects_a_bad_file_in_one_line(
    finished, recordings, name, message, capsys
):
    status = recognize.main([str(finished / "model.tflite"), str(recordings / name)])

    lines = capsys.readouterr().err.splitlines()
    assert status == 2
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert message in lines[0]


def test_another_setting_needs_another_folder(finished, recordings, capsys):
    status = voice_commands.main(["--data", str(recordings), "--out", str(finished)])

    assert status == 2
    assert "`--out` must be a new folder" in capsys.readouterr().err


def test_settings_are_compared_as_the_file_keeps_them(tmp_path):
    saving.save_json({"languages": ("de",)}, tmp_path / "settings.json")

    resuming.check_settings({"languages": ("de",)}, tmp_path)
    with pytest.raises(ValueError, match="other settings"):
        resuming.check_settings({"languages": ("de", "en-us")}, tmp_path)


def test_a_mistyped_folder_does_not_claim_the_run(tmp_path):
    status = voice_commands.main(
        ["--data", str(tmp_path / "absent"), "--out", str(tmp_path / "run")]
    )

    assert status == 2
    assert not (tmp_path / "run").exists()


def test_synthetic_voices_are_heard_in_training_only(recordings, tmp_path, monkeypatch):
    monkeypatch.setattr(synthetic_corpus, "VOICES", ("f3", "m4"))
    options = {"data": recordings, "out": tmp_path}

    recorded = data.load(Config(**options))
    corpus = data.load(Config(**options, languages=("en-us",)))

    added = corpus.splits["train"][len(recorded.splits["train"]) :]
    assert corpus.splits["dev"] == recorded.splits["dev"]
    assert corpus.splits["test"] == recorded.splits["test"]
    assert {recording.text for recording in added} == {"low", "mid", "high"}
    assert {recording.speaker for recording in added} == {None}
    assert corpus.sampling_rate == RATE


def test_synthetic_voices_must_have_commands_to_say(tmp_path, capsys):
    status = voice_commands.main(["--speak", "en-us", "--out", str(tmp_path / "run")])

    assert status == 2
    assert capsys.readouterr().err == (
        "error: `--speak` must come with `--data`, whose commands it says\n"
    )


def one_class(folder):
    for i in range(5):
        write_clip(folder / f"only/{i}.wav", pitch=300)


def class_with_one_clip(folder):
    one_class(folder)
    write_clip(folder / "lonely/0.wav", pitch=900)


def nothing_readable(folder):
    for name in ("on", "off"):
        write_clip(folder / name / "0.wav", pitch=300, seconds=0.005)


def class_of_damaged_clips(folder):
    one_class(folder)
    for i in range(5):
        write_clip(folder / f"other/{i}.wav", pitch=900)
    (folder / "lost").mkdir()
    (folder / "lost/0.wav").write_bytes(b"RIFF")


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (lambda folder: None, ""),
        (one_class, "two or more commands"),
        (class_with_one_clip, "lonely"),
        (nothing_readable, "two or more commands"),
        (class_of_damaged_clips, "None is left of lost"),
    ],
    ids=["empty", "one-class", "one-clip", "nothing-readable", "damaged-class"],
)
def test_bad_data_gives_one_sentence(tmp_path, fill, message, capsys):
    folder = tmp_path / "data"
    folder.mkdir()
    fill(folder)

    status = voice_commands.main(
        ["--data", str(folder), "--out", str(tmp_path / "run")]
    )

    errors = [line for line in capsys.readouterr().err.splitlines() if "error:" in line]
    assert status == 2
    assert len(errors) == 1
    assert message in errors[0]


def test_folders_of_speakers_are_read_by_the_names_of_files(tmp_path):
    for name, pitch in (("on", 300), ("off", 900)):
        for speaker in ("anna", "ben", "cleo", "dan", "eve"):
            write_clip(tmp_path / speaker / f"{name}_1.wav", pitch=pitch)

    config = Config(data=tmp_path, text_pattern="^(?P<text>[a-z]+)_")
    corpus = data.load(config)

    assert corpus.labels == ("off", "on")
    parts = corpus.splits.values()
    assert {r.speaker for part in parts for r in part} >= {"anna", "eve"}


def test_babble_lies_5_to_20_db_behind_a_third_of_the_clips():
    clips = np.random.default_rng(seed=0).normal(size=(3000, 50)).astype("float32")
    lengths = np.full(3000, 50)

    inputs, _ = data.add_babble({"waveforms": clips, "lengths": lengths}, lengths)

    behind = np.asarray(inputs["waveforms"]) - clips
    has_babble = np.abs(behind).max(axis=1) > 0
    power = [np.mean(values[has_babble] ** 2, axis=1) for values in (clips, behind)]
    levels_db = 10 * np.log10(power[0] / power[1])
    assert 0.3 < has_babble.mean() < 0.37
    # Uniform from 5 to 20 dB: both ends are met, and nothing lies beyond.
    np.testing.assert_allclose([levels_db.min(), levels_db.max()], [5, 20], atol=0.2)
