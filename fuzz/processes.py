"""Lets processes work at once: `python -m fuzz.processes`.

Three of them fill one empty cache of compiled code, and workers that are spawned
decode, score and read recordings. A finding raises an error.
"""

import concurrent.futures
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import soundfile

_ROOT = pathlib.Path(__file__).parents[1]


def main() -> None:
    """Runs each trial once."""
    with tempfile.TemporaryDirectory() as folder:
        compile_at_once(pathlib.Path(folder))
    spawn_workers()


def compile_at_once(cache: pathlib.Path) -> None:
    """Raises unless processes that fill one empty cache at once agree."""
    code = "from fuzz import processes; print(processes.decode(0))"
    alike = {**environment(), "NUMBA_CACHE_DIR": str(cache)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=alike, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    answers = {process.communicate()[0] for process in started}
    assert len(answers) == 1, answers
    assert answers != {b""}
    print("3 processes compiled at once")


def spawn_workers() -> None:
    """Raises unless decoders, metrics and data work in processes that are spawned."""
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        answers = set(pool.map(decode, range(4), timeout=600))
    assert answers == {decode(0)}
    print("2 workers were spawned")


def decode(number: int) -> tuple:
    """Returns a text, its errors, a loss and a sum of samples, the same everywhere."""
    from speechkit import datasets, decoders, losses, metrics

    logits = np.random.default_rng(seed=0).normal(size=(1, 50, 4))
    decoder = decoders.CTCBeamSearchDecoder(["", *"abc"])
    ((best,),) = decoder.decode(logits, hotwords=["ab"])
    counts = metrics.count_errors(["abc"], [best.text], unit="characters")
    loss = float(losses.CTCLoss()(np.array([[1, 2, 3]]), logits.astype("float32")))
    with tempfile.TemporaryDirectory() as folder:
        recordings = datasets.read_folder(write_corpus(pathlib.Path(folder)))
        batches = datasets.padded_batches(
            recordings, len, sampling_rate=8000, batch_size=8
        )
        total = sum(float(np.sum(x["waveforms"])) for x, _ in batches)
    return best.text, counts, loss, total


def write_corpus(folder: pathlib.Path) -> pathlib.Path:
    """Returns a folder with two commands of noise."""
    noise = np.random.default_rng(seed=0)
    for number in range(40):
        path = folder / ("high" if number % 2 else "low") / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        samples = noise.normal(scale=0.1, size=3000)
        soundfile.write(path, np.cumsum(samples) / 9 if number % 2 else samples, 8000)
    return folder


def environment() -> dict[str, str]:
    """Returns the environment of a process that imports what this one imports."""
    path = os.pathsep.join([str(_ROOT), str(_ROOT / "src")])
    return {**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"}


if __name__ == "__main__":
    main()
