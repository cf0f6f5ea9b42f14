"""Entry of the `speechkit` command."""

import argparse
import sys
from collections.abc import Sequence

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
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (score, export, inspect, benchmark, transcribe):
        command.add_parser(commands)
    parsed = parser.parse_args(arguments)
    try:
        parsed.run(parsed)
    except (ValueError, FileNotFoundError) as error:
        print(f"speechkit {parsed.command}: {error}", file=sys.stderr)
        return 1
    return 0
