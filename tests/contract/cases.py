"""One case for each public layer: how to make it and what to feed it."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np

from speechkit import decoders, layers


@dataclasses.dataclass(frozen=True)
class Case:
    """A layer under contract.

    Attributes:
        make: Makes the layer; takes the `keras.layers.Layer` arguments.
        input_shape: Shape of one batch. Axis 1 is time and may be of any length.
        exports: Whether the layer is meant to run on a device.
        takes_lengths: Whether the input is a list of values and lengths.
        gives_labels: Whether the output is integers.
        keeps_time: Whether the output has a time axis.
        takes_energies: Whether the input is 0 or more.
    """

    make: Callable[..., keras.layers.Layer]
    input_shape: tuple[int, ...]
    exports: bool = True
    takes_lengths: bool = False
    gives_labels: bool = False
    keeps_time: bool = True
    takes_energies: bool = False

    def values(self, random, shape):
        """Returns noise of a shape that the layer takes."""
        values = random.normal(size=shape).astype("float32")
        return np.abs(values) if self.takes_energies else values


_WAVEFORMS = (2, 1600)
_FEATURES = (2, 24, 6)
_RATE = {"sampling_rate": 16000}


def case_of(layer_class, input_shape, *args, **options):
    return Case(lambda **kw: layer_class(*args, **kw), input_shape, **options)


def augmentation(layer_class, input_shape, *args, **options):
    """A layer that changes clips in training only, with a fixed seed."""
    return Case(
        lambda **kw: layer_class(*args, seed=1, **options, **kw),
        input_shape,
        exports=False,
    )


CASES = {
    layers.LengthMasking: case_of(layers.LengthMasking, _WAVEFORMS, takes_lengths=True),
    layers.Frame: case_of(layers.Frame, _WAVEFORMS, 400, 160),
    layers.LevelNormalization: case_of(layers.LevelNormalization, _WAVEFORMS),
    layers.PreEmphasis: case_of(layers.PreEmphasis, _WAVEFORMS),
    layers.Resample: case_of(layers.Resample, _WAVEFORMS, 441, 160),
    layers.Energy: case_of(layers.Energy, _WAVEFORMS, 400, 160),
    layers.STFT: case_of(layers.STFT, _WAVEFORMS, 400, 160),
    layers.Spectrogram: case_of(layers.Spectrogram, _WAVEFORMS, 400, 160),
    layers.LogSpectrogram: case_of(layers.LogSpectrogram, _WAVEFORMS, 400, 160),
    layers.InverseSTFT: Case(
        lambda **kw: layers.InverseSTFT(20, 8, padding="center", **kw),
        (2, 24, 17, 2),
    ),
    layers.MelSpectrogram: Case(
        lambda **kw: layers.MelSpectrogram(16000, num_mel_bins=20, **kw), _WAVEFORMS
    ),
    layers.LogMelSpectrogram: Case(
        lambda **kw: layers.LogMelSpectrogram(16000, num_mel_bins=20, **kw), _WAVEFORMS
    ),
    layers.MFCC: Case(
        lambda **kw: layers.MFCC.from_preset("kaldi", 16000, **kw), _WAVEFORMS
    ),
    layers.FilterBank: Case(
        lambda **kw: layers.FilterBank(8000, 5, filters="gammatone", **kw), (2, 24, 33)
    ),
    layers.PCEN: case_of(layers.PCEN, _FEATURES, takes_energies=True),
    # So loud that hardly anything is silence.
    layers.PCAN: Case(
        lambda **kw: layers.PCAN(offset=0.1, fft_length=2**16, **kw),
        _FEATURES,
        takes_energies=True,
    ),
    layers.Delta: Case(
        lambda **kw: layers.Delta(order=2, append=True, **kw), _FEATURES
    ),
    layers.StackFrames: case_of(layers.StackFrames, _FEATURES, 3, 2),
    layers.MeanVarianceNormalization: case_of(
        layers.MeanVarianceNormalization, _FEATURES
    ),
    layers.GlobalMeanVarianceNormalization: case_of(
        layers.GlobalMeanVarianceNormalization, _FEATURES
    ),
    layers.SlidingMeanVarianceNormalization: Case(
        lambda **kw: layers.SlidingMeanVarianceNormalization(
            9, 4, normalize_variance=True, **kw
        ),
        _FEATURES,
    ),
    layers.Speed: augmentation(layers.Speed, _WAVEFORMS),
    layers.Tempo: augmentation(layers.Tempo, _WAVEFORMS, **_RATE),
    layers.PitchShift: augmentation(layers.PitchShift, _WAVEFORMS, **_RATE),
    layers.TimeShift: augmentation(
        layers.TimeShift, _WAVEFORMS, (-0.02, 0.02), **_RATE
    ),
    layers.Gain: augmentation(layers.Gain, _WAVEFORMS),
    layers.RandomLevel: augmentation(layers.RandomLevel, _WAVEFORMS),
    layers.LowPass: augmentation(layers.LowPass, _WAVEFORMS, **_RATE),
    layers.HighPass: augmentation(layers.HighPass, _WAVEFORMS, **_RATE),
    layers.BandPass: augmentation(layers.BandPass, _WAVEFORMS, **_RATE),
    layers.Equalizer: augmentation(layers.Equalizer, _WAVEFORMS, **_RATE),
    layers.Flanger: augmentation(layers.Flanger, _WAVEFORMS, **_RATE),
    layers.Echos: augmentation(
        layers.Echos, _WAVEFORMS, (5.0, 20.0), num_echos=2, **_RATE
    ),
    layers.Reverb: augmentation(
        layers.Reverb,
        _WAVEFORMS,
        num_rooms=5,
        reverberation_seconds=(0.03, 0.06),
        **_RATE,
    ),
    layers.WhiteNoise: augmentation(layers.WhiteNoise, _WAVEFORMS),
    layers.BackgroundNoise: augmentation(
        layers.BackgroundNoise, _WAVEFORMS, [[0.5, -0.25, 0.125], [1.0, -1.0]], **_RATE
    ),
    layers.Clipping: augmentation(layers.Clipping, _WAVEFORMS),
    layers.BitCrush: augmentation(layers.BitCrush, _WAVEFORMS, (2, 24)),
    layers.MuLawCodec: augmentation(layers.MuLawCodec, _WAVEFORMS, 0.5),
    layers.Fade: augmentation(layers.Fade, _WAVEFORMS, **_RATE),
    layers.Silence: augmentation(layers.Silence, _WAVEFORMS, num_stretches=2, **_RATE),
    layers.RandomApply: Case(
        lambda **kw: layers.RandomApply(layers.Speed(seed=2), seed=1, **kw),
        _WAVEFORMS,
        exports=False,
    ),
    layers.RandomChoice: Case(
        lambda **kw: layers.RandomChoice(
            [layers.Speed(seed=2), layers.Gain(seed=3)], seed=1, **kw
        ),
        _WAVEFORMS,
        exports=False,
    ),
    layers.Compose: Case(
        lambda **kw: layers.Compose(
            [layers.Tempo(seed=1, **_RATE), layers.Gain(seed=2)], **kw
        ),
        _WAVEFORMS,
        exports=False,
    ),
    layers.ScheduledStrength: Case(
        lambda **kw: layers.ScheduledStrength(
            layers.PitchShift(seed=1, **_RATE),
            keras.optimizers.schedules.PolynomialDecay(0.5, 10, 1.0),
            **kw,
        ),
        _WAVEFORMS,
        exports=False,
    ),
    layers.FrequencyResponse: augmentation(layers.FrequencyResponse, _FEATURES),
    layers.FrequencyWarp: augmentation(layers.FrequencyWarp, _FEATURES, **_RATE),
    layers.SpecAugment: augmentation(
        layers.SpecAugment, _FEATURES, max_frequency_width=2, max_time_width=8
    ),
    layers.FrequencyMasking: augmentation(layers.FrequencyMasking, _FEATURES, 3, 2),
    layers.TimeMasking: augmentation(layers.TimeMasking, _FEATURES, 8, 2),
    layers.TimeWarp: augmentation(layers.TimeWarp, _FEATURES, 6),
    layers.ConvolutionBlock: Case(
        lambda **kw: layers.ConvolutionBlock(8, 5, strides=2, residual=True, **kw),
        _FEATURES,
    ),
    layers.ConvolutionFrontEnd: Case(
        lambda **kw: layers.ConvolutionFrontEnd(
            (3, 4), ((5, 3), (3, 3)), strides=((2, 2), (1, 2)), **kw
        ),
        _FEATURES,
    ),
    layers.DepthwiseSeparableBlock: Case(
        lambda **kw: layers.DepthwiseSeparableBlock(
            4, (5, 3), strides=2, channels=2, **kw
        ),
        _FEATURES,
    ),
    layers.TemporalResidualBlock: Case(
        lambda **kw: layers.TemporalResidualBlock(8, 5, strides=2, **kw), _FEATURES
    ),
    layers.SVDF: Case(lambda **kw: layers.SVDF(5, 4, rank=2, **kw), _FEATURES),
    layers.SelfConditioning: case_of(layers.SelfConditioning, _FEATURES, 5),
    layers.LookaheadConvolution: case_of(layers.LookaheadConvolution, _FEATURES, 3),
    # Both directions are two recurrences in each graph: one layer shows them.
    layers.BatchNormGRU: Case(
        lambda **kw: layers.BatchNormGRU(4, direction="bidirectional", **kw), _FEATURES
    ),
    layers.BatchNormLSTM: Case(
        lambda **kw: layers.BatchNormLSTM(4, direction="backward", **kw), _FEATURES
    ),
    layers.BatchNormSimpleRNN: Case(
        lambda **kw: layers.BatchNormSimpleRNN(4, direction="backward", **kw), _FEATURES
    ),
    layers.RecurrentStack: Case(
        lambda **kw: layers.RecurrentStack(4, num_layers=2, **kw), _FEATURES
    ),
    layers.StatisticsPooling: case_of(
        layers.StatisticsPooling, _FEATURES, keeps_time=False
    ),
    layers.LastFrame: case_of(layers.LastFrame, _FEATURES, keeps_time=False),
    layers.MultiHeadAttentionPooling: case_of(
        layers.MultiHeadAttentionPooling, _FEATURES, 2, keeps_time=False
    ),
    decoders.CTCGreedyDecoder: case_of(
        decoders.CTCGreedyDecoder, _FEATURES, [*"abcdef"], gives_labels=True
    ),
    decoders.CTCPrefixBeamSearch: case_of(
        decoders.CTCPrefixBeamSearch, _FEATURES, [*"abcdef"], gives_labels=True
    ),
}
