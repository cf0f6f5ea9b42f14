"""The `speechkit` command: its arguments, and what it returns."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from speechkit.cli import benchmark, export, inspect, score, transcribe
from speechkit_command import exit_status


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status.

    It is 0 if all went well, 1 after one sentence on what is wrong, 2 for wrong
    arguments, 130 after Ctrl-C, and 141 if nobody reads the output to its end.

    Args:
        arguments: What follows `speechkit`. `None` takes it from the command line.
    """
    parsed = _parser().parse_args(arguments)

    def run():
        _import_all(parsed.modules)
        parsed.run(parsed)

    name = f"speechkit {parsed.command}"
    return exit_status(run, name, debug=getattr(parsed, "debug", False))


def _parser():
    parser = argparse.ArgumentParser(
        prog="speechkit", description="Tools for speech recognition."
    )
    parser.add_argument(
        "--import",
        dest="modules",
        action="append",
        default=[],
        metavar="MODULE",
        help="module with classes of your own that a model needs; may be repeated",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (score, export, inspect, benchmark, transcribe):
        command.add_parser(commands)
    # Before the name of the command or behind it.
    for place in (parser, *commands.choices.values()):
        place.add_argument(
            "--debug",
            action="store_true",
            default=argparse.SUPPRESS,
            help="show the traceback of an error",
        )
    return parser


def _import_all(modules):
    """Imports modules, which register their classes with Keras.

    Raises:
        ValueError: If there is no such module.
    """
    if modules:
        # As in `python -m`: the folder of the user, not that of this command.
        sys.path.insert(0, str(Path.cwd()))
    for module in modules:
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            raise ValueError(
                f"`--import` must name a module. Received: {module}, {error}"
            ) from None
