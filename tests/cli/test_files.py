"""Tests of the commands that make, show and run `.tflite` files."""

import io
import json
import os
import re
import zipfile

import keras
import numpy as np
import pytest

from speechkit import audio, export, layers, models, text
from speechkit.cli.main import main
from speechkit.export.files import _flatbuffer
from speechkit.export.measuring import _certificate

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process


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


OWN = """
import keras
from speechkit import layers
class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return 2.0 * inputs
def make():
    dense = keras.layers.Dense(3, "softmax", name="the answer")
    hidden = [layers.Frame(40, 40), keras.layers.GRU(4), Doubled()]
    return keras.Sequential([keras.Input((None,)), *hidden, dense])
make().save("own.keras")
"""


@pytest.fixture
def own(folder, monkeypatch):
    """A model that a user's script saved, and that tells no facts of itself."""
    monkeypatch.chdir(folder)
    # As `python own_layers.py` does, where the classes are in `__main__`.
    exec(OWN, {"__name__": "__main__"})
    (folder / "own_layers.py").write_text(OWN.replace("make().", "# "), "utf-8")
    keras.utils.set_random_seed(1)


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


@pytest.mark.parametrize(
    "form", [["--num-samples", "8000"], ["--streaming", "--chunk-seconds", "0.01"]]
)
def test_a_model_of_a_user_is_exported_and_understood(run, own, folder, form):
    facts = [
        "--sampling-rate",
        "8000",
        "--threshold",
        "0.9",
        "--labels",
        "on",
        "off",
        "no",
    ]
    importing = ["--import", "own_layers"]

    status, output, errors = run(
        "export", "own.keras", "own.tflite", *importing, *form, *facts
    )

    assert (status, errors) == (0, "")
    assert "labels         3: 'on' 'off' 'no'" in output
    stream = "TFLite Micro   runs only the first of the functions of a stream"
    assert (stream in output) == ("--streaming" in form)
    assert ("whole clips, of 8000 samples" in output) == ("8000" in form)
    _, output, _ = run("transcribe", "own.tflite", "noise.wav")
    answer = keras.saving.load_model(folder / "own.keras")(
        audio.read(folder / "noise.wav", 8000)[None]
    )
    expected = ["on", "off", "no"][np.argmax(answer)]
    understood = np.max(answer) >= 0.9
    assert output == f"{expected if understood else '(not understood)'}\n"


def test_labels_may_stand_in_a_file(run, own, folder):
    (folder / "labels.txt").write_text("开灯\n off\n\nup \n", "utf-8")
    arguments = ["--import", "own_layers", "export", "own.keras", "own.tflite"]

    run(*arguments, "--num-samples", 400, "--labels", "labels.txt")

    metadata = export.TFLiteRunner(folder / "own.tflite").metadata
    assert metadata == {"labels": ["开灯", "off", "up"]}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--labels", "on"], "`--labels` must be 3, one for each class .* Received 1"),
        (["--threshold", "2"], "`--threshold` must be a number from 0 to 1"),
        (["--sampling-rate", "0"], "`--sampling-rate` must be an integer of 1 or more"),
        (["--recordings", "noise.wav"], "`--sampling-rate` must be given with `--rec"),
        (["--streaming"], "`sampling_rate` must be given, in hertz"),
        (["--decoder", "greedy"], "`--decoder` must be auto or none for a model with"),
    ],
)
def test_what_a_model_does_not_tell_must_be_right(run, own, options, message):
    status, output, errors = run(
        "export", "own.keras", "no.tflite", "--import", "own_layers", *options
    )

    assert (status, output) == (1, "")
    assert re.search(message, errors)
    assert errors.count("\n") == 1


def test_a_refused_file_is_kept_to_look_at(run, own, folder, monkeypatch):
    monkeypatch.setitem(_certificate.LIMITS, "float32", -1.0)
    arguments = ["export", "own.keras", "kept.tflite", "--num-samples", "400"]
    arguments += ["--import", "own_layers"]

    refused, _, errors = run(*arguments)
    kept, output, _ = run(*arguments, "--keep-refused")

    assert (refused, kept) == (1, 0)
    assert "`keep_refused=True` writes the file all the same" in errors
    assert "; refused, and kept to look at\n" in output
    assert export.TFLiteRunner(folder / "kept.tflite").certificate["accepted"] is False


def test_a_lambda_is_named_with_what_to_do(run, folder):
    double = keras.layers.Lambda(lambda x: 2 * x)
    keras.Sequential([keras.Input((None,)), double]).save(folder / "lambda.keras")

    status, _, errors = run("export", "lambda.keras", "no.tflite")

    assert status == 1
    assert "has a Lambda layer, whose code would run: if you trust it" in errors
    assert errors.count("\n") == 1


def test_recordings_are_what_the_file_is_compared_on(run, folder):
    run("export", "speech.keras", "s.tflite", "--recordings", "noise.wav", "noise.wav")

    status, output, _ = run("inspect", "s.tflite", "--format", "json")

    certificate = json.loads(output)
    assert status == 0
    assert certificate["parity"]["recordings"] == 2
    assert certificate == export.TFLiteRunner(folder / "s.tflite").certificate


