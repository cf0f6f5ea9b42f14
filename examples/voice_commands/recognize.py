"""Recognises recordings: `python -m examples.voice_commands.recognize MODEL FILE …`.

MODEL is a `.keras` or a `.tflite` file; both give the same answer.
"""

import argparse
import pathlib
import sys
from collections.abc import Callable, Sequence

import numpy as np

import speechkit_command

if __name__ == "__main__":
    speechkit_command.start_quietly()

from speechkit import audio, decoders, export, models

NOT_UNDERSTOOD = "not understood"

# Less than this is no word; more is no command, and would fill the memory.
MIN_SECONDS = 0.1
MAX_SECONDS = 30.0


def load(path: pathlib.Path) -> Callable[[pathlib.Path], decoders.Command]:
    """Returns a function from a sound file to the command in it.

    Raises:
        ValueError: If `path` is not a command recogniser in one of the two formats.
    """
    if path.suffix == ".tflite":
        runner = export.TFLiteRunner(path)
        if not {"labels", "threshold", "sampling_rate"} <= runner.metadata.keys():
            raise ValueError(f"{path} must be a command recogniser. It has no labels")
        metadata = runner.metadata
        decoder = decoders.CommandDecoder(metadata["labels"], metadata["threshold"])
        return lambda file: decoder([runner(_read(file, metadata["sampling_rate"]))])[0]
    model = models.load_model(path, compile=False)
    if not isinstance(model, models.CommandRecognizer):
        raise ValueError(f"{path} must be a command recogniser. It is another model")
    return lambda file: model.recognize(_read(file, model.sampling_rate)[None])[0]


def describe(command: decoders.Command) -> str:
    """Returns an answer as it is printed."""
    return f"{command.label or NOT_UNDERSTOOD} ({command.probability:.3f})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one line for each file; returns 2 if a file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=pathlib.Path, help=".keras or .tflite file")
    parser.add_argument("files", type=pathlib.Path, nargs="+", help="sound files")
    parser.add_argument(
        "--debug", action="store_true", help="show the traceback of an error"
    )
    options = parser.parse_args(arguments)

    def command():
        return _recognize_all(load(options.model), options.files)

    return speechkit_command.exit_status(
        command, "error", failure=2, debug=options.debug
    )


def _recognize_all(recognize, files):
    """Prints an answer or an error for each file; returns the status."""
    status = 0
    for file in files:
        try:
            print(f"{file}: {describe(recognize(file))}", flush=True)
        except ValueError as error:
            print(f"error: {error}", file=sys.stderr)
            status = 2
    return status


def _read(file: pathlib.Path, sampling_rate: int) -> np.ndarray:
    seconds = audio.info(file).duration_seconds
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        raise ValueError(
            f"{file} must last from {MIN_SECONDS:g} to {MAX_SECONDS:g} s. "
            f"It lasts {seconds:.3f} s"
        )
    return audio.read(file, sampling_rate)


if __name__ == "__main__":
    sys.exit(main())
