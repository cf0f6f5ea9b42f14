"""Entry of the `speechkit` command."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from speechkit.cli import benchmark, export, inspect, score, transcribe


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status.

    It is 0 if all went well, 1 if a file cannot be used, and 2 for wrong arguments.

    Args:
        arguments: What follows `speechkit`. `None` takes it from the command line.
    """
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
    parsed = parser.parse_args(arguments)
    try:
        _import_all(parsed.modules)
        parsed.run(parsed)
    except (ValueError, FileNotFoundError) as error:
        print(f"speechkit {parsed.command}: {error}", file=sys.stderr)
        return 1
    except TypeError as error:
        # Keras says so of a class that nobody imported.
        if "register_keras_serializable" not in str(error):
            raise
        print(
            f"speechkit {parsed.command}: `--import` must name the module of every "
            f"class of your own. Received: {parsed.modules}; {str(error)[:200]}",
            file=sys.stderr,
        )
        return 1
    return 0


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
