"""A file without an FFT in TFLite Micro's interpreter: how far it is from the model.

One second of noise at 16 kHz, log-mel features by a matrix product, a convolution, a
recurrence and a dense layer.
"""

import json
import os
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from tflite_micro.python.tflite_micro import runtime

from speechkit import export, layers

SAMPLES = 16000
ARENA_BYTES = 8_000_000


def main():
    """Prints the largest difference, and what the file needs."""
    keras.utils.set_random_seed(0)
    features = layers.LogMelSpectrogram(16000, num_mel_bins=20, transform="matrix")
    encoder = [layers.ConvolutionBlock(16, 5, padding="causal"), keras.layers.GRU(8)]
    # TFLite Micro has no memory that grows, so the length is fixed.
    inputs = keras.Input((SAMPLES,))
    model = keras.Sequential([inputs, features, *encoder, keras.layers.Dense(4)])
    with tempfile.TemporaryDirectory() as folder:
        path = export.to_tflite(model, Path(folder) / "model.tflite")
        content = path.read_bytes()
        certificate = json.loads(path.with_suffix(".json").read_text("utf-8"))
    clip = np.random.default_rng(seed=0).normal(scale=0.1, size=(1, SAMPLES))
    interpreter = runtime.Interpreter.from_bytes(content, arena_size=ARENA_BYTES)
    interpreter.set_input(clip.astype("float32"), 0)
    interpreter.invoke()
    difference = np.abs(interpreter.get_output(0) - model(clip.astype("float32")))
    print(f"why TFLite Micro could not run it: {certificate['micro_obstacles']}")
    print(f"{len(content) / 1000:.0f} kB, largest difference {np.max(difference):.1e}")


if __name__ == "__main__":
    main()
