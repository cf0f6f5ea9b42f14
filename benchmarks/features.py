"""How fast log-mel features are computed: ours and the peers, in one run.

32 clips of 10 s at 16 kHz; frames of 400 samples every 160, FFT of 512, 80 filters.
The FFT of ready frames is what none can do without: the ratios are to its time.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from benchmarks import measuring
from speechkit.layers import LogMelSpectrogram

CLIPS, SAMPLES, SAMPLING_RATE = 32, 160000, 16000
LENGTH, STEP, FFT, BINS = 400, 160, 512, 80
ROUNDS = 15
LIMIT = "FFT of ready frames"


class Candidate(NamedTuple):
    """A way to compute features: `prepare` returns the function that is timed."""

    name: str
    prepare: Callable[[np.ndarray], Callable[[], object]]


def compiled(function, *inputs):
    """Returns a call of the compiled function on tensors made beforehand."""
    tensors = [tf.constant(values) for values in inputs]
    graph = tf.function(lambda *values: function(*values))
    return lambda: graph(*tensors)


def prepare_limit(waveforms):
    """The real FFT of frames that are cut, windowed and padded already."""
    frames = tf.signal.frame(np.pad(waveforms, [[0, 0], [0, FFT - LENGTH]]), FFT, STEP)
    return compiled(tf.signal.rfft, frames)


def prepare_ours(waveforms, **arguments):
    """Our layer."""
    return compiled(LogMelSpectrogram(SAMPLING_RATE, **arguments), waveforms)


def prepare_keras(waveforms):
    """Keras's own layer."""
    layer = keras.layers.MelSpectrogram(
        FFT, STEP, LENGTH, sampling_rate=SAMPLING_RATE, num_mel_bins=BINS
    )
    return compiled(layer, waveforms)


def prepare_librosa(waveforms):
    """Librosa's function, which takes all clips at once."""
    import librosa

    def run():
        energies = librosa.feature.melspectrogram(
            y=waveforms,
            sr=SAMPLING_RATE,
            n_fft=FFT,
            win_length=LENGTH,
            hop_length=STEP,
            n_mels=BINS,
        )
        return librosa.power_to_db(energies)

    return run


def prepare_kaldi(waveforms):
    """Kaldi's code: a clip a thread."""
    import kaldi_native_fbank

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = BINS

    def features(waveform):
        recogniser = kaldi_native_fbank.OnlineFbank(options)
        recogniser.accept_waveform(SAMPLING_RATE, waveform)
        recogniser.input_finished()
        frames = range(recogniser.num_frames_ready)
        return np.array([recogniser.get_frame(frame) for frame in frames])

    threads = ThreadPoolExecutor(os.cpu_count())
    return lambda: list(threads.map(features, waveforms))


CANDIDATES = [
    Candidate(LIMIT, prepare_limit),
    Candidate("speechkit", prepare_ours),
    Candidate("speechkit, matrix", lambda w: prepare_ours(w, transform="matrix")),
    Candidate(
        "speechkit, as Kaldi",
        lambda w: compiled(
            LogMelSpectrogram.from_preset("kaldi", SAMPLING_RATE, num_mel_bins=80), w
        ),
    ),
    Candidate("keras.layers.MelSpectrogram", prepare_keras),
    Candidate("librosa", prepare_librosa),
    Candidate("kaldi-native-fbank", prepare_kaldi),
]


def made_up_clips() -> np.ndarray:
    """Returns noise, as loud as speech, `(clips, samples)`."""
    random = np.random.default_rng(seed=0)
    return random.normal(scale=0.1, size=(CLIPS, SAMPLES)).astype("float32")


def seconds() -> dict[str, float]:
    """Returns the median time of each candidate; all take turns in each round."""
    waveforms = made_up_clips()
    runs = {candidate.name: candidate.prepare(waveforms) for candidate in CANDIDATES}
    times = measuring.seconds_by_turns(runs, ROUNDS)
    return {name: statistics.median(values) for name, values in times.items()}


def peak_megabytes(name: str) -> float:
    """Returns by how much a candidate raises the peak memory of its own process."""
    (candidate,) = (c for c in CANDIDATES if c.name == name)
    waveforms = made_up_clips()
    return measuring.peak_megabytes(candidate.prepare(waveforms))


def main() -> None:
    """Prints a table; or, for `--memory-of`, one number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory-of", help="print only the peak memory of a candidate")
    arguments = parser.parse_args()
    if arguments.memory_of:
        print(peak_megabytes(arguments.memory_of))
        return
    print(f"{os.cpu_count()} cores, {platform.machine()}, TensorFlow {tf.__version__}")
    print(f"{'':28} {'ms':>8} {'× FFT':>8} {'peak MB':>8}")
    times = seconds()
    for name, median in times.items():
        command = [sys.executable, "-m", "benchmarks.features", "--memory-of", name]
        memory = subprocess.run(command, capture_output=True, text=True, check=True)
        print(
            f"{name:28} {1000 * median:8.1f} {median / times[LIMIT]:8.2f} "
            f"{float(memory.stdout):8.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
