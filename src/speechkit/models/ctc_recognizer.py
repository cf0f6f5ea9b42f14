"""A recogniser of running speech, trained with CTC."""

from collections.abc import Sequence

import keras
from keras import ops

from speechkit import _checks
from speechkit.decoders.ctc_greedy_decoder import CTCGreedyDecoder
from speechkit.decoders.decoder import Decoder
from speechkit.layers.encoders.convolution_block import ConvolutionBlock
from speechkit.layers.encoders.recurrent_stack import RecurrentStack
from speechkit.layers.encoders.self_conditioning import SelfConditioning
from speechkit.layers.features.log_mel_spectrogram import LogMelSpectrogram
from speechkit.layers.features.mean_variance_normalization import (
    MeanVarianceNormalization,
)
from speechkit.losses._label_report import LabelReport
from speechkit.losses.ctc_loss import reported_loss
from speechkit.models import _dtypes, _mask_passing
from speechkit.models.waveform_model import WaveformModel
from speechkit.ops.time import masks
from speechkit.text.character_vocabulary import CharacterVocabulary
from speechkit.text.vocabulary import check_vocabulary

# Logit of every class but the blank in a padded frame: e^-30 is nothing.
_NEVER = -30.0


class _CTCLogits(keras.layers.Dense):
    """A dense layer in float32 that is certain of the blank in padded frames."""

    def __init__(self, num_classes, blank_index):
        super().__init__(num_classes, dtype="float32", autocast=False, name="logits")
        self._blank_index = blank_index
        self.supports_masking = True

    def call(self, inputs, training=None, mask=None):
        logits = super().call(ops.cast(inputs, "float32"))
        return _certain_of_padding(logits, mask, self._blank_index)

    def quantize(self, mode=None, **kwargs):
        # Keras leaves out subclasses, unless they say that they can.
        super().quantize(mode, **{**kwargs, "type_check": False})

    def quantized_call(self, inputs, training=None, mask=None):
        logits = super().quantized_call(inputs)
        return _certain_of_padding(logits, mask, self._blank_index)


