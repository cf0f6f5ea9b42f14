"""The base class of models: from waveforms and lengths through a chain of layers."""

from collections.abc import Callable, Sequence

import keras
import numpy as np

from speechkit import _checks
from speechkit.layers.features.length_masking import LengthMasking
from speechkit.models import (
    _each_frame,
    _half_precision,
    _inputs,
    _mask_passing,
    _quantization,
)


class _Network(keras.Sequential):
    """A chain of layers, all of which know the valid frames."""

    def __init__(self, layers, **kwargs):
        _mask_passing.let_masks_pass(layers[1:])  # the first is the input
        _each_frame.let_all_frames_pass(layers[1:])
        _half_precision.let_weights_be_drawn(layers[1:])
        super().__init__(layers, **kwargs)
        # Under mixed precision a waveform must not be cut to 11 bits on its way in.
        self.autocast = False
        self._passing = [_mask_passing.passing_of(layer) for layer in self.layers]

    def steps(self):
        """Returns pairs of a layer and the function that calls it with a mask."""
        return list(zip(self.layers, self._passing, strict=True))

    def call(self, inputs, training=None, mask=None):
        if mask is None and inputs.shape[0] != 0:
            return super().call(inputs, training=training)
        return _mask_passing.run_chain(self.steps(), inputs, mask, training)

    def compute_mask(self, inputs, previous_mask):
        return None


