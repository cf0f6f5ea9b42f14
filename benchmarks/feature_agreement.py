"""The largest difference between each front end and the tool it is named after.

`python -m benchmarks.feature_agreement FOLDER` takes every recording in the folder,
at 16 kHz, and prints a table.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import kaldi_native_fbank as kaldi
import keras
import librosa
import numpy as np
import tqdm

from speechkit import audio
from speechkit.layers import MFCC, LogMelSpectrogram

SAMPLING_RATE = 16000
SPEECH = {
    "frame_length": 400,
    "frame_step": 160,
    "fft_length": 512,
    "num_mel_bins": 80,
}
NOT_SNIPPED = {"padding": "middle", "padding_mode": "symmetric"}
DECIBELS = 10 / np.log(10)


def kaldi_features(options, recogniser, waveform):
    """Returns what Kaldi's code makes of a waveform."""
    options.frame_opts.dither = 0
    features = recogniser(options)
    features.accept_waveform(SAMPLING_RATE, waveform * 32768)
    features.input_finished()
    frames = range(features.num_frames_ready)
    return np.array([features.get_frame(frame) for frame in frames])


def kaldi_filter_banks(waveform, *, bins=80, snip_edges=True):
    """Returns natural logarithms of Kaldi's filter banks."""
    options = kaldi.FbankOptions()
    options.mel_opts.num_bins = bins
    options.frame_opts.snip_edges = snip_edges
    return kaldi_features(options, kaldi.OnlineFbank, waveform)


def kaldi_cepstra(waveform):
    """Returns Kaldi's cepstra."""
    return kaldi_features(kaldi.MfccOptions(), kaldi.OnlineMfcc, waveform)


def htk_filter_banks(waveform):
    """Returns HTK's filter banks, by Kaldi's code in HTK's settings."""
    options = kaldi.FbankOptions()
    options.mel_opts.num_bins = 26
    options.mel_opts.low_freq = 0
    options.frame_opts.window_type = "hamming"
    options.frame_opts.remove_dc_offset = False
    options.use_power = False
    logs = kaldi_features(options, kaldi.OnlineFbank, waveform)
    return np.maximum(logs, 0)


def librosa_decibels(waveform, **arguments):
    """Returns librosa's mel spectrogram in decibels, computed in float64."""
    top_db = arguments.pop("top_db", 80.0)
    energies = librosa.feature.melspectrogram(y=waveform.astype("float64"), **arguments)
    return librosa.power_to_db(energies, top_db=top_db).T


def whisper_logarithms(waveform):
    """Returns Whisper's published formula, in float64."""
    padded = np.pad(waveform.astype("float64"), 200, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160]
    powers = np.abs(np.fft.rfft(frames * np.hanning(401)[:-1]))[:-1] ** 2
    filters = librosa.filters.mel(sr=16000, n_fft=400, n_mels=80, dtype="float64")
    logs = np.log10(np.maximum(powers @ filters.T, 1e-10))
    return (np.maximum(logs, logs.max() - 8) + 4) / 4


def named(preset, layer_class=LogMelSpectrogram, sampling_rate=16000, **arguments):
    """Returns a function from a waveform to the features of a preset."""
    layer = layer_class.from_preset(preset, sampling_rate, **arguments)
    return lambda waveform: np.asarray(layer(waveform[None])[0])


