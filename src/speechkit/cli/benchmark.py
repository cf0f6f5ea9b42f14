"""`speechkit benchmark`: how fast a `.tflite` file runs here."""

import argparse
import json
from pathlib import Path

from speechkit import _checks
from speechkit.cli._opening import open_runner
from speechkit.cli.inspect import speed_lines

_LONGEST = 3600.0  # seconds; one clip has to fit into the memory


def add_parser(commands) -> None:
    """Adds the arguments of `speechkit benchmark`."""
    parser = commands.add_parser("benchmark", help="how fast a .tflite file runs here")
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, help="a .tflite file of `speechkit export`")
    parser.add_argument(
        "--seconds",
        type=float,
        help="length of a clip; by default the one that the file takes, or 1",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> None:
    """Prints latency, real-time factor and memory, for noise.

    Raises:
        ValueError: If the file cannot be used.
    """
    import numpy as np

    from speechkit import export

    seconds = arguments.seconds
    if seconds is not None:
        _checks.check_number("--seconds", seconds, maximum=_LONGEST, above=True)
    runner = open_runner(arguments.file)
    rate = runner.metadata.get("sampling_rate") or 16000
    noise = np.random.default_rng(seed=0).normal(scale=0.1, size=rate)
    taken = runner.certificate.get("num_samples")
    length = taken if isinstance(taken, int) and taken > 0 else rate
    if seconds is not None:
        length = max(1, round(seconds * rate))
    measured = export.measure_speed(runner, np.resize(noise, length))
    if arguments.format == "json":
        print(json.dumps(measured, indent=2))
    else:
        print("\n".join(speed_lines(measured)))
