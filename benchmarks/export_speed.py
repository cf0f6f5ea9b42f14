"""How fast exported files of recurrent keyword spotters hear 10 s, on one thread.

The whole clip is compared with the bare matrix products of the same network in NumPy:
those of all frames at once where that can be, and those of a state frame by frame.
Median of several runs, in milliseconds, for the whole clip and for each chunk of 0.1 s.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import statistics
import tempfile
from pathlib import Path

import keras
import numpy as np

from benchmarks import measuring
from speechkit import export, models

RATE = 16000
SECONDS = 10
CHUNK_SECONDS = 0.1
RUNS = 20


def median_ms(run) -> float:
    """Returns the median time of a function, in milliseconds."""
    (times,) = measuring.seconds_by_turns({"run": run}, RUNS).values()
    return 1000 * statistics.median(times)


def bare_products(model, num_frames: int):
    """Returns a function that does the matrix products of a network, and no more."""
    random = np.random.default_rng(seed=0)
    products = []
    for weight in model.network.trainable_weights:
        if len(weight.shape) != 2:
            continue
        kernel = keras.ops.convert_to_numpy(weight)
        at_once = 1 if "recurrence" not in weight.path else num_frames
        times = 1
        if weight.path.endswith("recurrent_kernel"):  # a state waits for the last one
            at_once, times = 1, num_frames
        rows = random.normal(size=(at_once, len(kernel))).astype("float32")
        products.append(
            (times, rows, kernel, np.empty((at_once, kernel.shape[1]), "f"))
        )

    def run():
        for times, rows, kernel, out in products:
            for _ in range(times):
                np.matmul(rows, kernel, out=out)

    return run


def main():
    """Prints the times and their ratios."""
    random = np.random.default_rng(seed=0)
    clip = random.normal(scale=0.1, size=SECONDS * RATE).astype("float32")
    print("| file | quantization | ms | |")
    print("|---|---|---|---|")
    for name in ("gru", "lstm"):
        commands = [f"command {number}" for number in range(12)]
        model = models.CommandRecognizer.from_preset(name, commands, sampling_rate=RATE)
        compare(name, model, clip)


def compare(name, model, clip):
    """Prints the times of a model and their ratios."""
    num_frames = model.front_end[0].compute_output_shape((1, len(clip)))[1]
    products = median_ms(bare_products(model, num_frames))

    def print_whole(name, quantization, spent):
        times = f"{spent / products:.2f} ×"
        print(f"| {name}, 10 s at once | {quantization} | {spent:.1f} | {times} |")

    chunks = np.split(clip, round(SECONDS / CHUNK_SECONDS))
    print(f"| {name}, bare products in NumPy | float32 | {products:.1f} | 1.00 × |")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        if name == "lstm":
            options = {"fuse_lstm": True, "num_samples": len(clip)}
            fused = export.TFLiteRunner(export.to_tflite(model, path, **options))
            print_whole(f"{name} fused", "float32", median_ms(lambda: fused(clip)))
        for quantization in ("float32", "dynamic"):
            options = {"quantization": quantization}
            whole = export.TFLiteRunner(
                export.to_tflite(model, path, num_samples=len(clip), **options)
            )
            spent = median_ms(lambda whole=whole: whole(clip))
            print_whole(name, quantization, spent)
            path = export.to_streaming_tflite(
                model, path, chunk_seconds=CHUNK_SECONDS, **options
            )
            stream = export.StreamingRunner(path)
            spent = median_ms(lambda stream=stream: hear(stream, chunks)) / len(chunks)
            print(
                f"| {name}, a chunk of 0.1 s | {quantization} | {spent:.3f} | |",
                flush=True,
            )


def hear(stream, chunks):
    """Runs a stream from its beginning over all chunks."""
    stream.reset()
    for chunk in chunks:
        stream.step(chunk)


if __name__ == "__main__":
    main()