def test_benchmark_measures_clips_of_the_given_length(run):
    run("export", "speech.keras", "speed.tflite", "--num-samples", "any")

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
        (("inspect", "none.tflite"), "`none.tflite` must be a .tflite file. There is"),
        (
            ("export", "none.keras", "m.tflite"),
            "`none.keras` must be a .keras file. There is",
        ),
        (("export", "speech.keras", "m.bin"), "`path` must end in .tflite"),
        (
            ("transcribe", "speech.keras", "noise.wav"),
            "`speech.keras` must be a .tflite",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--streaming", "--chunk-seconds=0"),
            "`chunk_seconds` must be a finite number above 0",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--streaming", "--num-samples=9"),
            "`--num-samples` must be left out with `--streaming`",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--sampling-rate", "16000"),
            "`--sampling-rate` must be 8000, that of the model. Received: 16000",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--streaming", "--fuse-lstm"),
            "`--fuse-lstm` must be left out with `--streaming`",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--chunk-seconds=0.2"),
            "`--chunk-seconds` must come with `--streaming`. Received: 0.2",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--beam-width=4"),
            "`--beam-width` must come with `--decoder prefix-beam`. Received: --dec",
        ),
        (
            ("export", "speech.keras", "m.tflite", "--num-samples=ten"),
            "`num_samples` must be an integer of 1 or more",
        ),
        (
            ("export", "commands.keras", "m.tflite", "--labels", "commands.keras"),
            "must be UTF-8 text",
        ),
        (
            ("export", "commands.keras", "m.tflite", "--labels", "labels.tx"),
            "`--labels` must be 2, one for each class of the model. Received 1: lab",
        ),
        (
            ("export", "commands.keras", "m.tflite", "--import", ".commands"),
            "`--import` must name a module. Received: '.commands'",
        ),
        (
            ("benchmark", "none.tflite", "--seconds", "1e9"),
            "`--seconds` must be a finite number above 0, at most 3600",
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
    model = _flatbuffer.unpack(path.read_bytes())
    model.metadata = []
    path.write_bytes(_flatbuffer.pack(model, 0))

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
        assert "`part.tflite` must be a .tflite file. It is damaged" in errors
        assert errors.count("\n") == 1


def replaced(content, name, value):
    """Returns a `.tflite` file that was written with another object inside."""
    model = _flatbuffer.unpack(content)
    (entry,) = [x for x in model.metadata if x.name == name.encode()]
    text = value if isinstance(value, str) else json.dumps(value)
    model.buffers[entry.buffer].data = list(text.encode())
    model.metadata = [
        x for x in model.metadata if x.name != _flatbuffer.CHECKSUM.encode()
    ]
    return _flatbuffer.seal(_flatbuffer.pack(model, len(content)), {})


@pytest.fixture(scope="module")
def exported(folder):
    """The bytes of a whole-clip file, of a stream, and the certificate of the first."""
    model = keras.saving.load_model(folder / "speech.keras")
    whole = export.to_tflite(model, folder / "exported.tflite")
    stream = export.to_streaming_tflite(model, folder / "streamed.tflite")
    certificate = export.TFLiteRunner(whole).certificate
    return whole.read_bytes(), stream.read_bytes(), certificate


@pytest.mark.parametrize("option", ["--language-weight", "--word-bonus"])
def test_the_options_of_a_language_model_need_one(run, exported, option):
    arguments = ["--decoder", "beam", option, "1"]

    status, output, errors = run(
        "transcribe", "exported.tflite", "noise.wav", *arguments
    )

    assert (status, output) == (1, "")
    assert f"`{option}` must come with `--language-model`. Received: 1" in errors


def test_a_certificate_without_a_checksum_was_changed(run, folder, exported):
    model = _flatbuffer.unpack(exported[0])
    model.metadata = [x for x in model.metadata if b"checksum" not in x.name]
    (folder / "changed.tflite").write_bytes(_flatbuffer.pack(model, 0))

    status, _, errors = run("inspect", "changed.tflite")

    assert status == 1
    assert "`changed.tflite` must be a .tflite file. It is damaged" in errors


DEEP = "[" * 200000 + "]" * 200000


@pytest.mark.parametrize("command", ["inspect", "benchmark", "transcribe"])
@pytest.mark.parametrize(
    ("name", "value", "commands"),
    [
        ("speechkit", DEEP, "all"),
        ("speechkit", "[1]", "all"),
        ("speechkit", "{", "all"),
        ("speechkit", {}, "transcribe"),
        ("speechkit", {"sampling_rate": "fast"}, "benchmark transcribe"),
        ("speechkit", {"sampling_rate": -1}, "benchmark transcribe"),
        ("speechkit.certificate", DEEP, "all"),
        ("speechkit.certificate", "null", "all"),
        ("speechkit.certificate", {"format": 0}, "inspect transcribe"),
        ("speechkit.certificate", {"front_end": 1, "parity": 2}, "inspect transcribe"),
        ("speechkit.certificate", {"vocabulary": 3}, "inspect transcribe"),
        ("speechkit.certificate", {"vocabulary": {"class_name": "Gone", "config": {},
         "module": "gone", "registered_name": "gone>Gone"}}, "inspect transcribe"),
    ],
)  # fmt: skip
def test_an_old_or_foreign_certificate_is_one_sentence(
    run, folder, exported, command, name, value, commands
):
    (folder / "old.tflite").write_bytes(replaced(exported[0], name, value))

    files = ["old.tflite"] + ["noise.wav"] * (command == "transcribe")
    status, output, errors = run(command, *files)

    if commands == "all" or command in commands:
        assert (status, output) == (1, "")
        assert errors.startswith(f"speechkit {command}: ")
        assert errors.count("\n") == 1
        assert "shows where" not in errors
    else:
        assert (status, errors) == (0, "")


@pytest.mark.parametrize("value", [{}, {"streaming": 1}, {"streaming": {}}])
def test_a_stream_of_another_tool_is_one_sentence(run, folder, exported, value):
    content = replaced(exported[1], "speechkit", value)
    (folder / "old.tflite").write_bytes(content)

    status, output, errors = run("benchmark", "old.tflite")

    assert (status, output) == (1, "")
    assert errors.startswith("speechkit benchmark: `old.tflite` must ")
    assert errors.count("\n") == 1


ARCHIVES = {
    "foreign": {"word/document.xml": "<a/>"},
    "deep": {"config.json": DEEP, "metadata.json": "{}"},
    "list": {"config.json": "[1, 2]", "metadata.json": "{}"},
    "null": {"config.json": "null", "metadata.json": "null"},
    "no-json": {"config.json": "{", "metadata.json": "{}"},
    "other": {"config.json": "{}", "metadata.json": "{}"},
    "no-weights": {"config.json": None, "metadata.json": None},
}


@pytest.fixture(scope="module")
def bad(folder):
    """A folder of things that are no model, each as `.keras` and as `.tflite`."""
    bad = folder / "bad"
    bad.mkdir()
    whole = (folder / "speech.keras").read_bytes()
    contents = {
        "empty": b"",
        "text": b"a,b",
        "half": whole[: len(whole) // 2],
        "end": whole[len(whole) // 2 :],
        "flatbuffer": b"\0\0\0\0TFL3" + whole[:200],
    }
    for name, files in ARCHIVES.items():
        file = io.BytesIO()
        with (
            zipfile.ZipFile(folder / "speech.keras") as source,
            zipfile.ZipFile(file, "w") as made,
        ):
            for inside, text in files.items():
                made.writestr(inside, source.read(inside) if text is None else text)
        contents[name] = file.getvalue()
    for ending in (".keras", ".tflite"):
        for name, content in contents.items():
            (bad / f"{name}{ending}").write_bytes(content)
        (bad / f"folder{ending}").mkdir()
        os.mkfifo(bad / f"pipe{ending}")
        (bad / f"loop{ending}").symlink_to(bad / f"loop{ending}")
    return bad


@pytest.mark.parametrize(
    ("command", "ending"), [("export", ".keras"), ("transcribe", ".tflite")]
)
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty", "It is empty"),
        ("folder", "It is a folder"),
        ("pipe", "It is a pipe"),
        ("loop", "It cannot be read: Too many levels of symbolic links"),
        ("a" * 300, "It cannot be read: File name too long"),
        ("text.keras/inside", "It cannot be read: Not a directory"),
        *[(name, "") for name in ("text", "half", "end", "flatbuffer", *ARCHIVES)],
    ],
    ids=lambda value: value[:12],
)
def test_what_is_no_model_is_one_sentence(run, bad, command, ending, name, reason):
    path = bad / f"{name}{ending}"

    status, output, errors = run(command, path, "out.tflite")

    assert (status, output) == (1, "")
    message = f"speechkit {command}: `{path}` must be a {ending} file. {reason}"
    assert errors.startswith(message) or (len(name) > 200 and reason in errors)
    assert "There is no file" not in errors
    assert "not found" not in errors.lower()
    assert errors.count("\n") == 1


def test_a_folder_that_cannot_be_written_to_is_one_sentence(run, folder):
    (folder / "a-file").write_text("a", encoding="utf-8")

    status, output, errors = run("export", "speech.keras", "a-file/m.tflite")

    assert (status, output) == (1, "")
    assert errors.startswith("speechkit export: `a-file")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("place", [0, 1, 3])
def test_the_traceback_is_shown_before_or_behind_the_command(run, place):
    arguments = ["inspect", "none.tflite"]
    arguments.insert(place, "--debug")

    status, _, errors = run(*arguments)

    assert status == 1
    assert errors.startswith("Traceback (most recent call last):\n")
    assert errors.splitlines()[-1].startswith("speechkit inspect: `none.tflite` must")
