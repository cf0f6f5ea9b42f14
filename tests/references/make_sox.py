"""Makes `sox.npz`: what SoX 14.4.2 does to a sound that the tests synthesise.

`python tests/references/make_sox.py` needs the program `sox`.
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

RATE = 8000
EFFECTS = {
    "tempo_0.75": ["tempo", "0.75"],
    "tempo_1.25": ["tempo", "1.25"],
    "pitch_-300": ["pitch", "-300"],
    "pitch_400": ["pitch", "400"],
    "speed_1.25": ["speed", "1.25", "rate", "-v", "8000"],
    "flanger": ["flanger", "2", "3", "0", "60", "5", "sine", "25", "linear"],
    "echos": ["echos", "0.8", "0.7", "10", "0.4", "35", "0.3"],
}


def voice(seconds: float = 0.4) -> np.ndarray:
    """Returns a sound much like a voice, `(samples,)`, that swells and dies away.

    Harmonics of a falling pitch lie under resonances, one of which moves.
    """
    times = np.arange(round(seconds * RATE)) / RATE
    pitch = 140 - 60 * times
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    sound = np.zeros_like(times)
    for number in range(1, 20):
        hertz = number * pitch
        level = np.exp(-(((hertz - 600) / 300) ** 2))
        level += 0.5 * np.exp(-(((hertz - 1700 - 800 * times) / 400) ** 2))
        sound += level * np.sin(number * phase)
    sound *= np.sin(np.pi * times / seconds) ** 2
    return (0.5 * sound / np.abs(sound).max()).astype("float32")


def processed(samples: np.ndarray, effect: list[str]) -> np.ndarray:
    """Returns what SoX makes of a clip, as 16-bit integers."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.wav"), Path(folder, "after.wav")
        soundfile.write(before, samples, RATE, subtype="FLOAT")
        encoding = ["-e", "float", "-b", "32"]
        subprocess.run(["sox", "-D", before, *encoding, after, *effect], check=True)
        result, _ = soundfile.read(after)
    return np.round(result * 32768).astype("int16")


def main() -> None:
    """Writes the file beside this script."""
    clip = voice()
    results = {name: processed(clip, effect) for name, effect in EFFECTS.items()}
    np.savez_compressed(Path(__file__).with_name("sox.npz"), **results)


if __name__ == "__main__":
    main()
