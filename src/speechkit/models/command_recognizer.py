"""A recogniser of commands: one of a closed set of phrases, or none of them."""

import math
from collections.abc import Sequence

import keras

from speechkit import _checks
from speechkit.decoders.command_decoder import Command, CommandDecoder
from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.layers.features.level_normalization import LevelNormalization
from speechkit.layers.features.pre_emphasis import PreEmphasis
from speechkit.models import _waveform_model

# Above it, the default front end raises a spectrum by 6 dB per octave.
_EMPHASIS_HERTZ = 450


@keras.saving.register_keras_serializable(package="speechkit")
class CommandRecognizer(_waveform_model.WaveformModel):
    """Returns the probability of each command of a closed set, from the waveform.

    Waveform augmentation, front end, feature augmentation, encoder, pooling over time
    and softmax, one after the other; the augmentation acts in training only. The front
    end is part of the model, so a saved model needs nothing but samples.

    Args:
        labels: The commands, in the order of the classes.
        sampling_rate: Samples per second of the waveforms, in hertz.
        threshold: Least probability at which `recognize` understands a clip. It can be
            set later, as the attribute of the same name.
        waveform_augmentation: Layers from waveforms to waveforms.
        front_end: Layers from waveforms to features. `None` means 40 log-mel features
            of 32 ms each 10 ms, after pre-emphasis and at one level for all clips.
        feature_augmentation: Layers from features to features.
        encoder: Layers from features to hidden states. `None` means a
            `ConvolutionFrontEnd` and two blocks of `ConvolutionBlock`.
        pooling: Layers from hidden states to one vector for each clip. `None` means
            `StatisticsPooling`.
        dropout: Share of the pooled states that are dropped in training.
        **kwargs: Arguments of `keras.Model`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`, floating point from −1 to 1, where all samples are valid; or
        a dictionary of `waveforms`, `(batch, samples)`, and `lengths`, `(batch,)`.

    Output shape:
        `(batch, labels)`.

    Raises:
        ValueError: If there are fewer than two labels, or one twice, or `threshold` is
            not from 0 to 1.

    Example:
        >>> model = CommandRecognizer(["on", "off"])
        >>> keras.ops.shape(model(keras.ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)
    """

    part_names = (*_waveform_model.WaveformModel.part_names, "pooling")

    def __init__(
        self,
        labels: Sequence[str],
        sampling_rate: int = 16000,
        threshold: float = 0.0,
        waveform_augmentation: Sequence[keras.layers.Layer] = (),
        front_end: Sequence[keras.layers.Layer] | None = None,
        feature_augmentation: Sequence[keras.layers.Layer] = (),
        encoder: Sequence[keras.layers.Layer] | None = None,
        pooling: Sequence[keras.layers.Layer] | None = None,
        dropout: float = 0.3,
        **kwargs,
    ):
        if front_end is None:
            front_end = _default_front_end(sampling_rate)
        parts = {
            "waveform_augmentation": waveform_augmentation,
            "front_end": front_end,
            "feature_augmentation": feature_augmentation,
            "encoder": _default_encoder() if encoder is None else encoder,
            "pooling": [StatisticsPooling(name="pooling")]
            if pooling is None
            else pooling,
        }
        labels = _check_labels(labels)
        head = [
            keras.layers.Dropout(
                _checks.check_rate("dropout", dropout), name="dropout"
            ),
            keras.layers.Dense(len(labels), name="logits"),
            keras.layers.Softmax(dtype="float32", name="probabilities"),
        ]
        super().__init__(sampling_rate, parts, head, **kwargs)
        self.labels = labels
        self.threshold = _checks.check_probability("threshold", threshold)
        self.dropout = dropout

    def recognize(self, waveforms, lengths=None) -> list[Command]:
        """Returns what was understood in each clip.

        Args:
            waveforms: `(batch, samples)`.
            lengths: `(batch,)`, in samples. `None` means that all is valid.

        Returns:
            One `Command` for each clip.
        """
        return self.decoder(self._predict(waveforms, lengths))

    @property
    def pooling(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from hidden states to one vector, for use in another model."""
        return tuple(self._parts["pooling"])

    @property
    def decoder(self) -> CommandDecoder:
        """The rule from probabilities to commands."""
        return CommandDecoder(self.labels, self.threshold)

    def export_metadata(self) -> dict:
        """Returns what an exported file has to know besides the weights."""
        return {"sampling_rate": self.sampling_rate, **self.decoder.get_config()}

    def get_config(self):
        config = {
            "labels": list(self.labels),
            "threshold": self.threshold,
            "dropout": self.dropout,
        }
        return {**super().get_config(), **config}


def _default_front_end(sampling_rate):
    _checks.check_int("sampling_rate", sampling_rate)
    # Some 45 dB below the mean of the clip: what lies deeper is the room. Frames are a
    # little longer than usual, which told digits of unseen speakers better.
    features = _waveform_model.log_mel(
        sampling_rate,
        num_mel_bins=40,
        floor=0.003,
        frame_length=round(0.032 * sampling_rate),
    )
    # From about −5 … 5 to a standard deviation near 1, so that zero is ordinary.
    scaling = keras.layers.Rescaling(1 / 3, 2 / 3, dtype="float32", name="scaling")
    # Vowels are far louder than the consonants that tell commands apart: without
    # pre-emphasis these would drown under the floor. It begins above the murmur of
    # nasals, which is soft as well, and would drown with the usual 0.97.
    coefficient = math.exp(-2 * math.pi * _EMPHASIS_HERTZ / sampling_rate)
    return [
        PreEmphasis(coefficient, dtype="float32", name="pre_emphasis"),
        LevelNormalization(dtype="float32", name="level_normalization"),
        features,
        scaling,
    ]


def _default_encoder():
    return [
        ConvolutionFrontEnd(name="convolutions"),
        ConvolutionBlock(128, kernel_size=3, dropout=0.2, name="block_1"),
        ConvolutionBlock(128, 5, residual=True, dropout=0.2, name="block_2"),
    ]


def _check_labels(labels):
    labels = (labels,) if isinstance(labels, str) else tuple(labels)
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise ValueError(
            f"`labels` must be two or more different texts. Received: labels={labels}"
        )
    return labels
