"""Every model in every kind of file: what it costs, what it loses, or why not.

Models have learned nothing: sizes and speeds are those of trained ones, differences are
not those of answers. One thread; latency is that of the first recording, 1 s of noise
by default, or of a chunk of 0.1 s.
"""

import argparse
import functools
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from speechkit import audio, export, layers, models, text

QUANTIZATIONS = ("float32", "float16", "dynamic", "int8")
COMMANDS = [f"command {number}" for number in range(12)]
VOCABULARY = text.CharacterVocabulary(" 'abcdefghijklmnopqrstuvwxyz")
CHUNK_SECONDS = 0.1
HEADER = """\
| model | file | quantization | kB | difference, RMS | ms | × real time |
|---|---|---|---|---|---|---|"""


def deep_speech_2(direction):
    """Returns a small DeepSpeech2; the one for streams normalises causally."""
    front_end = None
    if direction == "forward":
        features = layers.LogMelSpectrogram(16000, num_mel_bins=80, dtype="float32")
        scaling = layers.GlobalMeanVarianceNormalization(dtype="float32")
        front_end = [features, scaling]
    return models.DeepSpeech2.from_preset(
        "small", VOCABULARY, direction=direction, front_end=front_end
    )


def made_models() -> dict[str, Callable[[], keras.Model]]:
    """Returns functions that make the models, by their names."""
    made: dict[str, Callable[[], keras.Model]] = {
        name: functools.partial(getattr(models, name), COMMANDS)
        for name in models.__all__
        if name.islower() and name != "count_multiply_adds"
    }
    made["CommandRecognizer"] = lambda: models.CommandRecognizer(COMMANDS)
    made["CTCRecognizer"] = lambda: models.CTCRecognizer(VOCABULARY)
    if hasattr(models, "DeepSpeech2"):
        made["DeepSpeech2 small"] = lambda: deep_speech_2("bidirectional")
        made["DeepSpeech2 small, forward"] = lambda: deep_speech_2("forward")
    return made


def measure(model, form, quantization, recordings, folder) -> dict:
    """Returns the certificate of a file, or the reason why there is none."""
    path = Path(folder) / "model.tflite"
    try:
        if form == "clip":
            export.to_tflite(
                model, path, quantization=quantization, recordings=recordings
            )
        else:
            export.to_streaming_tflite(
                model,
                path,
                CHUNK_SECONDS,
                quantization=quantization,
                recordings=recordings,
            )
    except ValueError as error:
        return {"refused": str(error)}
    return json.loads(path.with_suffix(".json").read_text("utf-8"))


def row(result: dict) -> str:
    """Returns a line of the table."""
    start = f"| {result['model']} | {result['form']} | {result['quantization']} |"
    if "refused" in result:
        return f"{start} {result['refused']} | | | |"
    return (
        f"{start} {result['size_bytes'] / 1000:.0f} | "
        f"{result['parity']['relative_rms']:.3%} | "
        f"{result['latency']['median_ms']:.2f} | {result['real_time_factor']:.4f} |"
    )


def read_recordings(folder: Path | None, count: int):
    """Returns the first recordings of a folder at 16 kHz; `None` for noise."""
    if folder is None:
        return None
    paths = sorted(folder.rglob("*.wav")) + sorted(folder.rglob("*.flac"))
    return [np.resize(audio.read(path, 16000), 16000 * 2) for path in paths[:count]]


def parse_arguments():
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--models", nargs="*", help="names of models; all by default")
    add("--quantizations", nargs="*", default=QUANTIZATIONS, choices=QUANTIZATIONS)
    add("--forms", nargs="*", default=("clip", "stream"), choices=("clip", "stream"))
    add("--recordings", type=Path, help="folder of speech; noise by default")
    add("--count", type=int, default=8, help="recordings")
    add("--results", type=Path, help="JSON lines to add to")
    return parser.parse_args()


def main():
    """Prints the table, line by line."""
    arguments = parse_arguments()
    recordings = read_recordings(arguments.recordings, arguments.count)
    made = made_models()
    print(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.models or made:
            keras.utils.set_random_seed(0)
            model = made[name]()
            for form in arguments.forms:
                for quantization in arguments.quantizations:
                    result = measure(model, form, quantization, recordings, folder)
                    case = {"model": name, "form": form, "quantization": quantization}
                    result = {**result, **case}
                    print(row(result), flush=True)
                    if arguments.results is not None:
                        with arguments.results.open("a", encoding="utf-8") as lines:
                            lines.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
