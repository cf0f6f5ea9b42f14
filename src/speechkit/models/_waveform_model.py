"""What the models share: the way from waveforms and lengths into the layers."""

from collections.abc import Sequence

import keras
import numpy as np

from speechkit import _checks
from speechkit.layers.features.length_masking import LengthMasking
from speechkit.layers.features.log_mel_spectrogram import LogMelSpectrogram


class _Network(keras.Sequential):
    """A chain of layers whose mask ends where a layer ends it."""

    def __init__(self, layers, **kwargs):
        super().__init__(layers, **kwargs)
        # Under mixed precision a waveform must not be cut to 11 bits on its way in.
        self.autocast = False

    def compute_mask(self, inputs, previous_mask):
        return None


class WaveformModel(keras.Model):
    """Augments waveforms, computes features, augments these and encodes them.

    A subclass hands over these parts and its own last layers; the whole chain is a
    `keras.Sequential`, the attribute `network`, which takes waveforms alone.
    """

    part_names: tuple[str, ...] = (
        "waveform_augmentation",
        "front_end",
        "feature_augmentation",
        "encoder",
    )

    def __init__(self, sampling_rate: int, parts: dict[str, Sequence], head, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self._parts = {name: list(parts[name]) for name in self.part_names}
        waveforms = keras.Input((None,), dtype="float32", name="waveforms")
        layers = [layer for part in self._parts.values() for layer in part]
        self.network = _Network([waveforms, *layers, *head], name=self.name)
        self._length_masking = LengthMasking(dtype="float32", name="length_masking")
        self.built = True

    @property
    def front_end(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from waveforms to features, for use in another model."""
        return tuple(self._parts["front_end"])

    @property
    def encoder(self) -> tuple[keras.layers.Layer, ...]:
        """The layers from features to hidden states, for use in another model."""
        return tuple(self._parts["encoder"])

    def build(self, input_shape):
        # The layers were built with their network, whatever the batch looks like.
        self.built = True

    def call(self, inputs, training=False):
        return self.network(self._masked_waveforms(inputs), training=training)

    def _masked_waveforms(self, inputs):
        """Returns the waveforms of an input, with the mask of its lengths if any."""
        waveforms, lengths = _waveforms_and_lengths(inputs)
        if lengths is None:
            return waveforms
        return self._length_masking([waveforms, lengths])

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["waveforms"]
        elif isinstance(input_shape[0], tuple | list):
            input_shape = input_shape[0]
        return self.network.compute_output_shape(input_shape)

    def summary(self, *args, **kwargs):
        return self.network.summary(*args, **kwargs)

    def get_config(self):
        parts = {
            name: [keras.saving.serialize_keras_object(layer) for layer in layers]
            for name, layers in self._parts.items()
        }
        config = {"sampling_rate": self.sampling_rate, **parts}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        revived = {
            name: [_revive(layer, custom_objects) for layer in config[name]]
            for name in cls.part_names
            if name in config
        }
        return cls(**{**config, **revived})

    def _predict(self, waveforms, lengths):
        """Returns the output for arrays, padded clip by clip if there are lengths."""
        waveforms = np.asarray(waveforms)
        _check_float(waveforms.dtype)
        # Less than a frame has no features: silence behind it makes one.
        shortest = max(getattr(x, "frame_length", 1) for x in self._parts["front_end"])
        missing = max(0, shortest - waveforms.shape[1])
        waveforms = np.pad(waveforms.astype("float32"), [(0, 0), (0, missing)])
        inputs = {"waveforms": waveforms}
        if lengths is not None:
            inputs["lengths"] = np.asarray(lengths, dtype="int32")
        return self.predict(inputs, verbose=0)


def log_mel(
    sampling_rate: int,
    num_mel_bins: int,
    floor: float,
    frame_length: int | None = None,
) -> LogMelSpectrogram:
    """Returns the features of the default front ends: 25 ms every 10 ms."""
    return LogMelSpectrogram(
        sampling_rate,
        frame_length=frame_length,
        num_mel_bins=num_mel_bins,
        min_freq=20.0,
        floor=floor,
        dtype="float32",
        name="log_mel_spectrogram",
    )


def _revive(layer, custom_objects):
    if not isinstance(layer, dict):
        return layer
    return keras.saving.deserialize_keras_object(layer, custom_objects)


def _waveforms_and_lengths(inputs):
    """Returns the waveforms and the lengths, `None` for none, of a model's input."""
    waveforms, lengths = inputs, None
    if isinstance(inputs, dict):
        waveforms, lengths = inputs["waveforms"], inputs.get("lengths")
    elif isinstance(inputs, tuple | list):
        waveforms, lengths = inputs
    _check_float(waveforms.dtype)
    return waveforms, lengths


def _check_float(dtype):
    if not keras.backend.is_float_dtype(dtype):
        raise ValueError(
            "`waveforms` must hold floating-point samples from -1 to 1. "
            f"Received: dtype={keras.backend.standardize_dtype(dtype)}"
        )
