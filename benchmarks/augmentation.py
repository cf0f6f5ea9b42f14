"""How fast clips are augmented: ours and the peers, in one run, on one core.

32 clips of 2 s at 16 kHz go through the chain of the course project: pitch, tempo,
flanger, echos, band-pass, norm, noise; pitch and tempo also alone. SoX runs as people
run it, a subprocess for each clip with all its effects; audiomentations a call for each
clip, where it has the effect. Then, what SpecAugment adds to a training step of a
recurrent model of the size of AN4: as the step with it and without it, taking turns.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import soundfile
import tensorflow as tf

from benchmarks import measuring
from speechkit import layers, losses

SAMPLING_RATE, SAMPLES, CLIPS = 16000, 32000, 32
CENTS, TEMPOS = (-500.0, 500.0), (0.5, 1.5)
ROUNDS = 3


def made_up_clips() -> np.ndarray:
    """Returns voices of sorts: harmonics that swell and die away, and noise."""
    random = np.random.default_rng(seed=0)
    times = np.arange(SAMPLES) / SAMPLING_RATE
    clips = []
    for pitch in random.uniform(90, 250, size=CLIPS):
        tones = [np.sin(2 * np.pi * k * pitch * times) / k for k in range(1, 20)]
        swell = np.sin(np.pi * 3 * times) ** 2
        clips.append(0.2 * swell * np.sum(tones, axis=0))
    noise = random.normal(scale=0.002, size=(CLIPS, SAMPLES))
    return (np.stack(clips) + noise).astype("float32")


def ours() -> dict[str, keras.layers.Layer]:
    """Returns the chain, and two of its links."""
    chain = [
        layers.PitchShift(CENTS, sampling_rate=SAMPLING_RATE),
        layers.Tempo(TEMPOS, sampling_rate=SAMPLING_RATE),
        layers.Flanger(sampling_rate=SAMPLING_RATE),
        layers.Echos((20.0, 100.0), sampling_rate=SAMPLING_RATE),
        layers.BandPass(
            (2000.0, 2000.0), (2000.0, 2000.0), sampling_rate=SAMPLING_RATE
        ),
        layers.RandomLevel((-10.0, 20.0)),
        layers.WhiteNoise((5.0, 40.0)),
    ]
    return {"chain": layers.Compose(chain), "pitch": chain[0], "tempo": chain[1]}


def our_run(layer, clips, jit_compile):
    """Returns a call that augments all clips in one batch, in a compiled graph."""
    tensor = tf.constant(clips)
    layer(tensor)

    @tf.function(jit_compile=jit_compile)
    def augmented():
        return layer(tensor, training=True)

    return lambda: augmented().numpy()


def sox_run(name, clips, folder):
    """Returns a call that starts SoX for each clip, or `None` without the program."""
    if not shutil.which("sox"):
        return None
    random = np.random.default_rng(seed=1)
    for number, clip in enumerate(clips):
        soundfile.write(folder / f"{number}.wav", clip, SAMPLING_RATE)

    def effects():
        pitch = ["pitch", str(random.uniform(*CENTS))]
        tempo = ["tempo", str(random.uniform(*TEMPOS))]
        rest = ["flanger", "echos", "0.8", "0.9", "60", "0.3", "bandpass", "2000"]
        rest += ["2000", "norm", str(random.uniform(-10, 20))]
        return {"chain": pitch + tempo + rest, "pitch": pitch, "tempo": tempo}[name]

    def run():
        for number in range(CLIPS):
            files = [folder / f"{number}.wav", folder / "out.wav"]
            command = ["sox", "-V1", *files, *effects()]
            subprocess.run(command, check=True, capture_output=True)
            samples, _ = soundfile.read(folder / "out.wav", dtype="float32")
        return samples

    return run


def audiomentations_run(name, clips):
    """Returns a call that augments clip after clip, or `None` without the effect."""
    try:
        import audiomentations
    except ImportError:
        return None
    links = {
        "pitch": audiomentations.PitchShift(CENTS[0] / 100, CENTS[1] / 100, p=1),
        "tempo": audiomentations.TimeStretch(
            *TEMPOS, leave_length_unchanged=False, p=1
        ),
        "band-pass": audiomentations.BandPassFilter(1500, 2500, 0.9, 1.1, p=1),
        "norm": audiomentations.Normalize(p=1),
        "noise": audiomentations.AddGaussianSNR(5, 40, p=1),
    }
    links["chain"] = audiomentations.Compose(list(links.values()))
    link = links[name]
    return lambda: [link(clip, sample_rate=SAMPLING_RATE) for clip in clips][-1]


def clips_per_second(runs) -> dict[str, float]:
    """Returns the median rate of each run; all take turns in each round."""
    times = measuring.seconds_by_turns(runs, ROUNDS)
    return {name: CLIPS / statistics.median(t) for name, t in times.items()}


def print_rates(clips, folder) -> None:
    """Prints the clips a second of each candidate, and how many times ours that is."""
    for name, layer in ours().items():
        runs = {
            "speechkit": our_run(layer, clips, jit_compile=False),
            "speechkit, XLA": our_run(layer, clips, jit_compile=True),
            "SoX, a process a clip": sox_run(name, clips, folder),
            "audiomentations": audiomentations_run(name, clips),
        }
        runs = {peer: run for peer, run in runs.items() if run is not None}
        rates = clips_per_second(runs)
        for peer, rate in rates.items():
            ratio = rates["speechkit"] / rate
            print(f"{name:8} {peer:24} {rate:8.1f} clips/s {ratio:7.2f}", flush=True)


class Step:
    """A training step of a recurrent model: 16 clips of 4 s, 3 layers of 256 units."""

    def __init__(self, augmented: bool):
        random = np.random.default_rng(seed=0)
        self.features = tf.constant(random.normal(size=(16, 400, 80)), tf.float32)
        self.labels = tf.constant(random.integers(1, 28, size=(16, 20)), tf.int32)
        parts = [layers.SpecAugment.from_preset("LD")] if augmented else []
        self.model = keras.Sequential(
            [
                keras.Input((None, 80)),
                *parts,
                layers.ConvolutionFrontEnd(),
                layers.RecurrentStack(256, num_layers=3),
                keras.layers.Dense(29),
            ]
        )
        self.loss = losses.CTCLoss()
        self.optimizer = keras.optimizers.Adam(1e-4)
        self.optimizer.build(self.model.trainable_variables)
        self.run = tf.function(self._step)

    def _step(self):
        with tf.GradientTape() as tape:
            logits = self.model(self.features, training=True)
            loss = self.loss(self.labels, logits)
        variables = self.model.trainable_variables
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply(gradients, variables)
        return loss


def print_share(rounds: int) -> None:
    """Prints what SpecAugment adds to a training step, and what it takes alone."""
    steps = {"without": Step(augmented=False), "with": Step(augmented=True)}
    layer = layers.SpecAugment.from_preset("LD")
    features = steps["with"].features
    layer(features)
    alone = tf.function(lambda: layer(features, training=True))
    runs = {name: step.run for name, step in steps.items()} | {"alone": alone}
    calls = {name: lambda run=run: run().numpy() for name, run in runs.items()}
    times = measuring.seconds_by_turns(calls, rounds)
    seconds = {name: statistics.median(t) for name, t in times.items()}
    pairs = zip(times["with"], times["without"], strict=True)
    added = statistics.median(longer - shorter for longer, shorter in pairs)
    share = 100 * added / seconds["without"]
    part = 100 * seconds["alone"] / seconds["without"]
    print(f"training step without SpecAugment {1000 * seconds['without']:8.1f} ms")
    print(f"training step with SpecAugment    {1000 * seconds['with']:8.1f} ms")
    print(f"adds {share:.2f} %; alone it takes {part:.2f} % of a step")


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=15, help="training steps timed")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"one core, {platform.machine()}, TensorFlow {tf.__version__}")
    clips = made_up_clips()
    with tempfile.TemporaryDirectory() as folder:
        print_rates(clips, Path(folder))
    print_share(arguments.steps)


if __name__ == "__main__":
    main()
