"""Models to `.tflite` files, and these to answers."""

from speechkit.export.measuring.parity import Parity, measure_parity
from speechkit.export.measuring.speed import measure_speed
from speechkit.export.running.streaming_runner import StreamingRunner
from speechkit.export.running.tflite_runner import TFLiteRunner
from speechkit.export.streaming.streaming_model import StreamingModel
from speechkit.export.to_onnx import to_onnx
from speechkit.export.to_saved_model import to_saved_model
from speechkit.export.to_streaming_tflite import to_streaming_tflite
from speechkit.export.to_tflite import to_tflite

__all__ = [
    "Parity",
    "StreamingModel",
    "StreamingRunner",
    "TFLiteRunner",
    "measure_parity",
    "measure_speed",
    "to_onnx",
    "to_saved_model",
    "to_streaming_tflite",
    "to_tflite",
]
