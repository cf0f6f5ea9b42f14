"""Layers that take a waveform to hidden states, in the order of the data."""

from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.layers.augmentation.background_noise import BackgroundNoise
from speechkit.layers.augmentation.band_pass import BandPass
from speechkit.layers.augmentation.bit_crush import BitCrush
from speechkit.layers.augmentation.clipping import Clipping
from speechkit.layers.augmentation.compose import Compose
from speechkit.layers.augmentation.echos import Echos
from speechkit.layers.augmentation.equalizer import Equalizer
from speechkit.layers.augmentation.fade import Fade
from speechkit.layers.augmentation.flanger import Flanger
from speechkit.layers.augmentation.frequency_masking import FrequencyMasking
from speechkit.layers.augmentation.frequency_response import FrequencyResponse
from speechkit.layers.augmentation.frequency_warp import FrequencyWarp
from speechkit.layers.augmentation.gain import Gain
from speechkit.layers.augmentation.high_pass import HighPass
from speechkit.layers.augmentation.low_pass import LowPass
from speechkit.layers.augmentation.mu_law_codec import MuLawCodec
from speechkit.layers.augmentation.pitch_shift import PitchShift
from speechkit.layers.augmentation.random_apply import RandomApply
from speechkit.layers.augmentation.random_choice import RandomChoice
from speechkit.layers.augmentation.random_level import RandomLevel
from speechkit.layers.augmentation.reverb import Reverb
from speechkit.layers.augmentation.scheduled_strength import ScheduledStrength
from speechkit.layers.augmentation.silence import Silence
from speechkit.layers.augmentation.spec_augment import SpecAugment
from speechkit.layers.augmentation.speed import Speed
from speechkit.layers.augmentation.tempo import Tempo
from speechkit.layers.augmentation.time_masking import TimeMasking
from speechkit.layers.augmentation.time_shift import TimeShift
from speechkit.layers.augmentation.time_warp import TimeWarp
from speechkit.layers.augmentation.white_noise import WhiteNoise
from speechkit.layers.encoders.batch_norm_gru import BatchNormGRU
from speechkit.layers.encoders.batch_norm_lstm import BatchNormLSTM
from speechkit.layers.encoders.batch_norm_simple_rnn import BatchNormSimpleRNN
from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.depthwise_separable_block import DepthwiseSeparableBlock
from speechkit.layers.encoders.fold_batch_normalization import fold_batch_normalization
from speechkit.layers.encoders.last_frame import LastFrame
from speechkit.layers.encoders.lookahead_convolution import LookaheadConvolution
from speechkit.layers.encoders.multi_head_attention_pooling import (
    MultiHeadAttentionPooling,
)
from speechkit.layers.encoders.recurrent_stack import RecurrentStack
from speechkit.layers.encoders.self_conditioning import SelfConditioning
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.layers.encoders.svdf import SVDF
from speechkit.layers.encoders.temporal_residual_block import TemporalResidualBlock
from speechkit.layers.features.delta import Delta
from speechkit.layers.features.energy import Energy
from speechkit.layers.features.filter_bank import FilterBank
from speechkit.layers.features.frame import Frame
from speechkit.layers.features.global_mean_variance_normalization import (
    GlobalMeanVarianceNormalization,
)
from speechkit.layers.features.inverse_stft import InverseSTFT
from speechkit.layers.features.length_masking import LengthMasking
from speechkit.layers.features.level_normalization import LevelNormalization
from speechkit.layers.features.log_mel_spectrogram import LogMelSpectrogram
from speechkit.layers.features.log_spectrogram import LogSpectrogram
from speechkit.layers.features.mean_variance_normalization import (
    MeanVarianceNormalization,
)
from speechkit.layers.features.mel_spectrogram import MelSpectrogram
from speechkit.layers.features.mfcc import MFCC
from speechkit.layers.features.pcan import PCAN
from speechkit.layers.features.pcen import PCEN
from speechkit.layers.features.pre_emphasis import PreEmphasis
from speechkit.layers.features.resample import Resample
from speechkit.layers.features.sliding_mean_variance_normalization import (
    SlidingMeanVarianceNormalization,
)
from speechkit.layers.features.spectrogram import Spectrogram
from speechkit.layers.features.stack_frames import StackFrames
from speechkit.layers.features.stft import STFT
from speechkit.layers.multiply_adds import multiply_adds
from speechkit.layers.streaming_layer import StreamingLayer

__all__ = [
    "MFCC",
    "PCAN",
    "PCEN",
    "STFT",
    "SVDF",
    "AugmentationLayer",
    "BackgroundNoise",
    "BandPass",
    "BatchNormGRU",
    "BatchNormLSTM",
    "BatchNormSimpleRNN",
    "BitCrush",
    "Clipping",
    "Compose",
    "ConvolutionBlock",
    "ConvolutionFrontEnd",
    "Delta",
    "DepthwiseSeparableBlock",
    "Echos",
    "Energy",
    "Equalizer",
    "Fade",
    "FilterBank",
    "Flanger",
    "Frame",
    "FrequencyMasking",
    "FrequencyResponse",
    "FrequencyWarp",
    "Gain",
    "GlobalMeanVarianceNormalization",
    "HighPass",
    "InverseSTFT",
    "LastFrame",
    "LengthMasking",
    "LevelNormalization",
    "LogMelSpectrogram",
    "LogSpectrogram",
    "LookaheadConvolution",
    "LowPass",
    "MeanVarianceNormalization",
    "MelSpectrogram",
    "MuLawCodec",
    "MultiHeadAttentionPooling",
    "PitchShift",
    "PreEmphasis",
    "RandomApply",
    "RandomChoice",
    "RandomLevel",
    "RecurrentStack",
    "Resample",
    "Reverb",
    "ScheduledStrength",
    "SelfConditioning",
    "Silence",
    "SlidingMeanVarianceNormalization",
    "SpecAugment",
    "Spectrogram",
    "Speed",
    "StackFrames",
    "StatisticsPooling",
    "StreamingLayer",
    "Tempo",
    "TemporalResidualBlock",
    "TimeMasking",
    "TimeShift",
    "TimeWarp",
    "WhiteNoise",
    "fold_batch_normalization",
    "multiply_adds",
]
