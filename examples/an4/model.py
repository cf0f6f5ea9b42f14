"""The recogniser: DeepSpeech2, and the augmentation in front of it."""

from collections.abc import Iterable

from examples.an4 import lexicon
from examples.an4.config import Config
from speechkit import layers, models


def build(config: Config) -> models.DeepSpeech2:
    """Returns a recogniser that has learned nothing yet."""
    pronunciation = lexicon.pronunciation_of(config)
    return models.DeepSpeech2(
        config.vocabulary(),
        config.sampling_rate,
        num_convolutions=config.num_convolutions,
        num_stacked_frames=config.num_stacked_frames,
        num_layers=config.num_layers,
        units=config.units,
        cell=config.cell,
        direction="forward" if config.streaming else "bidirectional",
        normalization=config.normalization,
        lookahead=config.lookahead,
        intermediate_classes=pronunciation and pronunciation.num_classes,
        num_guesses=config.num_guesses,
        dense=config.dense,
        dropout=config.dropout,
        waveform_augmentation=_waveform_augmentation(config) if config.augment else (),
        front_end=_front_end(config),
        feature_augmentation=_feature_augmentation(config) if config.augment else (),
        name="an4",
    )


def adapt(model: models.DeepSpeech2, batches: Iterable) -> None:
    """Sets the normalisation of a model for streams to mean and variance of a corpus.

    A model for whole clips normalises each by itself.
    """
    features, normalization = model.front_end
    masking = layers.LengthMasking()
    normalization.adapt(
        features(masking([inputs["waveforms"], inputs["lengths"]]))
        for inputs, _ in batches
    )


def _waveform_augmentation(config):
    speed = layers.Speed(config.speed, seed=config.seed)
    if not config.noise_share:
        return [speed]
    noise = layers.WhiteNoise(config.noise_snr_db, seed=config.seed + 1)
    return [speed, layers.RandomApply(noise, config.noise_share, seed=config.seed + 4)]


def _front_end(config):
    features = layers.LogMelSpectrogram(
        config.sampling_rate,
        frame_length=round(config.frame_seconds * config.sampling_rate),
        frame_step=round(config.frame_step_seconds * config.sampling_rate),
        num_mel_bins=config.num_mel_bins,
        min_freq=20.0,
        floor=1e-8,
        dtype="float32",
    )
    if config.streaming:
        return [features, layers.GlobalMeanVarianceNormalization(dtype="float32")]
    return [features, layers.MeanVarianceNormalization(dtype="float32")]


def _feature_augmentation(config):
    return [
        layers.FrequencyWarp(
            config.frequency_warp,
            sampling_rate=config.sampling_rate,
            min_freq=20.0,
            seed=config.seed + 2,
        ),
        layers.SpecAugment(
            max_frequency_width=config.max_frequency_width,
            num_frequency_masks=config.num_frequency_masks,
            max_time_width=config.max_time_width,
            num_time_masks=config.num_time_masks,
            max_time_share=0.2,
            seed=config.seed + 3,
        ),
    ]
