"""Starts a command without TensorFlow's lines and ends it with one sentence.

It is no part of `speechkit`, which imports TensorFlow: this has to come before.
"""

from speechkit_command.ending import exit_status
from speechkit_command.quiet import runs_as_module, start_quietly

__all__ = ["exit_status", "runs_as_module", "start_quietly"]
