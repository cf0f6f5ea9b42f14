"""The recogniser of the example: augmentation and all."""

from examples.voice_commands.config import Config
from examples.voice_commands.data import Corpus
from speechkit import layers, models


def build(corpus: Corpus, config: Config) -> models.CommandRecognizer:
    """Returns a recogniser that has learned nothing yet.

    The augmentation makes other speakers of those in the training set: a voice played
    at another speed has another pitch and pace, warped frequencies have another throat
    behind them, and a curve over frequency is another microphone. Noise and masks keep
    the model from leaning on one cue. What changes a clip much leaves half of the clips
    alone: a model that never met a clip as it is would know it less.
    """
    seed = config.seed
    speed = layers.Speed((0.85, 1.2), seed=seed)
    noise = layers.WhiteNoise((5.0, 40.0), seed=seed + 1)
    warp = layers.FrequencyWarp(
        (0.85, 1.2),
        sampling_rate=corpus.sampling_rate,
        min_freq=20.0,
        seed=seed + 2,
    )
    return models.CommandRecognizer(
        corpus.labels,
        corpus.sampling_rate,
        waveform_augmentation=[
            layers.RandomApply(speed, 0.5, seed=seed + 5),
            layers.RandomApply(noise, 0.5, seed=seed + 6),
        ],
        feature_augmentation=[
            layers.RandomApply(warp, 0.5, seed=seed + 7),
            layers.FrequencyResponse(0.15, seed=seed + 4),
            layers.SpecAugment(
                max_frequency_width=5,
                max_time_width=8,
                max_time_share=0.15,
                seed=seed + 3,
            ),
        ],
        name="voice_commands",
    )
