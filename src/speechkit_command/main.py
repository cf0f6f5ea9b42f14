"""Entry of the `speechkit` command: starts before TensorFlow is imported."""

import signal
import sys

from speechkit_command.ending import exit_status
from speechkit_command.quiet import start_quietly


def main() -> int:
    """Runs the command and returns its exit status."""
    start_quietly("speechkit")
    status = exit_status(_run, "speechkit", debug="--debug" in sys.argv)
    # Libraries take a second to end; Ctrl-C in it has nothing to say.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return status


def _run():
    from speechkit.cli.main import main

    return main()