@keras.saving.register_keras_serializable(package="speechkit")
class CTCRecognizer(WaveformModel):
    """Returns logits for characters and the CTC blank, from the waveform.

    Waveform augmentation, front end, feature augmentation, encoder and a dense layer,
    one after the other; the augmentation acts in training only. Train it with
    `CTCLoss`. Padded frames are certain to be blank, so what `predict` returns decodes
    to the same text without the mask.

    Where the encoder has a `SelfConditioning`, or several, the input may have labels
    for it, in training: their loss is added to that of the model, weighted as the layer
    says.

    Args:
        vocabulary: The characters; label 0 is the blank.
        sampling_rate: Samples per second of the waveforms, in hertz.
        waveform_augmentation: Layers from waveforms to waveforms.
        front_end: Layers from waveforms to features. `None` means 80 log-mel features
            of 25 ms each 10 ms, normalised within each clip.
        feature_augmentation: Layers from features to features.
        encoder: Layers from features to hidden states. `None` means a convolution block
            that halves the frames and a stack of recurrent layers.
        units: Size of a recurrent layer of the default encoder, in one direction.
        num_layers: Number of recurrent layers of the default encoder.
        dropout: Share of the states that are dropped in training, default encoder.
        **kwargs: Arguments of `keras.Model`, such as `name` and `dtype`, which is also
            that of the default encoder.

    Input shape:
        `(batch, samples)`, floating point from −1 to 1, where all samples are valid; or
        a dictionary of `waveforms`, `(batch, samples)`, and `lengths`, `(batch,)`; and
        in training perhaps of `intermediate_labels`, `(batch, labels)`, −1 after the
        last of a clip.

    Output shape:
        `(batch, frames, classes)`, with a frame each 20 ms by default.

    Raises:
        ValueError: When called, if there are `intermediate_labels`, but no
            `SelfConditioning` in the encoder.

    Example:
        >>> vocabulary = CharacterVocabulary(" abc")
        >>> model = CTCRecognizer(vocabulary, sampling_rate=16000, units=16)
        >>> keras.ops.shape(model(keras.ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 49, 5)
    """

    part_names: tuple[str, ...] = (
        "waveform_augmentation",
        "front_end",
        "feature_augmentation",
        "encoder",
    )
    input_keys = ("waveforms", "lengths", "intermediate_labels")

    def __init__(
        self,
        vocabulary: CharacterVocabulary,
        sampling_rate: int,
        *,
        waveform_augmentation: Sequence[keras.layers.Layer] = (),
        front_end: Sequence[keras.layers.Layer] | None = None,
        feature_augmentation: Sequence[keras.layers.Layer] = (),
        encoder: Sequence[keras.layers.Layer] | None = None,
        units: int = 128,
        num_layers: int = 2,
        dropout: float = 0.1,
        **kwargs,
    ):
        check_vocabulary(vocabulary)
        _checks.check_int("units", units)
        _checks.check_int("num_layers", num_layers)
        _checks.check_rate("dropout", dropout)
        if front_end is None:
            front_end = _default_front_end(sampling_rate)
        if encoder is None:
            encoder = _dtypes.in_dtype(
                _default_encoder(units, num_layers, dropout), kwargs.get("dtype")
            )
        super().__init__(
            sampling_rate,
            front_end=front_end,
            encoder=encoder,
            head=[_CTCLogits(vocabulary.num_classes, vocabulary.blank_index)],
            waveform_augmentation=waveform_augmentation,
            feature_augmentation=feature_augmentation,
            **kwargs,
        )
        self.vocabulary = vocabulary
        self.units = units
        self.num_layers = num_layers
        self.dropout = dropout
        self._label_report = LabelReport("intermediate_labels")

    def call(self, inputs, training=False):
        labels = None
        if training and isinstance(inputs, dict):
            labels = inputs.get("intermediate_labels")
        if labels is None:
            return super().call(inputs, training=training)
        logits, guesses = self._guess(inputs, training)
        if not guesses:
            raise ValueError(
                "`encoder` must have a SelfConditioning for intermediate labels. "
                f"Received: {[type(layer).__name__ for layer in self.encoder]}"
            )
        for layer, guess, mask in guesses:
            # A clip that is played fast may leave too few frames: not learned.
            losses = reported_loss(
                labels, guess, mask=mask, infeasible="zero", report=self._label_report
            )
            self.add_loss(layer.loss_weight * ops.mean(losses))
        return logits

    def with_guesses(self, inputs):
        """Returns the logits, and those of the guesses at intermediate labels.

        What was guessed in the middle tells apart texts that the end finds equally
        good: see `PhraseScorer`. Padded frames are certain to be blank, in the guesses,
        too, where the blank is class 0.

        Args:
            inputs: As in a call.

        Returns:
            `(batch, frames, classes)`, and for each `SelfConditioning` of the encoder
            `(batch, frames, num_classes)`.
        """
        logits, guesses = self._guess(inputs, training=False)
        return logits, [
            _certain_of_padding(guess, mask, blank_index=0)
            for _, guess, mask in guesses
        ]

    def transcribe(
        self, waveforms, lengths=None, *, decoder: Decoder | None = None
    ) -> list[str]:
        """Returns the text of each clip.

        Args:
            waveforms: `(batch, samples)`, or one clip `(samples,)`, at the sampling
                rate of the model: `audio.read(path, model.sampling_rate)`.
            lengths: `(batch,)`, in samples. `None` means that all is valid.
            decoder: Any decoder with the classes of the model. `None` means
                `CTCGreedyDecoder`.

        Returns:
            One text for each clip; an empty one where the decoder finds none.

        Raises:
            TypeError: If `waveforms` is no array.
            ValueError: If `waveforms` has another shape or holds integers, `lengths`
                are not integers within the clips, or the model puts out NaN, +inf, or
                −inf for all classes of a valid frame.
        """
        logits = self._predict(waveforms, lengths)
        if len(logits) == 0:
            return []
        return (decoder or CTCGreedyDecoder(self.vocabulary)).transcribe(logits)

    def export_metadata(self) -> dict:
        """Returns the sampling rate and the characters."""
        return {**super().export_metadata(), **self.vocabulary.get_config()}

    def _guess(self, inputs, training):
        """Returns the logits, and each `SelfConditioning` with its logits and mask."""
        values = self._masked_waveforms(inputs)
        guesses = []
        for step in self.network.steps():
            layer, mask = step[0], masks.get_mask(values)
            if isinstance(layer, SelfConditioning):
                guesses.append((layer, layer.logits(values, mask), mask))
            # Keras hands `training` on.
            values = _mask_passing.run_chain([step], values, mask, training)
        return values, guesses

    def get_config(self):
        config = {
            "vocabulary": keras.saving.serialize_keras_object(self.vocabulary),
            "units": self.units,
            "num_layers": self.num_layers,
            "dropout": self.dropout,
        }
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        vocabulary = config["vocabulary"]
        if isinstance(vocabulary, dict):
            vocabulary = keras.saving.deserialize_keras_object(vocabulary)
        return super().from_config({**config, "vocabulary": vocabulary}, custom_objects)


def _certain_of_padding(logits, mask, blank_index):
    """Returns the logits, with nothing but the blank where frames are padding."""
    if mask is None:
        return logits
    is_blank = ops.arange(logits.shape[-1]) == blank_index
    return ops.where(mask[:, :, None], logits, ops.where(is_blank, 0.0, _NEVER))


def _default_front_end(sampling_rate):
    features = LogMelSpectrogram(
        sampling_rate,
        num_mel_bins=80,
        min_freq=20.0,
        floor=1e-8,
        dtype="float32",
        name="log_mel_spectrogram",
    )
    return [features, MeanVarianceNormalization(dtype="float32")]


def _default_encoder(units, num_layers, dropout):
    return [
        ConvolutionBlock(2 * units, kernel_size=11, strides=2, name="convolution"),
        RecurrentStack(
            units,
            num_layers,
            direction="bidirectional",
            dropout=dropout,
            name="recurrence",
        ),
    ]
