"""Models from a raw waveform to commands or text."""

from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.ctc_recognizer import CTCRecognizer
from speechkit.models.deep_speech_2 import DeepSpeech2
from speechkit.models.loading import load_model
from speechkit.models.multiply_adds import count_multiply_adds
from speechkit.models.waveform_model import WaveformModel

__all__ = [
    "CTCRecognizer",
    "CommandRecognizer",
    "DeepSpeech2",
    "WaveformModel",
    "count_multiply_adds",
    "load_model",
]
