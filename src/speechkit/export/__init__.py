"""Models to `.tflite` files, and these to answers."""

from speechkit.export.parity import Parity, measure_parity
from speechkit.export.streaming_model import StreamingModel
from speechkit.export.tflite_runner import TFLiteRunner
from speechkit.export.to_tflite import to_tflite

__all__ = ["Parity", "StreamingModel", "TFLiteRunner", "measure_parity", "to_tflite"]
