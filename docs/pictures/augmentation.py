"""Draws the gallery of augmentation from one recorded clip.

`python docs/pictures/augmentation.py RECORDING` writes a picture for each layer into
the folder of the guides: the clip before and after, and its log-mel features.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from matplotlib.figure import Figure

from speechkit import audio, layers, plots
from speechkit.ops.time.masks import get_mask

RATE = 16000
FOLDER = Path(__file__).parent.parent / "guides"


def waveform_layers() -> dict[str, list]:
    """Returns the layers of waveforms by the name of their picture."""
    hum = 0.5 * np.sin(2 * np.pi * 120 * np.arange(RATE) / RATE)
    return {
        "pace": [
            layers.PitchShift((900, 900), sampling_rate=RATE),
            layers.Tempo((0.7, 0.7), sampling_rate=RATE),
            layers.Speed((1.6, 1.6)),
            layers.TimeShift((0.2, 0.2), sampling_rate=RATE),
        ],
        "filters": [
            layers.LowPass((1000, 1000), sampling_rate=RATE),
            layers.HighPass((1500, 1500), sampling_rate=RATE),
            layers.BandPass((2000, 2000), (2000, 2000), sampling_rate=RATE),
            layers.Equalizer(
                (3000, 3000), (1, 1), gain_db=(18, 18), sampling_rate=RATE
            ),
        ],
        "rooms": [
            layers.Flanger(
                (0, 0),
                (4, 4),
                width_percent=(90, 90),
                speed_hz=(1, 1),
                sampling_rate=RATE,
            ),
            layers.Echos((250, 250), (0.5, 0.5), sampling_rate=RATE),
            layers.Reverb(
                num_rooms=1,
                reverberation_seconds=(0.6, 0.6),
                seed=0,
                sampling_rate=RATE,
            ),
            layers.BackgroundNoise([hum], (5, 5), seed=0, sampling_rate=RATE),
        ],
        "levels": [
            layers.WhiteNoise((10, 10), seed=0),
            layers.Gain((-12, -12)),
            layers.RandomLevel((-1, -1)),
            layers.Clipping((-18, -18)),
        ],
        "damage": [
            layers.BitCrush((4, 4)),
            layers.MuLawCodec(),
            layers.Fade((0.3, 0.3), (0.3, 0.3), sampling_rate=RATE),
            layers.Silence(0.15, 4, seed=5, sampling_rate=RATE),
        ],
    }


def feature_layers() -> list:
    """Returns the layers of features."""
    return [
        layers.SpecAugment.from_preset("LD", seed=3, fill="mean", max_time_width=30),
        layers.TimeMasking(40, 2, seed=1, fill="mean"),
        layers.FrequencyMasking(20, 2, seed=2, fill="mean"),
        layers.TimeWarp(30, seed=4),
        layers.FrequencyWarp((1.5, 1.5), sampling_rate=RATE),
        layers.FrequencyResponse(3.0, seed=1),
    ]


def log_mel(waveform):
    """Returns `(frames, features)` of one clip."""
    layer = layers.LogMelSpectrogram(RATE, num_mel_bins=80, floor=1e-7)
    return np.asarray(layer(waveform[None])[0])


def valid(outputs) -> np.ndarray:
    """Returns the one clip of a batch, without its padding."""
    mask = get_mask(outputs)
    clip = np.asarray(outputs)[0]
    return clip if mask is None else clip[np.asarray(mask)[0]]


def draw_features(axes, features, title) -> None:
    """Draws features with the same colours in each panel."""
    plots.spectrogram(
        features, frame_step=160, sampling_rate=RATE, value_label="", axes=axes
    )
    axes.images[0].set_clim(-16.0, 4.0)
    axes.set_title(title, fontsize=10)


def draw_waveforms(clip, chosen) -> Figure:
    """Draws the clip, and what each layer makes of it."""
    figure = Figure(figsize=(9, 1.6 * (len(chosen) + 1)), layout="compressed")
    rows = figure.subplots(len(chosen) + 1, 2)
    results = [("before", clip)]
    for layer in chosen:
        name = type(layer).__name__
        results.append((name, valid(layer(clip[None], training=True))))
    for (left, right), (name, samples) in zip(rows, results, strict=True):
        plots.waveform(samples, RATE, axes=left)
        left.set_title(name, fontsize=10)
        draw_features(right, log_mel(samples), name)
    return figure


def draw_feature_layers(clip) -> Figure:
    """Draws the features of the clip, and what each layer makes of them."""
    features = log_mel(clip)
    figure = Figure(figsize=(9, 7), layout="compressed")
    panels = list(figure.subplots(4, 2).flat)
    draw_features(panels[0], features, "before")
    panels[1].set_axis_off()
    for axes, layer in zip(panels[2:], feature_layers(), strict=True):
        changed = valid(layer(features[None], training=True))
        draw_features(axes, changed, type(layer).__name__)
    return figure


def main() -> None:
    """Writes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", type=Path, help="a clip of one to three seconds")
    clip = audio.read(parser.parse_args().recording, sampling_rate=RATE)
    clip = 0.7 * clip / np.abs(clip).max()
    for name, chosen in waveform_layers().items():
        figure = draw_waveforms(clip, chosen)
        plots.save(figure, FOLDER / f"augmentation_{name}.png")
    figure = draw_feature_layers(clip)
    plots.save(figure, FOLDER / "augmentation_features.png")


if __name__ == "__main__":
    main()
