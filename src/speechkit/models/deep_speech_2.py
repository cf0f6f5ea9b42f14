"""DeepSpeech2: convolutions, recurrences that are normalised inside, and CTC."""

import functools
from collections.abc import Sequence
from typing import Any, Self

import keras

from speechkit import _checks
from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.lookahead_convolution import LookaheadConvolution
from speechkit.layers.encoders.recurrent_stack import RecurrentStack
from speechkit.layers.encoders.self_conditioning import SelfConditioning
from speechkit.layers.features.log_spectrogram import LogSpectrogram
from speechkit.layers.features.mean_variance_normalization import (
    MeanVarianceNormalization,
)
from speechkit.layers.features.stack_frames import StackFrames
from speechkit.models import _dtypes
from speechkit.models.ctc_recognizer import CTCRecognizer
from speechkit.text.character_vocabulary import CharacterVocabulary

# Each convolution as in the paper, but frames before frequencies.
_FILTERS = (32, 32, 96)
_KERNEL_SIZES = ((11, 41), (11, 21), (11, 21))
_STRIDES = ((2, 2), (1, 2), (1, 2))

_PRESETS: dict[str, dict[str, Any]] = {
    "small": {"num_convolutions": 2, "num_layers": 3, "units": 256},
    "medium": {"num_convolutions": 2, "num_layers": 5, "units": 512},
    "paper": {
        "num_convolutions": 3,
        "num_layers": 7,
        "units": 1760,
        "cell": "simple_rnn",
    },
}


