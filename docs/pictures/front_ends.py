"""Draws the pictures of the guide "Which front end?" from one recorded clip.

`python docs/pictures/front_ends.py RECORDING` writes them beside the guide.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from matplotlib.figure import Figure

from speechkit import audio, layers, plots
from speechkit.ops.signal import framing, mel

SAMPLING_RATE = 16000
FOLDER = Path(__file__).parent.parent / "guides"
BLUE, ORANGE = "#2166ac", "#d6604d"


def draw_front_ends(recording: Path) -> Figure:
    """Draws what six front ends make of one clip."""
    waveform = audio.read(recording, sampling_rate=SAMPLING_RATE)
    log_mel = layers.LogMelSpectrogram.from_preset
    mfcc = layers.MFCC.from_preset
    speech = {"frame_length": 400, "frame_step": 160, "num_mel_bins": 80}
    panels = {
        "LogMelSpectrogram(16000), ln of power": layers.LogMelSpectrogram(16000),
        '"librosa" at 16 kHz, dB': log_mel("librosa", 16000, **speech),
        '"kaldi", 80 bins, ln of power': log_mel("kaldi", 16000, num_mel_bins=80),
        '"whisper", (log10 + 4) / 4': log_mel("whisper", 16000),
        '"htk", 26 bins, ln of magnitude': log_mel("htk", 16000),
        'MFCC "kaldi", coefficients 1 (below) to 12': mfcc("kaldi", 16000),
    }
    figure = Figure(figsize=(10, 8), layout="compressed")
    for axes, (title, layer) in zip(
        figure.subplots(3, 2).flat, panels.items(), strict=True
    ):
        features = np.asarray(layer(waveform[None])[0])
        if isinstance(layer, layers.MFCC):
            features = features[:, 1:]
        plots.spectrogram(
            features,
            frame_step=layer.frame_step,
            sampling_rate=SAMPLING_RATE,
            dynamic_range_db=float(np.ptp(features)),
            value_label="",
            axes=axes,
        )
        axes.set_title(title, fontsize=10)
    return figure


def draw_frames() -> Figure:
    """Draws where the frames of a short clip lie, by each kind of padding."""
    num_samples, length, step = 1200, 400, 160
    paddings = {
        '"valid": whole frames only': "valid",
        '"center": frame t on sample t · step (librosa)': "center",
        '"middle": frame t on the middle of step t (Kaldi, no snip_edges)': "middle",
        "(200, 40): centred, without the last (Whisper)": (200, 40),
    }
    figure = Figure(figsize=(9, 6), layout="compressed")
    panels = figure.subplots(4, 1, sharex=True)
    for axes, (title, padding) in zip(panels, paddings.items(), strict=True):
        frames = framing.framing(length, step, padding)
        axes.axvspan(0, num_samples, color="0.9")
        for frame in range(frames.count(num_samples)):
            start = frame * step - frames.left
            bar = {"color": BLUE, "linewidth": 4, "solid_capstyle": "butt"}
            axes.plot([start, start + length], [-frame, -frame], **bar)
            axes.plot(start + length / 2, -frame, "|", color="white", ms=6)
        axes.set_title(title, fontsize=10)
        axes.set_yticks([])
        axes.spines[["top", "right", "left"]].set_visible(False)
    panels[-1].set_xlabel("Sample (the clip is grey: 1200 samples)")
    return figure


def draw_filters() -> Figure:
    """Draws mel filters of each kind."""
    kinds = {
        'scale "slaney", normalization "slaney" (librosa, Whisper)': {},
        'scale "htk", no normalization (torchaudio)': {
            "scale": "htk",
            "normalization": None,
        },
        'scale "htk", triangles over mel (HTK, Kaldi)': {
            "scale": "htk",
            "normalization": None,
            "triangles": "mel",
        },
    }
    hertz = np.arange(1025) * SAMPLING_RATE / 2048
    figure = Figure(figsize=(9, 5.5), layout="compressed")
    panels = figure.subplots(3, 1, sharex=True)
    for axes, (title, options) in zip(panels, kinds.items(), strict=True):
        filters = mel.mel_filter_bank(12, 2048, SAMPLING_RATE, 0.0, 8000.0, **options)
        for number, weights in enumerate(filters.T):
            colour = (BLUE, ORANGE)[number % 2]
            # Only the triangle, from corner to corner.
            inside = np.convolve(weights > 0, [1, 1, 1], mode="same") > 0
            axes.plot(hertz[inside], weights[inside], color=colour, linewidth=1.2)
        axes.set_title(title, fontsize=10)
        axes.set_ylabel("Weight")
        axes.spines[["top", "right"]].set_visible(False)
    panels[-1].set_xlabel("Frequency (Hz)")
    return figure


def main() -> None:
    """Writes the three pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", type=Path, help="a clip of about a second")
    arguments = parser.parse_args()
    plots.save(draw_front_ends(arguments.recording), FOLDER / "front_ends.png")
    plots.save(draw_frames(), FOLDER / "frame_positions.png")
    plots.save(draw_filters(), FOLDER / "mel_filters.png")


if __name__ == "__main__":
    main()