# Ours, the judge, and the decibels (or, for cepstra, the units) of a difference of 1.
ROWS: list[tuple[str, Callable, str, Callable, float]] = [
    (
        '"librosa"',
        named("librosa", sampling_rate=22050),
        "librosa, its defaults",
        librosa_decibels,
        1.0,
    ),
    (
        '"librosa", for speech',
        named("librosa", **SPEECH),
        "librosa",
        lambda waveform: librosa_decibels(
            waveform, sr=16000, n_fft=512, win_length=400, hop_length=160, n_mels=80
        ),
        1.0,
    ),
    (
        '"kaldi", 80 bins',
        named("kaldi", num_mel_bins=80),
        "kaldi-native-fbank",
        kaldi_filter_banks,
        DECIBELS,
    ),
    (
        '"kaldi", edges not snipped',
        named("kaldi", num_mel_bins=80, **NOT_SNIPPED),
        "kaldi-native-fbank",
        lambda waveform: kaldi_filter_banks(waveform, snip_edges=False),
        DECIBELS,
    ),
    (
        '"kaldi", by a matrix',
        named("kaldi", num_mel_bins=80, transform="matrix"),
        "kaldi-native-fbank",
        kaldi_filter_banks,
        DECIBELS,
    ),
    (
        '"kaldi", 80 bins',
        named("kaldi", num_mel_bins=80),
        "the same in float64",
        named("kaldi", num_mel_bins=80, dtype="float64"),
        DECIBELS,
    ),
    (
        '"kaldi", by a matrix',
        named("kaldi", num_mel_bins=80, transform="matrix"),
        "the same in float64",
        named("kaldi", num_mel_bins=80, dtype="float64"),
        DECIBELS,
    ),
    (
        "kaldi-native-fbank itself",
        kaldi_filter_banks,
        '`"kaldi"` in float64',
        named("kaldi", num_mel_bins=80, dtype="float64"),
        DECIBELS,
    ),
    (
        '"htk"',
        named("htk"),
        "kaldi-native-fbank as HTK",
        htk_filter_banks,
        DECIBELS,
    ),
    (
        '"whisper"',
        named("whisper"),
        "published formula, float64",
        whisper_logarithms,
        40.0,
    ),
    (
        '"torchaudio"',
        named("torchaudio"),
        "librosa, as documented",
        lambda waveform: librosa_decibels(
            waveform,
            sr=16000,
            n_fft=400,
            hop_length=200,
            n_mels=80,
            pad_mode="reflect",
            htk=True,
            norm=None,
            top_db=None,
        ),
        1.0,
    ),
    (
        '"keras"',
        named("keras"),
        "keras.layers.MelSpectrogram",
        lambda waveform: (
            np.asarray(keras.layers.MelSpectrogram(mag_exp=2.0)(waveform[None])[0]).T
        ),
        1.0,
    ),
    (
        'MFCC "librosa"',
        named("librosa", MFCC),
        "librosa.feature.mfcc",
        lambda waveform: librosa.feature.mfcc(y=waveform.astype("float64")).T,
        1.0,
    ),
    ('MFCC "kaldi"', named("kaldi", MFCC), "kaldi-native-fbank", kaldi_cepstra, 1.0),
]


def largest_differences(paths: list[Path]) -> list[float]:
    """Returns the largest difference of each row over the recordings."""
    largest = [0.0] * len(ROWS)
    for path in tqdm.tqdm(paths, desc="recordings"):
        waveform = audio.read(path, sampling_rate=SAMPLING_RATE)
        for row, (_, ours, _, judge, decibels) in enumerate(ROWS):
            difference = np.abs(ours(waveform) - judge(waveform)).max()
            largest[row] = max(largest[row], decibels * float(difference))
    return largest


def main() -> None:
    """Prints the table for the recordings in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where WAV and FLAC files are")
    parser.add_argument("--most", type=int, default=100, help="how many at most")
    arguments = parser.parse_args()
    files = sorted(arguments.folder.rglob("*.flac")) + sorted(
        arguments.folder.rglob("*.wav")
    )
    if not files:
        parser.error(f"{arguments.folder}: no WAV or FLAC file in it")
    step = max(1, len(files) // arguments.most)
    largest = largest_differences(files[::step][: arguments.most])
    print("| front end | judge | largest difference |")
    print("|---|---|---|")
    for (name, _, judge, _, _), difference in zip(ROWS, largest, strict=True):
        unit = "" if name.startswith("MFCC") else " dB"
        print(f"| `{name}` | {judge} | {difference:.2g}{unit} |")


if __name__ == "__main__":
    main()
