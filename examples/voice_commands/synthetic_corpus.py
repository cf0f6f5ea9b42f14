"""Corpora that are spoken on the spot, in many voices.

One is the default of the example, commands and other phrases, clean and in noise. The
other says the commands of somebody's recordings.
"""

import csv
import itertools
import os
import pathlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from examples.voice_commands import commands
from examples.voice_commands.synthesis import (
    SAMPLING_RATE,
    SPLITS,
    VOICES,
    Synthesizer,
)
from speechkit import audio

COMMAND_RENDERINGS = {"train": 3, "dev": 2, "test": 2}
TAKES = 2
PROSODY = {"words_per_minute": (140, 230), "pitch": (35, 65), "pitch_range": (30, 80)}
NOISES = ("white", "pink", "brown", "babble", "hum")
COLUMNS = ("path", "text", "speaker", "split", "noise", "snr_db")


def add_noise(
    waveform: np.ndarray,
    kind: str,
    snr_db: float,
    *,
    generator: np.random.Generator,
    talkers: Sequence[np.ndarray],
) -> np.ndarray:
    """Returns `waveform` over a noise of `NOISES`, clipped to [-1, 1].

    Levels are RMS over the whole clip. Babble is four of `talkers` at a time.
    """
    noise = _make_noise(kind, len(waveform), generator, talkers)
    power_ratio = np.mean(waveform**2) / np.mean(noise**2)
    gain = np.sqrt(power_ratio / 10 ** (snr_db / 10))
    return np.clip(waveform + gain * noise, -1, 1).astype(np.float32)


def _make_noise(
    kind: str,
    length: int,
    generator: np.random.Generator,
    talkers: Sequence[np.ndarray],
) -> np.ndarray:
    if kind == "babble":
        picked = [talkers[i] for i in generator.integers(len(talkers), size=4)]
        starts = generator.integers(length, 100 * length, size=4)
        moved = zip(picked, starts, strict=True)
        return np.sum([np.resize(np.roll(x, s), length) for x, s in moved], axis=0)
    if kind == "hum":
        harmonic = np.arange(1, 16)[:, None]  # of the mains at 50 Hz
        phase = generator.uniform(0, 2 * np.pi, size=harmonic.shape)
        time = np.arange(length) / SAMPLING_RATE
        waves = np.sin(2 * np.pi * 50 * harmonic * time + phase) / harmonic
        return waves.sum(axis=0)
    exponent = {"white": 0, "pink": 1, "brown": 2}[kind]
    spectrum = np.fft.rfft(generator.normal(size=length))
    frequency = np.fft.rfftfreq(length, 1 / SAMPLING_RATE).clip(min=20)
    return np.fft.irfft(spectrum * frequency ** (-exponent / 2), length)


def synthesize_corpus(
    folder: str | os.PathLike,
    *,
    seed: int = 0,
    splits: Mapping[str, Sequence[str]] = SPLITS,
    progress: Callable[[int, int], None] | None = None,
) -> pathlib.Path:
    """Writes the commands, and phrases that are not commands, in many voices.

    Every text has a folder of FLAC files at 16 kHz; `commands.NOT_A_COMMAND` names
    the folder, and is the text, of the phrases that are not commands. `manifest.csv`
    has a row per file with the columns `COLUMNS`; the speaker is the voice. The
    splits share no voice. The clips of dev and test come twice: clean (the column
    `noise` is empty) and in noise at 5 to 20 dB.

    The files are written beside `folder`, which appears when it is complete. A
    finished folder is reused, whatever its seed and voices.

    Args:
        folder: Folder to make.
        seed: Seed of the speed, the pitch and the noise of each clip.
        splits: Voices of each split; fewer of them make a smaller corpus.
        progress: Called after each phrase with the phrases done and the total.

    Returns:
        The path of `folder`.

    Raises:
        FileExistsError: If `folder` exists and holds no finished corpus.
    """

    def write(partial):
        with Synthesizer() as synthesizer:
            yield from _write_clips(synthesizer, partial, seed, splits, progress)

    return _write_corpus(pathlib.Path(folder), write)