@keras.saving.register_keras_serializable(package="speechkit")
class DeepSpeech2(CTCRecognizer):
    """Returns logits for characters and the CTC blank, as DeepSpeech2 does.

    A `CTCRecognizer` whose encoder is that of the paper: one to three convolutions over
    time and frequency, one to seven recurrent layers with batch normalisation of their
    inputs over the whole batch, a lookahead convolution if they run forward only, and a
    dense layer. A frame of the output is two frames of the features.

    Without a convolution the recurrent layers get neighbouring frames of the features
    side by side, and a frame of the output is `num_stacked_frames` of them: not in the
    paper, but several times faster to train.

    Args:
        vocabulary: The characters; label 0 is the blank.
        sampling_rate: Samples per second of the waveforms, in hertz.
        num_convolutions: Number of convolutions, from 0 to 3.
        num_layers: Number of recurrent layers, from 1 on; the paper has up to 7.
        units: Size of the state of one recurrent layer in one direction, and of the
            dense layer.
        cell: `"gru"`, `"lstm"` or `"simple_rnn"`, with the clipped rectifier.
        direction: `"bidirectional"`, or `"forward"` for streams.
        merge_mode: How the states of two directions are merged: `"sum"`, as in the
            paper, or `"concat"`.
        normalization: `"batch"` or `None`, for all layers.
        lookahead: Frames of the output that the lookahead convolution sees ahead, with
            `direction="forward"`; 0 for none.
        dropout: Share of the input of each recurrent layer but the first, and of the
            layer behind them, that is dropped in training.
        num_stacked_frames: How many frames are joined where there is no convolution.
        intermediate_classes: Number of classes of intermediate labels, such as phones,
            with the blank: after two thirds of the recurrent layers, of two at least,
            comes a `SelfConditioning`. `None` means none, as in the paper.
        num_guesses: How often these labels are guessed, if there are any: 1, or 2 to
            have another `SelfConditioning` after the last recurrent layer.
        dense: Whether there is the dense layer before that of the logits.
        **kwargs: Arguments of `CTCRecognizer`, such as `front_end` and the
            augmentation, and of `keras.Model`, such as `name` and `dtype`, which is
            also that of the encoder.

    Input shape:
        `(batch, samples)`, floating point from −1 to 1, where all samples are valid; or
        a dictionary of `waveforms`, `(batch, samples)`, and `lengths`, `(batch,)`.

    Output shape:
        `(batch, frames, classes)`, with a frame each 20 ms by default.

    Raises:
        ValueError: If an argument is out of range.

    Example:
        >>> vocabulary = CharacterVocabulary(" abc")
        >>> model = DeepSpeech2.from_preset("small", vocabulary, sampling_rate=16000)
        >>> keras.ops.shape(model(keras.ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 49, 5)

    References:
        Amodei et al., Deep Speech 2: End-to-End Speech Recognition in English and
        Mandarin, 2015. https://arxiv.org/abs/1512.02595
    """

    part_names: tuple[str, ...] = (
        "waveform_augmentation",
        "front_end",
        "feature_augmentation",
    )

    def __init__(
        self,
        vocabulary: CharacterVocabulary,
        sampling_rate: int,
        *,
        num_convolutions: int = 2,
        num_layers: int = 5,
        units: int = 512,
        cell: str = "gru",
        direction: str = "bidirectional",
        merge_mode: str = "sum",
        normalization: str | None = "batch",
        lookahead: int = 20,
        dropout: float = 0.1,
        num_stacked_frames: int = 3,
        intermediate_classes: int | None = None,
        num_guesses: int = 1,
        dense: bool = True,
        **kwargs,
    ):
        _checks.check_choice("num_convolutions", num_convolutions, (0, 1, 2, 3))
        lookahead = _checks.check_int("lookahead", lookahead, minimum=0)
        num_stacked_frames = _checks.check_int("num_stacked_frames", num_stacked_frames)
        _checks.check_choice("num_guesses", num_guesses, (1, 2))
        _checks.check_bool("dense", dense)
        if intermediate_classes is not None:
            intermediate_classes = _checks.check_int(
                "intermediate_classes", intermediate_classes, 2
            )
        least = 1 if intermediate_classes is None else 2
        num_layers = _checks.check_int("num_layers", num_layers, minimum=least)
        stack = functools.partial(
            RecurrentStack,
            units,
            cell=cell,
            direction=direction,
            normalization=normalization,
            dropout=dropout,
            merge_mode=merge_mode,
        )
        first: keras.layers.Layer = StackFrames(num_stacked_frames, name="stack_frames")
        if num_convolutions:
            first = _convolutions(num_convolutions, normalization)
        encoder = [first, *_recurrences(stack, num_layers, intermediate_classes)]
        if intermediate_classes is not None and num_guesses == 2:
            encoder.append(SelfConditioning(intermediate_classes, name="last_guess"))
        if direction == "forward" and lookahead:
            encoder.append(LookaheadConvolution(lookahead, name="lookahead"))
        encoder.append(keras.layers.Dropout(dropout, name="dropout"))
        if dense:
            encoder.append(
                ConvolutionBlock(units, 1, normalization=normalization, name="dense")
            )
        super().__init__(
            vocabulary,
            sampling_rate,
            encoder=_dtypes.in_dtype(encoder, kwargs.get("dtype")),
            units=units,
            num_layers=num_layers,
            dropout=dropout,
            **kwargs,
        )
        self.num_convolutions = num_convolutions
        self.cell = cell
        self.direction = direction
        self.merge_mode = merge_mode
        self.normalization = normalization
        self.lookahead = lookahead
        self.num_stacked_frames = num_stacked_frames
        self.intermediate_classes = intermediate_classes
        self.num_guesses = num_guesses
        self.dense = dense

    @classmethod
    def from_preset(
        cls,
        preset: str,
        vocabulary: CharacterVocabulary,
        *,
        sampling_rate: int,
        num_layers: int | None = None,
        units: int | None = None,
        direction: str = "bidirectional",
        lookahead: int = 20,
        waveform_augmentation: Sequence[keras.layers.Layer] = (),
        front_end: Sequence[keras.layers.Layer] | None = None,
        feature_augmentation: Sequence[keras.layers.Layer] = (),
        dropout: float = 0.1,
        name: str | None = None,
        dtype: str | keras.DTypePolicy | None = None,
    ) -> Self:
        """Returns a model of a size with a name, which has learned nothing yet.

        `"small"` has 2 convolutions and 3 bidirectional layers of 256 gated recurrent
        units, for a corpus of hours; `"medium"` 5 layers of 512; `"paper"` 3
        convolutions and 7 layers of 1760 simple units with the clipped rectifier, as
        the largest of the paper, and its front end: log spectra of 20 ms each 10 ms.

        Args:
            preset: `"small"`, `"medium"` or `"paper"`.
            vocabulary: The characters; label 0 is the blank.
            sampling_rate: Samples per second of the waveforms, in hertz.
            num_layers: Number of recurrent layers. `None` means that of the preset.
            units: Size of a layer. `None` means that of the preset.
            direction: `"bidirectional"`, or `"forward"` for streams.
            lookahead: Frames of the output that are seen ahead, with
                `direction="forward"`.
            waveform_augmentation: Layers from waveforms to waveforms.
            front_end: Layers from waveforms to features. `None` means those of the
                preset.
            feature_augmentation: Layers from features to features.
            dropout: Share of the states that are dropped in training.
            name: Name of the model.
            dtype: Type or policy of the model, as of `keras.Model`.

        Raises:
            ValueError: If `preset` is none of these, or an argument is out of range.
        """
        _checks.check_choice("preset", preset, _PRESETS)
        if preset == "paper" and front_end is None:
            front_end = _spectra(sampling_rate)
        sizes = dict(_PRESETS[preset])
        for key, value in (("num_layers", num_layers), ("units", units)):
            if value is not None:
                sizes[key] = value
        return cls(
            vocabulary,
            sampling_rate,
            **sizes,
            direction=direction,
            lookahead=lookahead,
            waveform_augmentation=waveform_augmentation,
            front_end=front_end,
            feature_augmentation=feature_augmentation,
            dropout=dropout,
            name=name,
            dtype=dtype,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "num_convolutions": self.num_convolutions,
            "cell": self.cell,
            "direction": self.direction,
            "merge_mode": self.merge_mode,
            "normalization": self.normalization,
            "lookahead": self.lookahead,
            "num_stacked_frames": self.num_stacked_frames,
            "intermediate_classes": self.intermediate_classes,
            "num_guesses": self.num_guesses,
            "dense": self.dense,
        }


def _spectra(sampling_rate):
    _checks.check_int("sampling_rate", sampling_rate)
    frame_length = round(0.020 * sampling_rate)
    # A matrix, because devices have no FFT of such a length.
    spectra = LogSpectrogram(
        frame_length,
        round(0.010 * sampling_rate),
        fft_length=frame_length,
        window="hamming",
        transform="matrix",
        dtype="float32",
        name="log_spectrogram",
    )
    return [spectra, MeanVarianceNormalization(dtype="float32", name="normalization")]


def _recurrences(stack, num_layers, intermediate_classes):
    """Returns one stack, or two with a guess at intermediate labels between them."""
    if intermediate_classes is None:
        return [stack(num_layers, name="recurrence")]
    below = round(num_layers * 2 / 3)
    upper = stack(num_layers - below, name="upper_recurrence")
    return [
        stack(below, name="recurrence"),
        SelfConditioning(intermediate_classes, name="intermediate"),
        keras.layers.Dropout(upper.dropout, name="intermediate_dropout"),
        upper,
    ]


def _convolutions(count, normalization):
    return ConvolutionFrontEnd(
        _FILTERS[:count],
        _KERNEL_SIZES[:count],
        strides=_STRIDES[:count],
        normalization=normalization,
        name="convolutions",
    )
