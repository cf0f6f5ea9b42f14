"""Tests that the page on errors shows the messages of the code, and all of them."""

import errno
import re
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import soundfile

from examples import resuming
from speechkit import (
    audio,
    callbacks,
    datasets,
    decoders,
    export,
    layers,
    losses,
    models,
    text,
)
from speechkit.cli.main import main
from speechkit.export.files import _opening
from speechkit_command import exit_status
from speechkit_command.ending import describe

PAGE = Path(__file__).parents[1] / "docs" / "guides" / "what_goes_wrong.md"
SHOWN = re.findall(r"```text\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.S)


def write(name, content=b"a text"):
    Path(name).write_bytes(content)
    return name


def half_a_recording():
    soundfile.write("whole.wav", np.zeros(8000), 8000)
    return audio.read(write("half.wav", Path("whole.wav").read_bytes()[:9000]))


def both_recordings():
    soundfile.write("whole.wav", np.zeros(8000), 8000)
    return audio.read(write("both.wav", 2 * Path("whole.wav").read_bytes()))


def hole_in_a_recording():
    soundfile.write("whole.ogg", np.zeros(90_000), 8000, subtype="OPUS")
    pages = Path("whole.ogg").read_bytes().split(b"OggS")
    return audio.read(write("hole.ogg", b"OggS".join([*pages[:4], *pages[5:]])))


def unknown_class():
    registered = dict(keras.saving.get_custom_objects())

    @keras.saving.register_keras_serializable(package="of_nobody")
    class Own(keras.layers.Layer):
        pass

    keras.Sequential([keras.Input((2,)), Own()]).save("own.keras")
    keras.saving.get_custom_objects().clear()
    keras.saving.get_custom_objects().update(registered)
    models.load_model("own.keras")


def fit(units, path):
    model = keras.Sequential([keras.Input((1,)), *map(keras.layers.Dense, units)])
    model.compile("sgd", "mse", jit_compile=False)
    one = np.ones((1, 1))
    checkpoint = callbacks.TrainingCheckpoint(path)
    model.fit(one, one, verbose=0, callbacks=[checkpoint])


def checkpoint_of_another_model():
    fit([1], "other.npz")
    fit([1, 1], "other.npz")


def other_settings():
    Path("run").mkdir()
    write("run/settings.json", b'{"seed": 1}')
    check = resuming.check_settings
    exit_status(lambda: check({"seed": 2}, Path("run")), "error", failure=2)


def missing_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    export.TFLiteRunner(write("a.tflite", b"\0\0\0\0TFL3"))


def full_disk(monkeypatch):
    def write_bytes(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    audio.write("loud.wav", np.zeros(8), sampling_rate=8000)


def ending(command, error):
    def run():
        raise error

    exit_status(run, command)


def score(reference, hypothesis):
    write("empty.txt", b"")
    write("words.txt", b"a\nb")
    write("short.txt", b"a")
    main(["score", reference, hypothesis])


def one_recording():
    soundfile.write("whole.wav", np.zeros(8000), 8000)
    return [datasets.Recording(Path("whole.wav"), "on")]


def lost_class():
    Path("clips/on").mkdir(parents=True)
    Path("clips/off").mkdir()
    soundfile.write("clips/on/a.wav", np.zeros(8000), 8000)
    write("clips/off/a.txt")
    datasets.read_folder("clips")


def recognizer(layer):
    return models.CTCRecognizer(
        text.CharacterVocabulary("ab"),
        8000,
        front_end=[layers.LogMelSpectrogram(8000)],
        encoder=[layer],
    )


def hear(layer, length):
    clip = {"waveforms": np.zeros((1, 8000), "float32"), "lengths": np.array([length])}
    recognizer(layer)(clip)


def mask_is_lost():
    options = {"strides": 2, "output_padding": 1, "name": "twice"}
    hear(keras.layers.Conv1DTranspose(4, 3, **options), 4000)


CASES = {
    "lost-class": lost_class,
    "lost-mask": mask_is_lost,
    "wrong-length": lambda: hear(keras.layers.Dense(4), 9000),
    "integers": lambda: layers.LogMelSpectrogram(8000, name="log_mel_spectrogram")(
        np.zeros((1, 8000), "int16")
    ),
    "missing-sound": lambda: audio.read("none.wav"),
    "empty-sound": lambda: audio.read(write("empty.wav", b"")),
    "text-as-sound": lambda: audio.read(write("text.wav")),
    "half-a-sound": half_a_recording,
    "two-sounds": both_recordings,
    "hole-in-a-sound": hole_in_a_recording,
    "loud-samples": lambda: audio.write("a.wav", np.ones(8) * 2, sampling_rate=8000),
    "wrong-rate": lambda: _opening.check_sampling_rate({"sampling_rate": 16000}, 8000),
    "latin": lambda: datasets.read_manifest(
        write("latin.csv", b"path,text\na.wav,\xe9\n")
    ),
    "semicolons": lambda: datasets.read_manifest(
        write("semicolons.csv", b"path;text\na.wav;on\n")
    ),
    "half-a-model": lambda: decoders.NGramLanguageModel.read(
        write("half.arpa", b"\\data\\\nngram 1=2\n")
    ),
    "nothing-to-score": lambda: score("empty.txt", "empty.txt"),
    "other-utterances": lambda: score("words.txt", "short.txt"),
    "blank-as-label": lambda: losses.CTCLoss()(
        np.array([[0, 2]]), np.zeros((1, 4, 4), "float32")
    ),
    "no-label": lambda: datasets.padded_batches(
        one_recording(), lambda text: -1, sampling_rate=8000, batch_size=1
    ),
    "missing-model": lambda: main(["export", "none.keras", "a.tflite"]),
    "text-as-model": lambda: main(["export", write("text.keras"), "a.tflite"]),
    "text-as-file": lambda: main(["inspect", write("text.tflite")]),
    "unknown-class": unknown_class,
    "text-as-checkpoint": lambda: callbacks.TrainingCheckpoint(write("text.npz")),
    "other-model": checkpoint_of_another_model,
    "other-settings": other_settings,
    "missing-package": missing_package,
    "full-disk": full_disk,
    "full-output": lambda: ending(
        "speechkit score", OSError(errno.ENOSPC, "No space left on device")
    ),
    "locked": lambda: ending(
        "speechkit export", PermissionError(errno.EACCES, "Permission denied", "locked")
    ),
    "memory": lambda: ending("speechkit export", MemoryError()),
    "interrupted": lambda: ending("speechkit export", KeyboardInterrupt()),
}


def takes_features():
    features = keras.Input((None, 40))
    export.to_tflite(keras.Model(features, features), "a.tflite")


def half_precision():
    dense = keras.layers.Dense(2, dtype="mixed_float16", name="dense")
    steps = [layers.Frame(400, 160), dense]
    export.to_tflite(keras.Sequential([keras.Input((None,)), *steps]), "a.tflite")


def no_stream():
    steps = [
        layers.LogMelSpectrogram(16000),
        keras.layers.Reshape((-1, 80, 1)),
        keras.layers.Conv2D(2, 3, padding="same", name="conv2d"),
        keras.layers.Reshape((-1, 160)),
    ]
    model = keras.Sequential([keras.Input((None,)), *steps])
    export.to_streaming_tflite(model, "a.tflite", metadata={"sampling_rate": 16000})


def other_length():
    model = keras.Sequential([keras.Input((None,)), keras.layers.Rescaling(2.0)])
    path = export.to_tflite(model, "a.tflite", num_samples=16000)
    export.TFLiteRunner(path)(np.zeros(20000, "float32"))


CASES |= {
    "features": takes_features,
    "half-precision": half_precision,
    "no-stream": no_stream,
    "other-length": other_length,
}


@pytest.fixture
def message(capsys, monkeypatch, tmp_path):
    """Returns the sentence of a case: an error, or what a command prints."""
    monkeypatch.chdir(tmp_path)

    def message(case):
        arguments = [monkeypatch] if case in (missing_package, full_disk) else []
        try:
            case(*arguments)
        except (ImportError, ValueError) as error:
            # What Python says of a missing package differs from version to version.
            sentence = describe(error)
            # So does how Keras names a layer.
            return sentence.split(" Received: import")[0].split(" the layer: ")[-1]
        return capsys.readouterr().err.rstrip("\n")

    return message


@pytest.mark.parametrize("name", CASES)
def test_the_page_shows_the_message(message, name):
    assert message(CASES[name]) in SHOWN


def test_every_message_of_the_page_is_made():
    assert len(SHOWN) == len(set(SHOWN)) == len(CASES)