def synthesize_texts(
    folder: str | os.PathLike,
    texts: Sequence[str],
    languages: Sequence[str],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> pathlib.Path:
    """Writes each text `TAKES` times in every voice, to be trained on.

    The voices take turns with the languages. Files and manifest are as those of
    `synthesize_corpus`, but the clips are of no speaker.

    Args:
        folder: Folder to make.
        texts: What to say. An underscore is said as a space.
        languages: Names of languages of eSpeak NG, or of accents.
        seed: Seed of the speed and the pitch of each clip.
        progress: As for `synthesize_corpus`.

    Returns:
        The path of `folder`.

    Raises:
        FileExistsError: If `folder` exists and holds no finished corpus.
        ValueError: If there is no such language, or a text has no sound in it.
    """

    def write(partial):
        generator = np.random.default_rng(seed)
        counts = itertools.count(1)
        for turn, language in enumerate(languages):
            plan = itertools.product(
                VOICES[turn :: len(languages)], enumerate(texts), range(TAKES)
            )
            with Synthesizer(language) as synthesizer:
                for voice, (number, text), take in plan:
                    spoken = synthesizer.speak(
                        text.replace("_", " "), voice=voice, **_draw_prosody(generator)
                    )
                    # A text may hold what a file name must not.
                    name = f"{number}/{language}_{voice}_{take}.flac"
                    yield _write(partial, name, spoken), text, "", "train", "", ""
                    if progress is not None:
                        progress(next(counts), len(VOICES) * len(texts) * TAKES)

    return _write_corpus(pathlib.Path(folder), write)


def _write_corpus(
    folder: pathlib.Path, write: Callable[[pathlib.Path], Iterator[tuple]]
) -> pathlib.Path:
    """Makes a folder of what `write` puts into another, and of the rows it yields."""
    if (folder / "manifest.csv").is_file():
        return folder
    if folder.exists():
        accepted = "accepted is a new folder or a finished corpus"
        raise FileExistsError(f"{folder}: has no manifest.csv; {accepted}")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of an interrupted run
    partial.mkdir(parents=True)
    rows = list(write(partial))
    with (partial / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return partial.rename(folder)


def _write_clips(
    synthesizer: Synthesizer,
    folder: pathlib.Path,
    seed: int,
    splits: Mapping[str, Sequence[str]],
    progress: Callable[[int, int], None] | None,
) -> Iterator[tuple]:
    """Writes every clip and yields its row of the manifest."""
    generator = np.random.default_rng(seed)
    plan = list(_plan(splits))
    noisy_splits = [split for split in splits if split != "train"]
    talkers = {name: _talk(synthesizer, name, splits[name]) for name in noisy_splits}
    for done, (split, voice, phrase, take) in enumerate(plan, start=1):
        text = phrase if phrase in commands.COMMANDS else commands.NOT_A_COMMAND
        name, row = f"{text}/{voice}_{phrase}_{take}", (text, voice, split)
        clean = synthesizer.speak(phrase, voice=voice, **_draw_prosody(generator))
        yield (_write(folder, f"{name}.flac", clean), *row, "", "")
        if split in noisy_splits:
            kind = NOISES[generator.integers(len(NOISES))]
            snr_db = round(generator.uniform(5, 20), 1)
            noisy = add_noise(
                clean, kind, snr_db, generator=generator, talkers=talkers[split]
            )
            yield (_write(folder, f"{name}_{kind}.flac", noisy), *row, kind, snr_db)
        if progress is not None:
            progress(done, len(plan))


def _plan(splits: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, str, int]]:
    for split, voices in splits.items():
        takes = dict.fromkeys(commands.COMMANDS, COMMAND_RENDERINGS[split])
        takes |= dict.fromkeys(commands.other_phrases(split), 1)
        for voice in voices:
            for phrase, count in takes.items():
                yield from ((split, voice, phrase, take) for take in range(count))


def _talk(
    synthesizer: Synthesizer, split: str, voices: Sequence[str]
) -> list[np.ndarray]:
    """Returns one long waveform per voice, for babble."""
    phrases = commands.other_phrases(split)
    return [
        np.concatenate([synthesizer.speak(phrase, voice=voice) for phrase in phrases])
        for voice in voices
    ]


def _draw_prosody(generator: np.random.Generator) -> dict[str, int]:
    return {
        name: int(generator.integers(low, high, endpoint=True))
        for name, (low, high) in PROSODY.items()
    }


def _write(folder: pathlib.Path, path: str, waveform: np.ndarray) -> str:
    (folder / path).parent.mkdir(exist_ok=True)
    audio.write(folder / path, waveform, sampling_rate=SAMPLING_RATE)
    return path
