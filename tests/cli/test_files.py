"""Tests of the commands that make, show and run `.tflite` files."""

import json

import keras
import numpy as np
import pytest

from speechkit import audio, export, layers, models, text
from speechkit.cli.main import main


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a small model of each kind, their files, and a recording."""
    keras.utils.set_random_seed(0)
    folder = tmp_path_factory.mktemp("files")
    features = [layers.LogMelSpectrogram(8000, num_mel_bins=8)]
    commands = models.CommandRecognizer(
        ["on", "off"], 8000, front_end=features, encoder=[keras.layers.Dense(4)]
    )
    commands.save(folder / "commands.keras")
    features = [layers.LogMelSpectrogram(8000, num_mel_bins=8)]
    speech = models.CTCRecognizer(
        text.CharacterVocabulary(" ab"),
        8000,
        front_end=features,
        encoder=[keras.layers.GRU(4, return_sequences=True)],
    )
    speech.save(folder / "speech.keras")
    noise = np.random.default_rng(seed=0).normal(scale=0.1, size=8000)
    audio.write(folder / "noise.wav", noise.astype("float32"), sampling_rate=8000)
    return folder


@pytest.fixture
def run(capsys, folder, monkeypatch):
    """Runs the command in the folder: status, output and errors."""
    monkeypatch.chdir(folder)

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_exported_commands_are_understood_as_by_the_model(run, folder):
    status, output, _ = run("export", "commands.keras", "commands.tflite")
    assert status == 0
    assert "samples        8000 Hz, float32 from -1 to 1" in output

    status, output, _ = run("transcribe", "commands.tflite", "noise.wav")

    model = keras.saving.load_model(folder / "commands.keras")
    clip = audio.read(folder / "noise.wav", 8000)
    (expected,) = model.recognize(clip[None])
    assert (status, output) == (0, f"{expected.label}\n")


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--decoder", "none"),
        ("--streaming", "--quantization=float16"),
        ("--streaming", "--decoder", "none"),
    ],
)
def test_exported_speech_is_transcribed_as_by_the_model(run, folder, options):
    run("export", "speech.keras", "speech.tflite", *options)

    _, output, _ = run("transcribe", "speech.tflite", "noise.wav", "noise.wav")

    model = keras.saving.load_model(folder / "speech.keras")
    (expected,) = model.transcribe(audio.read(folder / "noise.wav", 8000)[None])
    assert output == 2 * f"noise.wav\t{expected}\n"


def test_recordings_are_what_the_file_is_compared_on(run, folder):
    run("export", "speech.keras", "s.tflite", "--recordings", "noise.wav", "noise.wav")

    status, output, _ = run("inspect", "s.tflite", "--format", "json")

    certificate = json.loads(output)
    assert status == 0
    assert certificate["parity"]["recordings"] == 2
    assert certificate == export.TFLiteRunner(folder / "s.tflite").certificate


def test_benchmark_measures_clips_of_the_given_length(run):
    run("export", "speech.keras", "speed.tflite")

    _, output, _ = run(
        "benchmark", "speed.tflite", "--seconds", "2", "--format", "json"
    )
    _, text_output, _ = run("benchmark", "speed.tflite")

    measured = json.loads(output)
    assert measured["latency"]["audio_seconds"] == 2
    assert "for 1 s of audio on one thread" in text_output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("inspect", "none.tflite"), "none.tflite must be a .tflite file. There is no"),
        (("export", "none.keras", "m.tflite"), "none.keras must be a .keras file"),
        (("export", "speech.keras", "m.bin"), "`path` must end in .tflite"),
        (("transcribe", "speech.keras", "noise.wav"), "speech.keras must be a .tflite"),
        (
            ("export", "speech.keras", "m.tflite", "--streaming", "--chunk-seconds=0"),
            "`chunk_seconds` must be a finite number above 0",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--streaming", "--num-samples=9"),
            "`--num-samples` must be left out with `--streaming`",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--streaming", "--fuse-lstm"),
            "`--fuse-lstm` must be left out with `--streaming`",
        ),
    ],
)
def test_errors_are_one_line(run, arguments, message):
    status, output, errors = run(*arguments)

    assert (status, output) == (1, "")
    assert message in errors
    assert errors.count("\n") == 1


def test_a_file_without_certificate_cannot_be_inspected(run, folder):
    run("export", "speech.keras", "bare.tflite")
    path = folder / "bare.tflite"
    path.write_bytes(
        path.read_bytes().replace(b"speechkit.certif", b"speechkit.nothin")
    )

    status, _, errors = run("inspect", "bare.tflite")

    assert status == 1
    assert "must have a certificate" in errors


@pytest.mark.parametrize("streaming", [True, False])
def test_a_damaged_file_is_named(run, folder, streaming):
    options = ("--streaming",) if streaming else ()
    run("export", "speech.keras", "whole.tflite", *options)
    content = (folder / "whole.tflite").read_bytes()
    for size in (9, 40, 400, len(content) // 2, len(content) - 8):
        (folder / "part.tflite").write_bytes(content[:size])

        status, output, errors = run("transcribe", "part.tflite", "noise.wav")

        assert (status, output) == (1, "")
        assert "part.tflite must be a .tflite file. It is damaged" in errors
        assert errors.count("\n") == 1
