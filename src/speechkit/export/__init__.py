"""Models to `.tflite` files, and these to answers."""

from speechkit.export.parity import largest_difference
from speechkit.export.tflite_runner import TFLiteRunner
from speechkit.export.to_tflite import to_tflite

__all__ = ["TFLiteRunner", "largest_difference", "to_tflite"]
