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
        _import_all([*parsed.modules, *parsed.more_modules])
        parsed.run(parsed)

    name = f"speechkit {parsed.command}"
    return exit_status(run, name, debug=getattr(parsed, "debug", False))


def _parser():
    parser = argparse.ArgumentParser(
        prog="speechkit", description="Tools for speech recognition."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (score, export, inspect, benchmark, transcribe):
        command.add_parser(commands)
    # Before the name of the command or behind it.
    for place in (parser, *commands.choices.values()):
        place.add_argument(
            "--import",
            dest="modules" if place is parser else "more_modules",
            action="append",
            default=[],
            metavar="MODULE",
            help="module with classes of your own that a model needs; may be repeated",
        )
        place.add_argument(
            "--debug",
            action="store_true",
            default=argparse.SUPPRESS,
            help="show the traceback of an error",
        )
    return parser


def _import_all(modules):
    """Imports modules, and tells Keras their classes.

    Raises:
        ValueError: If there is no such module.
    """
    if modules:
        # As in `python -m`: the folder of the user, not that of this command.
        sys.path.insert(0, str(Path.cwd()))
    for name in modules:
        if not all(name.split(".")):
            raise ValueError(f"`--import` must name a module. Received: {name!r}")
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            raise ValueError(
                f"`--import` must name a module. Received: {name}, {error}"
            ) from None
        _tell_classes(module)


def _tell_classes(module):
    """Lets Keras find the classes of a module that are not registered with it.

    A model that a script saved says of them that they are in `__main__`.
    """
    import keras  # takes seconds, and the module has done so in any case

    known = keras.saving.get_custom_objects()
    for name, value in vars(module).items():
        is_own = isinstance(value, type) and value.__module__ == module.__name__
        if is_own and not hasattr(keras.layers, name):
            known.setdefault(name, value)