@keras.saving.register_keras_serializable(package="speechkit")
class WaveformModel(keras.Model):
    """Augments waveforms, computes features, augments these and encodes them.

    The parts are lists of layers, which run one after the other; augmentation acts in
    training only. The whole chain is a `keras.Sequential`, the attribute `network`,
    which takes waveforms alone. The model is built when it is made.

    A subclass makes some of the parts itself and takes the others as arguments; it
    lists those that it takes in `part_names`, for `get_config`. The keys that a
    dictionary of inputs may have are in `input_keys`; a subclass may add some.

    Args:
        sampling_rate: Samples per second of the waveforms, in hertz.
        front_end: Layers from waveforms to features.
        encoder: Layers from features to hidden states.
        head: Layers from hidden states to the output.
        waveform_augmentation: Layers from waveforms to waveforms.
        feature_augmentation: Layers from features to features.
        **kwargs: Arguments of `keras.Model`, such as `name` and `dtype`.

    Input shape:
        `(batch, samples)`, floating point from −1 to 1, where all samples are valid; or
        a dictionary of `waveforms`, `(batch, samples)`, and `lengths`, `(batch,)`,
        integers from 0 to the samples. In a graph, which cannot refuse others, less
        than 0 counts as 0 and more than the samples as all of them.

    Output shape:
        That of the last layer. With lengths, it carries the mask of its valid frames,
        which are those of each clip alone.

    Raises:
        ValueError: If `sampling_rate` is not an integer of 1 or more; when called, if
            a dictionary has other keys, waveforms are integers, `lengths` are not
            integers, one for each clip and within it, or, with lengths, a layer leaves
            frames of which nobody knows whether they are valid.

    Example:
        >>> from speechkit import layers
        >>> features = layers.LogMelSpectrogram(sampling_rate=16000, num_mel_bins=40)
        >>> model = WaveformModel(
        ...     16000,
        ...     front_end=[features],
        ...     encoder=[layers.BatchNormGRU(64)],
        ...     head=[layers.LastFrame(), keras.layers.Dense(1, "sigmoid")],
        ... )
        >>> keras.ops.shape(model(keras.ops.ones((8, 16000))))  # 1 s at 16 kHz
        (8, 1)
    """

    part_names: tuple[str, ...] = (
        "waveform_augmentation",
        "front_end",
        "feature_augmentation",
        "encoder",
        "head",
    )
    input_keys: tuple[str, ...] = ("waveforms", "lengths")

    def __init__(
        self,
        sampling_rate: int,
        *,
        front_end: Sequence[keras.layers.Layer],
        encoder: Sequence[keras.layers.Layer],
        head: Sequence[keras.layers.Layer],
        waveform_augmentation: Sequence[keras.layers.Layer] = (),
        feature_augmentation: Sequence[keras.layers.Layer] = (),
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        parts = (waveform_augmentation, front_end, feature_augmentation, encoder, head)
        names = WaveformModel.part_names
        self._parts = {
            name: _inputs.check_layers(name, part)
            for name, part in zip(names, parts, strict=True)
        }
        layers = [layer for part in self._parts.values() for layer in part]
        self.network = _chain(self.name, layers)
        # Samples of a frame of features.
        frames = (getattr(x, "frame_length", 1) for x in self._parts["front_end"])
        self._shortest = max(frames)
        self._length_masking = LengthMasking(dtype="float32", name="length_masking")
        self._length_masking.build([(None, None), (None,)])
        self.built = True

    @property
    def waveform_augmentation(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from waveforms to waveforms."""
        return tuple(self._parts["waveform_augmentation"])

    @property
    def front_end(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from waveforms to features, for use in another model."""
        return tuple(self._parts["front_end"])

    @property
    def feature_augmentation(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from features to features."""
        return tuple(self._parts["feature_augmentation"])

    @property
    def encoder(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from features to hidden states, for use in another model."""
        return tuple(self._parts["encoder"])

    @property
    def head(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from hidden states to the output."""
        return tuple(self._parts["head"])

    @property
    def layers(self) -> list[keras.layers.Layer]:
        """The layers of all parts, in the order in which they run."""
        return self.network.layers

    def build(self, input_shape):
        # The layers were built with their network, whatever the batch looks like.
        self.built = True

    def call(self, inputs, training=False):
        return self.network(self._masked_waveforms(inputs), training=training)

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["waveforms"]
        elif isinstance(input_shape[0], tuple | list):
            input_shape = input_shape[0]
        return self.network.compute_output_shape(input_shape)

    def export_metadata(self) -> dict:
        """Returns the facts that `speechkit.export` writes into a file."""
        return {"sampling_rate": self.sampling_rate}

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ):
        """Prints the layers, as `keras.Model.summary` does."""
        self.network.summary(
            line_length, positions, print_fn, expand_nested, show_trainable, layer_range
        )

    def export(
        self,
        filepath,
        format="tf_saved_model",
        verbose=None,
        input_signature=None,
        **kwargs,
    ):
        """Writes a file for serving, as `keras.Model.export` does.

        The file takes waveforms alone, all of whose samples are valid: one entry in
        `input_signature`. Without it they may have any length, and come in batches of
        any size; one by one with `format="litert"`, where recurrent layers know no
        batches. In ONNX, which has no FFT, spectra are products with a matrix.

        The functions of `speechkit.export` write files that also hold the sampling rate
        and the labels, and compare each file with the model.
        """
        if input_signature is not None:
            _inputs.check_signature(input_signature)
        network = self.network
        if format == "onnx":
            network = _chain(self.name, [_without_fft(x) for x in network.layers])
        if input_signature is None and format in ("litert", "onnx"):
            shape = (1 if format == "litert" else None, None)
            input_signature = [keras.InputSpec("float32", shape, name="waveforms")]
        if input_signature is not None:  # Keras 3.7 knows no signature
            kwargs["input_signature"] = input_signature
        network.export(filepath, format, verbose, **kwargs)

    def get_config(self):
        parts = {
            name: [keras.saving.serialize_keras_object(x) for x in getattr(self, name)]
            for name in self.part_names
        }
        config = {"sampling_rate": self.sampling_rate, **parts}
        quantized = _quantization.quantized_layers(self.network)
        if quantized:  # `from_config` takes it, not the constructor
            config["quantized_layers"] = quantized
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        revived = {
            name: [_revive(layer, custom_objects) for layer in config[name]]
            for name in cls.part_names
            if name in config
        }
        config = {**config, **revived}
        quantized = config.pop("quantized_layers", [])
        model = cls(**config)
        _quantization.quantize_layers(model.network, quantized)
        return model

    def _masked_waveforms(self, inputs):
        """Returns the waveforms of an input, with the mask of its lengths if any."""
        waveforms, lengths = _inputs.unpack(inputs, self.input_keys)
        waveforms, lengths = _inputs.with_a_frame(waveforms, lengths, self._shortest)
        if lengths is None:
            return waveforms
        return self._length_masking([waveforms, lengths])

    def _predict(self, waveforms, lengths):
        """Returns the output for arrays, padded clip by clip if there are lengths."""
        # Less than a frame has no features: silence behind it makes one.
        clips, num_samples = _inputs.clips_of(waveforms, self._shortest)
        inputs = {"waveforms": clips}
        if lengths is not None:
            inputs["lengths"] = _inputs.lengths_of(lengths, len(clips), num_samples)
        if len(clips) == 0:  # Keras predicts nothing then
            return np.zeros(self.compute_output_shape(clips.shape), "float32")
        return self.predict(inputs, verbose=0)


def _chain(name, layers):
    """Returns a network of layers that takes waveforms of any length."""
    waveforms = keras.Input((None,), dtype="float32", name="waveforms")
    return _Network([waveforms, *layers], name=name)


def _without_fft(layer):
    """Returns a layer, or its like that computes spectra as products with a matrix."""
    if getattr(layer, "transform", None) != "fft":
        return layer
    return type(layer).from_config({**layer.get_config(), "transform": "matrix"})


def _revive(layer, custom_objects):
    if not isinstance(layer, dict):
        return layer
    return keras.saving.deserialize_keras_object(layer, custom_objects)
