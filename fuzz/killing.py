"""Kills exports and training at random moments: `python -m fuzz.killing --minutes 5`.

A killed export leaves each file whole, old or new. A run of `examples.voice_commands`
that is killed again and again, two processes at a time in one folder, ends like one
that was not. A finding raises an error.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import numpy as np

from fuzz.processes import environment, write_corpus

_ROOT = pathlib.Path(__file__).parents[1]
_EXPORTED = ("model.tflite", "model.stream.tflite", "served")


def main() -> None:
    """Kills training for half of the time, and exports for the other half."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.killing")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        folder, seconds = pathlib.Path(name), 30 * arguments.minutes
        corpus = write_corpus(folder / "corpus")
        print(kill_exports(folder / "exports", moments, seconds), flush=True)
        print(kill_training(corpus, folder, moments, seconds), flush=True)


def kill_exports(folder: pathlib.Path, moments: random.Random, seconds: float) -> str:
    """Kills a process that exports without end; returns what was counted."""
    folder.mkdir()
    command = [sys.executable, "-c", "from fuzz import killing; killing.export_all()"]
    kills, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for line in process.stdout:  # the first is a whole round
            if line == "round\n":
                break
        time.sleep(moments.uniform(0, 8))
        process.kill()
        process.wait()
        process.stdout.close()
        kills += 1
        _check_exports(folder)
    return f"{kills} killed exports"


def export_all() -> None:
    """Exports a model in each format to the working directory until it is killed."""
    import keras

    from speechkit import export, layers, models

    keras.utils.set_random_seed(0)
    features = layers.LogMelSpectrogram(8000, num_mel_bins=8, transform="matrix")
    model = models.CommandRecognizer(
        ["on", "off"],
        8000,
        front_end=[features],
        encoder=[keras.layers.GRU(4, return_sequences=True)],
        pooling=[layers.LastFrame()],
    )
    while True:
        export.to_tflite(model, "model.tflite")
        export.to_streaming_tflite(model, "model.stream.tflite")
        export.to_saved_model(model, "served")
        print("round", flush=True)


def _check_exports(folder):
    """Raises unless each file answers; a later export removes what is left over."""
    import keras

    from speechkit import export
    from speechkit._replacing import remove_leftovers

    for name in _EXPORTED:
        remove_leftovers(folder / name)
        remove_leftovers((folder / name).with_suffix(".json"))
    clip = np.zeros(8000, "float32")
    export.TFLiteRunner(folder / "model.tflite")(clip)
    export.StreamingRunner(folder / "model.stream.tflite")(clip)
    keras.layers.TFSMLayer(folder / "served", call_endpoint="serving_default")
    known = {*_EXPORTED, "model.json", "model.stream.json"}
    assert {path.name for path in folder.iterdir()} <= known


def kill_training(
    corpus: pathlib.Path, folder: pathlib.Path, moments: random.Random, seconds: float
) -> str:
    """Kills a run of the example until the time is over; returns what was counted."""
    start, kills = time.monotonic(), 0
    _train(corpus, folder / "whole").wait()
    needed = time.monotonic() - start
    while time.monotonic() < start + seconds:
        first, second = (_train(corpus, folder / "parts") for _ in range(2))
        time.sleep(moments.uniform(0.2, 0.9) * needed)
        first.kill()
        second.kill()
        first.wait()
        second.wait()
        kills += 2
    process = _train(corpus, folder / "parts")
    assert process.wait() == 0, (folder / "parts.txt").read_text()
    whole, parts = (
        (folder / name / "history.json").read_bytes() for name in ("whole", "parts")
    )
    assert whole == parts
    names = [
        {path.name for path in (folder / name).iterdir()} for name in ("whole", "parts")
    ]
    assert names[0] == names[1], names
    return f"{kills} killed runs of training, two at a time in one folder"


def _train(corpus, out):
    command = [sys.executable, "-m", "examples.voice_commands", "--data", corpus]
    command += ["--out", out, "--epochs", "3"]
    with out.with_suffix(".txt").open("w") as said:
        return subprocess.Popen(
            command, env=environment(), cwd=_ROOT, stdout=said, stderr=said
        )


if __name__ == "__main__":
    main()
