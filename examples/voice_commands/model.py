"""The recogniser of the example: augmentation and all."""

from examples.voice_commands.config import Config
from examples.voice_commands.data import Corpus
from speechkit import layers, models


def build(corpus: Corpus, config: Config) -> models.CommandRecognizer:
    """Returns a recogniser that has learned nothing yet.

    The augmentation makes other speakers of those in the training set: a voice played
    at another speed has another pitch and pace, warped frequencies have another throat
    behind them, and a curve over frequency is another microphone. Noise and masks keep
    the model from leaning on one cue.
    """
    return models.CommandRecognizer(
        corpus.labels,
        corpus.sampling_rate,
        waveform_augmentation=[
            layers.Speed((0.85, 1.2), seed=config.seed),
            layers.GaussianNoise((5.0, 40.0), seed=config.seed + 1),
        ],
        feature_augmentation=[
            layers.FrequencyWarp(
                (0.85, 1.2),
                sampling_rate=corpus.sampling_rate,
                min_freq=20.0,
                seed=config.seed + 2,
            ),
            layers.FrequencyResponse(0.15, seed=config.seed + 4),
            layers.SpecAugment(5, 1, 8, 1, 0.15, seed=config.seed + 3),
        ],
        name="voice_commands",
    )
