"""What a good call of each public class looks like, and bad values for each type."""

import math
import types
import typing
from collections.abc import Mapping

import keras
import numpy as np

from speechkit import decoders, layers, metrics, models, schedules, text

# Each of these is tried for each argument of each class.
VALUES: Mapping[str, object] = {
    "0": 0,
    "-1": -1,
    "0.5": 0.5,
    "1e30": 1e30,
    "2**62": 2**62,
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "True": True,
    "None": None,
    "text": "no such thing",
    "[]": [],
    "(1, 2, 3)": (1, 2, 3),
    "numpy integer": np.int64(3),
    "numpy number": np.float32(0.5),
    "numpy array of one": np.array(3),
    "numpy boolean": np.bool_(True),
    "numpy nan": np.float16("nan"),
    "array": np.array([1.0, 2.0]),
}
# These, too, where an argument takes a tuple or another sequence.
PAIRS: Mapping[str, object] = {
    "()": (),
    "(0, 0)": (0.0, 0.0),
    "(-2, -1)": (-2, -1),
    "(2, 1)": (2.0, 1.0),
    "(0, 1e30)": (0.0, 1e30),
    "(1, 2**62)": (1, 2**62),
    "(nan, 1)": (math.nan, 1.0),
    "(1, nan)": (1.0, math.nan),
    "(0, inf)": (0.0, math.inf),
    "(-inf, 0)": (-math.inf, 0.0),
    "(True, 1)": (True, 1),
    "(None, 1)": (None, 1),
    "texts": ("a", "b"),
    "numpy numbers": (np.float32(0.25), np.int64(1)),
}

_VOCABULARY = text.CharacterVocabulary(" abc")
_CLASSES = [*"abcdef"]
_FUSION = decoders.ShallowFusion(
    decoders.NGramLanguageModel.train(["ab c", "b a"], order=2)
)

# A value for each argument that has no default.
_NEEDED = {
    "sampling_rate": 16000,
    "frame_length": 400,
    "frame_step": 160,
    "from_rate": 441,
    "to_rate": 160,
    "units": 4,
    "memory": 4,
    "filters": 4,
    "size": 3,
    "num_classes": 5,
    "recordings": [np.array([0.5, -0.25, 0.125])],
    "layer": layers.Gain(),
    "layers": [layers.Gain(), layers.Speed()],
    "schedule": keras.optimizers.schedules.PolynomialDecay(0.5, 10, 1.0),
    "peak_learning_rate": 1e-3,
    "warmup_steps": 10,
    "hold_steps": 10,
    "decay_steps": 10,
    "space_label": 1,
    "character_labels": [2],
    "tones": [-1, 1, 2],
    "clip_seconds": 2.0,
    "threshold": 0.4,
    "vocabulary": _VOCABULARY,
    "labels": ["on", "off"],
    "phrases": ["ab c"],
    "model": _FUSION.model,
    "language": "en",
    "words": ["on", "off"],
    "sounds": ["ma1", "ni3"],
    "characters": " ab",
    "steps": [text.LowerCaseNormalizer()],
}
# Small or fitting objects, where the defaults are large or want other input.
_SMALL = {
    layers.FilterBank: {"sampling_rate": 8000, "num_filters": 5},
    layers.InverseSTFT: {"frame_length": 20, "frame_step": 8, "padding": "center"},
    layers.Reverb: {"num_rooms": 2, "reverberation_seconds": (0.03, 0.06)},
    decoders.CTCGreedyDecoder: {"vocabulary": _CLASSES},
    decoders.CTCPrefixBeamSearch: {"vocabulary": _CLASSES},
    decoders.CTCBeamSearchDecoder: {"fusion": _FUSION},
    models.CTCRecognizer: {
        "front_end": [layers.LogMelSpectrogram(16000, num_mel_bins=8)],
        "encoder": [],
    },
    models.CommandRecognizer: {
        "front_end": [layers.LogMelSpectrogram(16000, num_mel_bins=8)],
        "encoder": [],
        "pooling": [layers.StatisticsPooling()],
    },
    models.DeepSpeech2: {
        "num_convolutions": 0,
        "num_layers": 1,
        "units": 2,
        "direction": "forward",
        "lookahead": 0,
        "dense": False,
    },
    models.WaveformModel: {
        "front_end": [layers.LogMelSpectrogram(16000, num_mel_bins=8)],
        "encoder": [],
        "head": [keras.layers.Dense(2)],
    },
}
# Base classes, and what the library makes itself and hands out.
NOT_MADE_BY_USERS = {
    layers.AugmentationLayer,
    layers.StreamingLayer,
    metrics.ErrorRate,
    decoders.Decoder,
    decoders.LanguageModel,
    decoders.NGramLanguageModel,
    decoders.KenLMLanguageModel,
    decoders.CTCBeamStream,
    decoders.CTCAlignment,
    decoders.AlignedSpan,
    decoders.Command,
    decoders.Hypothesis,
    decoders.TimedText,
    metrics.Alignment,
    metrics.Confusion,
    metrics.DetectionCurve,
    metrics.ErrorCounts,
    metrics.Interval,
    metrics.MatchedPairs,
    metrics.Score,
    metrics.Utterance,
    text.Arc,
    text.Change,
    text.Normalizer,
    text.Reference,
    text.Segment,
    text.SubwordVocabulary,
    text.TimedAlternatives,
    text.TimedWord,
    text.Vocabulary,
}
MODULES = (layers, metrics, decoders, models, schedules, text)
# Arguments that Keras defines, or of which a decoder says itself what it takes.
FOREIGN_ARGUMENTS = ("name", "reduction", "kwargs", "decoder")
# Errors that may name another argument: the two do not fit each other.
ALSO_NAMED = {"max_freq": ("num_mel_bins", "num_filters"), "filters": ("kernel_sizes",)}
# Values that an argument takes by its documentation, whatever its type says.
TAKEN = {
    ("beam_threshold", "-inf"),
    ("token_threshold", "-inf"),
    ("recordings", "texts"),  # paths, which are read later
    ("responses", "texts"),
    ("path", "text"),  # a file that is not there is another error
    ("transform", "None"),  # that of a preset
    ("max_seconds", "0"),  # nothing is as short: an error of its own
    ("max_seconds", "0.5"),
    ("unknown", "text"),
}


def good_arguments(cls, parameters):
    """Returns arguments that make an object of a class."""
    needed = {
        name: _NEEDED[name]
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty and name in _NEEDED
    }
    return {**needed, **_SMALL.get(cls, {})}


def values_for(annotation):
    """Returns the values to try for an argument, by their names."""
    takes_pairs = any(word in str(annotation) for word in ("tuple", "Sequence"))
    return {**VALUES, **PAIRS} if takes_pairs else VALUES


def can_take(annotation, value):
    """Returns whether an annotation allows a value; `None` where it says too little.

    NumPy's numbers are taken wherever those of Python are.
    """
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0:
        value = value.item()
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        answers = [can_take(part, value) for part in parts]
        return True if True in answers else (None if None in answers else False)
    if origin is tuple and Ellipsis not in parts:
        fits = isinstance(value, tuple | list) and len(value) == len(parts)
        return fits and all(map(can_take, parts, value))
    if annotation is type(None):
        return value is None
    if annotation in _PLAIN and (annotation is bool or isinstance(value, bool)):
        return annotation is bool and isinstance(value, bool)
    if annotation is float:
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, annotation) if annotation in _PLAIN else None


_PLAIN = (bool, int, float, str)
