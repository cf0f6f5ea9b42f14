"""What happens between epochs: checkpoints, averages, scores, texts and pictures."""

from speechkit.callbacks.alignment_pictures import AlignmentPictures
from speechkit.callbacks.decoding_report import DecodingReport
from speechkit.callbacks.speech_summaries_tensorflow import SpeechSummaries
from speechkit.callbacks.training_checkpoint import TrainingCheckpoint
from speechkit.callbacks.weight_averaging import WeightAveraging

__all__ = [
    "AlignmentPictures",
    "DecodingReport",
    "SpeechSummaries",
    "TrainingCheckpoint",
    "WeightAveraging",
]
