"""Models from a raw waveform to commands or text."""

from speechkit.models.command_recognizer import CommandRecognizer
from speechkit.models.ctc_recognizer import CTCRecognizer
from speechkit.models.deep_speech_2 import DeepSpeech2
from speechkit.models.keyword_spotting.audionet import audionet
from speechkit.models.keyword_spotting.cnn import cnn
from speechkit.models.keyword_spotting.crnn import crnn
from speechkit.models.keyword_spotting.dnn import dnn
from speechkit.models.keyword_spotting.ds_cnn import ds_cnn
from speechkit.models.keyword_spotting.gru import gru
from speechkit.models.keyword_spotting.lstm import lstm
from speechkit.models.keyword_spotting.mhatt_rnn import mhatt_rnn
from speechkit.models.keyword_spotting.svdf import svdf
from speechkit.models.keyword_spotting.tc_resnet import tc_resnet
from speechkit.models.multiply_adds import count_multiply_adds

__all__ = [
    "CTCRecognizer",
    "CommandRecognizer",
    "DeepSpeech2",
    "audionet",
    "cnn",
    "count_multiply_adds",
    "crnn",
    "dnn",
    "ds_cnn",
    "gru",
    "lstm",
    "mhatt_rnn",
    "svdf",
    "tc_resnet",
]
