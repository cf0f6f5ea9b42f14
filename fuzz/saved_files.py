"""Changes bytes of saved models: `python -m fuzz.saved_files --minutes 5`.

A changed file must be refused by one `ValueError` that names it, or answer. Each change
follows from a number, so that a finding can be had again: `--first NUMBER`.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

SUFFIXES = (".keras", ".tflite", ".stream.tflite")
_RATE = 8000
_AT_ONCE = 100


def write_files(folder: pathlib.Path) -> None:
    """Writes a small model in each of the formats."""
    import keras

    from speechkit import export, layers, models

    features = layers.LogMelSpectrogram(_RATE, num_mel_bins=8, transform="matrix")
    model = models.CommandRecognizer(
        ["on", "off"],
        _RATE,
        front_end=[features],
        encoder=[keras.layers.GRU(4, return_sequences=True)],
        pooling=[layers.LastFrame()],
    )
    model.save(folder / "model.keras")
    export.to_tflite(model, folder / "model.tflite")
    export.to_streaming_tflite(model, folder / "model.stream.tflite")


def change(content: bytes, number: int) -> bytes:
    """Returns a file with some bytes changed, or, one time in eight, cut."""
    random = np.random.default_rng(seed=number)
    if random.integers(8) == 0:
        return content[: random.integers(len(content))]
    changed = np.frombuffer(content, "uint8").copy()
    for place in random.integers(len(content), size=random.integers(1, 9)):
        changed[place] ^= random.integers(1, 256)
    return changed.tobytes()


def answers(path: pathlib.Path) -> bool:
    """Returns whether a file answers; `False` if it is refused."""
    from speechkit import export, models

    clip = np.zeros(8000, "float32")
    try:
        if path.suffix == ".keras":
            models.load_model(path).predict(clip[None], verbose=0)
        elif ".stream" in path.suffixes:
            export.StreamingRunner(path)(clip)
        else:
            export.TFLiteRunner(path)(clip)
    except ValueError as error:
        if str(path) not in str(error):
            raise
        return False
    return True


def check(folder: pathlib.Path, first: int, last: int) -> None:
    """Tries some changes and prints their numbers, each before it is tried."""
    contents = {end: (folder / f"model{end}").read_bytes() for end in SUFFIXES}
    for number in range(first, last):
        suffix = SUFFIXES[number % len(SUFFIXES)]
        path = folder / f"changed{suffix}"
        path.write_bytes(change(contents[suffix], number))
        print(number, flush=True)
        print("answers" if answers(path) else "refused", flush=True)


def main() -> None:
    """Tries changes in processes of their own, since a file may end its process."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.saved_files")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    arguments = parser.parse_args()
    counts = {"answers": 0, "refused": 0, "findings": 0}
    number, end = arguments.first, time.monotonic() + 60 * arguments.minutes
    with tempfile.TemporaryDirectory() as name:
        write_files(pathlib.Path(name))
        while time.monotonic() < end:
            number = _run(name, number, counts)
    print(f"{number - arguments.first} changes: {counts}")


def _run(folder, first, counts):
    """Tries changes up to the first that ends the process; returns the next number."""
    code = "import pathlib, sys; from fuzz.saved_files import check; "
    code += "check(pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))"
    command = [sys.executable, "-c", code, folder, str(first), str(first + _AT_ONCE)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=20 * _AT_ONCE, check=False
    )
    lines = done.stdout.split()
    for kind in ("answers", "refused"):
        counts[kind] += lines.count(kind)
    numbers = [int(line) for line in lines if line.isdigit()]
    if not numbers:
        raise RuntimeError(done.stderr)
    if done.returncode:
        counts["findings"] += 1
        last = done.stderr.strip().splitlines()[-1:]
        print(f"{SUFFIXES[numbers[-1] % 3]} {numbers[-1]}: {done.returncode} {last}")
    return numbers[-1] + 1


if __name__ == "__main__":
    main()
