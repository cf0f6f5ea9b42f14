"""`speechkit transcribe`: what a `.tflite` file understands in recordings."""

import argparse
from pathlib import Path

from speechkit import audio
from speechkit.cli._opening import open_runner


def add_parser(commands) -> None:
    """Adds the arguments of `speechkit transcribe`."""
    parser = commands.add_parser("transcribe", help="text or commands of recordings")
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, help="a .tflite file of `speechkit export`")
    parser.add_argument("audio", type=Path, nargs="+", help="recordings of any format")


def run(arguments: argparse.Namespace) -> None:
    """Prints one line for each recording; with several, after its name.

    Raises:
        ValueError: If a file cannot be used.
    """
    runner = open_runner(arguments.file)
    rate = runner.metadata.get("sampling_rate")
    if rate is None:
        raise ValueError(f"{arguments.file} must say its sampling rate. It does not")
    for path in arguments.audio:
        answer = runner.transcribe(audio.read(path, rate), rate)
        name = f"{path}\t" if len(arguments.audio) > 1 else ""
        print(name + ("(not understood)" if answer is None else answer))
