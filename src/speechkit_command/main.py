"""Entry of the `speechkit` command: starts before TensorFlow is imported."""

import sys

from speechkit_command.ending import exit_status
from speechkit_command.quiet import start_quietly


def main() -> int:
    """Runs the command and returns its exit status."""
    start_quietly()
    return exit_status(_run, "speechkit", debug="--debug" in sys.argv)


def _run():
    from speechkit.cli.main import main

    return main()
