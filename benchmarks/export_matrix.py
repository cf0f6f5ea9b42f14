"""Every model in every kind of file: what it costs, what it loses, or why not.

Models have learned nothing: sizes and speeds are those of trained ones, differences are
not those of answers. One thread; latency is that of a clip of 1 s, or of a chunk of
0.1 s. `--results FILE` keeps each line as soon as it is measured and measures none
twice; `--page FILE` writes all that is kept as a page of the documentation.
"""

import argparse
import concurrent.futures
import functools
import itertools
import json
import multiprocessing
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from benchmarks import _export_tables, _peak_memory
from speechkit import audio, export, layers, models, text

QUANTIZATIONS = ("float32", "float16", "dynamic", "int8")
FORMS = ("clip", "stream")
COMMANDS = [f"command {number}" for number in range(12)]
VOCABULARY = text.CharacterVocabulary(" 'abcdefghijklmnopqrstuvwxyz")
CHUNK_SECONDS = 0.1
RATE = 16000
PRESETS = (
    "dnn",
    "cnn",
    "crnn",
    "gru",
    "lstm",
    "svdf",
    "ds_cnn",
    "tc_resnet",
    "mhatt_rnn",
    "audionet",
)


def deep_speech_2(direction):
    """Returns a small DeepSpeech2; the one for streams normalises causally."""
    front_end = None
    if direction == "forward":
        features = layers.LogMelSpectrogram(RATE, num_mel_bins=80, dtype="float32")
        scaling = layers.GlobalMeanVarianceNormalization(dtype="float32")
        front_end = [features, scaling]
    return models.DeepSpeech2.from_preset(
        "small",
        VOCABULARY,
        sampling_rate=RATE,
        direction=direction,
        front_end=front_end,
    )


def made_models() -> dict[str, Callable[[], keras.Model]]:
    """Returns functions that make the models, by their names."""
    made: dict[str, Callable[[], keras.Model]] = {
        preset: functools.partial(
            models.CommandRecognizer.from_preset, preset, COMMANDS, sampling_rate=RATE
        )
        for preset in PRESETS
    }
    made["CommandRecognizer"] = lambda: models.CommandRecognizer(COMMANDS, RATE)
    made["CTCRecognizer"] = lambda: models.CTCRecognizer(VOCABULARY, RATE)
    made["DeepSpeech2 small"] = lambda: deep_speech_2("bidirectional")
    made["DeepSpeech2 small, forward"] = lambda: deep_speech_2("forward")
    return made


def measure(model, form, quantization, recordings) -> dict:
    """Returns the certificate of a file, or the reason why there is none."""
    options = {"quantization": quantization, "recordings": recordings}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        try:
            if form == "clip":
                export.to_tflite(model, path, **options)
            else:
                export.to_streaming_tflite(
                    model, path, chunk_seconds=CHUNK_SECONDS, **options
                )
        except ValueError as error:
            return {"refused": str(error)}
        return json.loads(path.with_suffix(".json").read_text("utf-8"))


def read_recordings(folder: Path | None, count: int):
    """Returns recordings of 1 s at 16 kHz from all over a folder; `None` for noise."""
    if folder is None:
        return None
    paths = sorted([*folder.rglob("*.wav"), *folder.rglob("*.flac")])
    chosen = paths[:: max(1, len(paths) // count)][:count]
    clips = [audio.read(path, RATE)[:RATE] for path in chosen]
    return [np.pad(clip, (0, RATE - len(clip))) for clip in clips]


def kept(path: Path | None) -> dict[tuple[str, str, str], dict]:
    """Returns the results that a file has, by model, form and quantisation."""
    lines = path.read_text("utf-8").splitlines() if path and path.is_file() else []
    results = [json.loads(line) for line in lines]
    return {(r["model"], r["form"], r["quantization"]): r for r in results}


def measure_all(arguments, found) -> None:
    """Adds what is not found yet, each model in a process of its own.

    TensorFlow gives no graph back, so a process has the memory of all its exports.
    """
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        max_workers=1, mp_context=context, max_tasks_per_child=1
    ) as process:
        for name in arguments.models or made_models():
            forms, quantizations = arguments.forms, arguments.quantizations
            cases = [(name, form, other) for form in forms for other in quantizations]
            missing = [case for case in cases if case not in found]
            if missing:
                results = process.submit(measure_model, missing, arguments).result()
                found.update(zip(missing, results, strict=True))


def measure_model(cases, arguments) -> list[dict]:
    """Returns the results of one model, and keeps each as soon as it is there."""
    recordings = read_recordings(arguments.recordings, arguments.count)
    keras.utils.set_random_seed(0)
    model = made_models()[cases[0][0]]()
    results = []
    for case in cases:
        with _peak_memory.measured() as memory:
            result = measure(model, *case[1:], recordings)
        keys = dict(zip(("model", "form", "quantization"), case, strict=True))
        results.append({**result, **keys, "export_memory_bytes": memory["bytes"]})
        print(_export_tables.row(results[-1]), flush=True)
        if arguments.results is not None:
            with arguments.results.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(results[-1]) + "\n")
    return results


def parse_arguments():
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--models", nargs="*", help="names of models; all by default")
    add("--quantizations", nargs="*", default=QUANTIZATIONS, choices=QUANTIZATIONS)
    add("--forms", nargs="*", default=FORMS, choices=FORMS)
    add("--recordings", type=Path, help="folder of speech; noise by default")
    add("--count", type=int, default=8, help="recordings")
    add("--results", type=Path, help="JSON lines, to add to and to go on from")
    add("--page", type=Path, help="page of the documentation to write")
    return parser.parse_args()


def main():
    """Prints a row for each file, and writes the page."""
    arguments = parse_arguments()
    found = kept(arguments.results)
    print(_export_tables.HEADER)
    measure_all(arguments, found)
    largest = max(found.values(), key=lambda result: result["export_memory_bytes"])
    print(_export_tables.memory(largest))
    if arguments.page is not None:
        cases = itertools.product(made_models(), FORMS, QUANTIZATIONS)
        results = [found[case] for case in cases if case in found]
        arguments.page.write_text(_export_tables.page(results, largest), "utf-8")


if __name__ == "__main__":
    main()
