"""Models from a raw waveform to commands or text."""

from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.ctc_recognizer import CTCRecognizer

__all__ = ["CTCRecognizer", "CommandRecognizer"]
