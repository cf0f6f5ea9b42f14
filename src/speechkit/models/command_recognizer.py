"""A recogniser of commands: one of a closed set of phrases, or none of them."""

import math
from collections.abc import Sequence
from typing import Self

import keras

from speechkit import _checks
from speechkit.decoders.command_decoder import Command, CommandDecoder
from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.convolution_front_end import ConvolutionFrontEnd
from speechkit.layers.encoders.statistics_pooling import StatisticsPooling
from speechkit.layers.features.level_normalization import LevelNormalization
from speechkit.layers.features.log_mel_spectrogram import LogMelSpectrogram
from speechkit.layers.features.pre_emphasis import PreEmphasis
from speechkit.models import _dtypes, _inputs
from speechkit.models._keyword_spotting.presets import recipe_of
from speechkit.models.waveform_model import WaveformModel

# Above it, the default front end raises a spectrum by 6 dB per octave.
_EMPHASIS_HERTZ = 450


@keras.saving.register_keras_serializable(package="speechkit")
class CommandRecognizer(WaveformModel):
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
        **kwargs: Arguments of `keras.Model`, such as `name` and `dtype`, which is also
            that of the layers that the model makes. Front end and probabilities stay in
            float32.

    Input shape:
        `(batch, samples)`, floating point from −1 to 1, where all samples are valid; or
        a dictionary of `waveforms`, `(batch, samples)`, and `lengths`, `(batch,)`.

    Output shape:
        `(batch, labels)`.

    Raises:
        ValueError: If there are fewer than two labels, or one twice, or `threshold` is
            not from 0 to 1.

    Example:
        >>> model = CommandRecognizer(["on", "off"], sampling_rate=16000)
        >>> keras.ops.shape(model(keras.ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 2)
    """

    part_names: tuple[str, ...] = (
        "waveform_augmentation",
        "front_end",
        "feature_augmentation",
        "encoder",
        "pooling",
    )

    def __init__(
        self,
        labels: Sequence[str],
        sampling_rate: int,
        *,
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
        dtype = kwargs.get("dtype")
        if encoder is None:
            encoder = _default_encoder(dtype)
        if pooling is None:
            pooling = [StatisticsPooling(name="pooling", dtype=dtype)]
        pooling = _inputs.check_layers("pooling", pooling)
        labels = _check_labels(labels)
        last_layers = [
            keras.layers.Dropout(
                _checks.check_rate("dropout", dropout), dtype=dtype, name="dropout"
            ),
            keras.layers.Dense(len(labels), dtype=dtype, name="logits"),
            keras.layers.Softmax(dtype="float32", name="probabilities"),
        ]
        super().__init__(
            sampling_rate,
            front_end=front_end,
            encoder=encoder,
            head=[*pooling, *last_layers],
            waveform_augmentation=waveform_augmentation,
            feature_augmentation=feature_augmentation,
            **kwargs,
        )
        self.labels = labels
        self.threshold = _checks.check_probability("threshold", threshold)
        self.dropout = dropout
        self._num_last_layers = len(last_layers)

    @classmethod
    def from_preset(
        cls,
        preset: str,
        labels: Sequence[str],
        *,
        sampling_rate: int,
        width: float = 1.0,
        threshold: float = 0.0,
        waveform_augmentation: Sequence[keras.layers.Layer] = (),
        front_end: Sequence[keras.layers.Layer] | None = None,
        feature_augmentation: Sequence[keras.layers.Layer] = (),
        dropout: float | None = None,
        name: str | None = None,
        dtype: str | keras.DTypePolicy | None = None,
    ) -> Self:
        """Returns a network of a paper by its name, which has learned nothing yet.

        Weights that are trained, and millions of multiply–adds for 1 s at 16 kHz, with
        12 labels (`"audionet"`: 24):

        ===================  =======  =====  =========================================
        preset               weights  M      network
        ===================  =======  =====  =========================================
        dnn                  443 148   20.0  dense layers
        cnn                  607 308  237.6  causal convolutions
        crnn                 468 060   22.5  causal convolutions, GRU
        gru                  594 236   24.8  GRU
        lstm                 525 012   25.4  LSTM
        svdf                 354 444   17.1  causal filters of rank 1, for streams
        ds_cnn               485 712   66.3  depthwise-separable convolutions
        ds_cnn_small          23 180    2.7  the same, of 64 filters
        ds_cnn_medium        136 580    9.8  the same, of 172 filters
        ds_cnn_large         413 736   28.3  the same, of 276 filters
        tc_resnet            364 464   13.5  residual convolutions over time
        tc_resnet8            65 180    1.5  the same, three blocks
        tc_resnet14          135 868    3.0  the same, six blocks
        mhatt_rnn            743 526   20.5  bidirectional GRU, attention
        audionet             511 480   24.8  convolutions, bidirectional LSTM
        ===================  =======  =====  =========================================

        The sizes are those of Rybakov et al. but for `"audionet"`, which a student
        project built for Mandarin commands, and those that end in a size or a number:
        they are as Zhang et al. and Choi et al. published them.

        Args:
            preset: Name of the network.
            labels: The commands, in the order of the classes.
            sampling_rate: Samples per second of the waveforms, in hertz.
            width: Multiplies the number of filters of `"tc_resnet"`, `"tc_resnet8"` and
                `"tc_resnet14"`; the paper has 1.0 and 1.5. The others have one size.
            threshold: Least probability at which `recognize` understands a clip.
            waveform_augmentation: Layers from waveforms to waveforms.
            front_end: Layers from waveforms to features. `None` means those of the
                preset.
            feature_augmentation: Layers from features to features.
            dropout: Share of the pooled states that are dropped in training. `None`
                means that of the preset.
            name: Name of the model. `None` means that of the preset.
            dtype: Dtype or dtype policy of the model and of its layers but for the
                front end and the probabilities, which stay in float32.

        Raises:
            ValueError: If there is no such preset, an argument is out of range, or
                `width` is not 1 for a network of one size.

        Example:
            >>> model = CommandRecognizer.from_preset(
            ...     "tc_resnet8", ["on", "off"], sampling_rate=16000, width=1.5
            ... )
            >>> keras.ops.shape(model(keras.ops.ones((8, 16000))))
            (8, 2)

        References:
            Rybakov et al., Streaming Keyword Spotting on Mobile Devices, 2020.
            https://arxiv.org/abs/2005.06720

            Zhang et al., Hello Edge: Keyword Spotting on Microcontrollers, 2017.
            https://arxiv.org/abs/1711.07128

            Choi et al., Temporal Convolution for Real-time Keyword Spotting on Mobile
            Devices, 2019. https://arxiv.org/abs/1904.03814
        """
        recipe = recipe_of(preset, sampling_rate, width)
        return cls(
            labels,
            sampling_rate,
            threshold=threshold,
            waveform_augmentation=waveform_augmentation,
            front_end=recipe.front_end if front_end is None else front_end,
            feature_augmentation=feature_augmentation,
            encoder=_dtypes.in_dtype(recipe.encoder, dtype),
            pooling=_dtypes.in_dtype(recipe.pooling, dtype),
            dropout=recipe.dropout if dropout is None else dropout,
            name=preset if name is None else name,
            dtype=dtype,
        )

    def recognize(self, waveforms, lengths=None) -> list[Command]:
        """Returns the command in each clip.

        Args:
            waveforms: `(batch, samples)`, or one clip `(samples,)`, at the sampling
                rate of the model: `audio.read(path, model.sampling_rate)`.
            lengths: `(batch,)`, in samples. `None` means that all is valid.

        Returns:
            One `Command` for each clip.

        Raises:
            TypeError: If `waveforms` is no array.
            ValueError: If `waveforms` has another shape or holds integers, or
                `lengths` are not integers within the clips.
        """
        probabilities = self._predict(waveforms, lengths)
        return self.decoder(probabilities) if len(probabilities) else []

    @property
    def pooling(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from hidden states to one vector, for use in another model."""
        return self.head[: -self._num_last_layers]

    @property
    def decoder(self) -> CommandDecoder:
        """The rule from probabilities to commands."""
        return CommandDecoder(self.labels, self.threshold)

    def export_metadata(self) -> dict:
        """Returns the sampling rate, the labels and the threshold."""
        return {**super().export_metadata(), **self.decoder.get_config()}

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
    features = LogMelSpectrogram(
        sampling_rate,
        frame_length=round(0.032 * sampling_rate),
        num_mel_bins=40,
        min_freq=20.0,
        floor=0.003,
        dtype="float32",
        name="log_mel_spectrogram",
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


def _default_encoder(dtype):
    layers = [
        ConvolutionFrontEnd(name="convolutions"),
        ConvolutionBlock(128, kernel_size=3, dropout=0.2, name="block_1"),
        ConvolutionBlock(
            128, kernel_size=5, residual=True, dropout=0.2, name="block_2"
        ),
    ]
    return _dtypes.in_dtype(layers, dtype)


def _check_labels(labels):
    labels = [labels] if isinstance(labels, str) else labels
    labels = _checks.check_texts("labels", labels)
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise ValueError(
            f"`labels` must be two or more different texts. Received: labels={labels}"
        )
    return labels
