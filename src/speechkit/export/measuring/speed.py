"""How fast a file runs, and in how much memory."""

import json
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import Any

import numpy as np

from speechkit.export.measuring import _memory

_SAMPLING_RATE = 16000
_SECONDS = 0.3  # that a measurement may take, but for the least number of runs
_MOST_RUNS = 200
_LEAST_RUNS = 5


def measure_speed(runner: Any, clip: np.ndarray) -> dict[str, Any]:
    """Returns latency, real-time factor and peak memory of an open file.

    For a file that streams, a run is a chunk; otherwise it is the whole clip.

    Args:
        runner: A `TFLiteRunner` or a `StreamingRunner`.
        clip: `(samples,)`.

    Raises:
        ValueError: If LiteRT crashes when it runs the file.
    """
    # First, in a process of its own: a crash is an error then, and not the end.
    memory = _peak_memory(runner._opened.content, len(clip))
    streams = "streaming" in runner.metadata
    length = runner.metadata["streaming"]["chunk_samples"] if streams else len(clip)
    rate = runner.metadata.get("sampling_rate") or _SAMPLING_RATE
    times = _chunk_times(runner, clip, length) if streams else _clip_times(runner, clip)
    median = float(np.median(times))
    seconds = length / rate
    return {
        "latency": {
            "audio_seconds": seconds,
            "runs": len(times),
            "threads": 1,
            "median_ms": 1000 * median,
            "percentile_99_ms": 1000 * float(np.percentile(times, 99)),
        },
        "real_time_factor": median / seconds,
        "peak_memory_bytes": memory,
    }


def _clip_times(runner, clip):
    runner(clip)  # the first call makes room
    return _times(lambda: runner(clip))


def _chunk_times(runner, clip, length):
    first = runner.metadata["streaming"]["first_samples"]
    runner.reset()
    runner.step(np.resize(clip, first + length))
    chunk = np.resize(clip, length)
    times = _times(lambda: runner.step(chunk))
    runner.reset()
    return times


def _times(run):
    times: list[float] = []
    begin = time.perf_counter()
    while len(times) < _MOST_RUNS:
        before = time.perf_counter()
        if len(times) >= _LEAST_RUNS and before - begin > _SECONDS:
            break
        run()
        times.append(time.perf_counter() - before)
    return times


def _peak_memory(content, num_samples):
    """Returns the memory that running a file adds to a process; `None` if unknown."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.tflite")
        path.write_bytes(content)
        # The script by its path: a process without TensorFlow.
        command = [sys.executable, _memory.__file__, str(path), str(num_samples)]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if done.returncode < 0:
        raise ValueError(
            "`quantization` must be another for this model: LiteRT crashes when it "
            f"runs the file, with signal {-done.returncode}"
        )
    return json.loads(done.stdout) if done.returncode == 0 else None
