"""Sounds, spectrograms and texts for TensorBoard."""

import os

import keras
import numpy as np
import tensorflow as tf

from speechkit import _checks
from speechkit._optional import import_optional
from speechkit.callbacks import _clips
from speechkit.decoders import Decoder


class SpeechSummaries(keras.callbacks.Callback):
    """Writes a few clips to TensorBoard: how they sound and look, and what is heard.

    Sounds, log-mel spectrograms and references are written once, hypotheses after each
    epoch. Losses and metrics are what `keras.callbacks.TensorBoard` writes; both may
    write below the same folder.

    Args:
        batch: `(inputs, labels)` of the clips: inputs with `waveforms` and `lengths`,
            labels padded with −1, as `padded_batches` makes them.
        folder: Where the summaries go.
        decoder: Any `Decoder`; it turns the labels into references, too.
        sampling_rate: Rate of the waveforms, in Hz.
        num_clips: How many clips of the batch are written.

    Raises:
        ImportError: If tensorboard is not installed: `pip install
            'tensorboard>=2.17'`.
        ValueError: If `sampling_rate` or `num_clips` is no integer of 1 or more, or the
            model puts out a number that is not finite.
    """

    def __init__(
        self,
        batch: tuple,
        folder: str | os.PathLike[str],
        *,
        decoder: Decoder,
        sampling_rate: int,
        num_clips: int = 3,
    ):
        super().__init__()
        import_optional("tensorboard", "tensorboard", "SpeechSummaries")
        self._inputs, labels = batch
        self._references = [decoder.text_of(row) for row in np.asarray(labels)]
        self._decoder = decoder
        self._folder = os.fspath(folder)
        self._features = _clips.log_mel(sampling_rate)
        self._num_clips = _checks.check_int("num_clips", num_clips)
        self._writer: tf.summary.SummaryWriter = None

    def on_train_begin(self, logs=None):
        self._writer = tf.summary.create_file_writer(self._folder)
        with self._writer.as_default(step=0):
            for clip, text in enumerate(self._references[: self._num_clips], start=1):
                tf.summary.text(f"clip {clip}/reference", text)
                self._write_sound(clip)

    def on_epoch_end(self, epoch, logs=None):
        # Called rather than predicted: outputs keep their mask.
        texts = self._decoder.transcribe(self.model(self._inputs, training=False))
        with self._writer.as_default(step=epoch + 1):
            for clip, text in enumerate(texts[: self._num_clips], start=1):
                tf.summary.text(f"clip {clip}/hypothesis", text)
        self._writer.flush()

    def on_train_end(self, logs=None):
        self._writer.close()

    def _write_sound(self, clip):
        waveform = _clips.waveform_of(self._inputs, clip - 1)
        rate = self._features.sampling_rate
        tf.summary.audio(f"clip {clip}/sound", waveform[:, :, None], rate)
        levels = np.asarray(self._features(waveform))[0].T[::-1]
        span = max(float(np.ptp(levels)), 1e-6)
        picture = (levels - levels.min()) / span
        tf.summary.image(f"clip {clip}/spectrogram", picture[None, :, :, None])
