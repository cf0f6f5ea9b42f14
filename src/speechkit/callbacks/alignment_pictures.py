"""What the model hears in a few clips, as pictures."""

import os
from pathlib import Path
from typing import Any

import keras
import numpy as np

from speechkit import _checks, decoders, plots
from speechkit.callbacks import _clips
from speechkit.decoders._class_texts import class_texts


class AlignmentPictures(keras.callbacks.Callback):
    """Draws, after each epoch, when the model emits the labels of a few clips.

    Each picture has a spectrogram with the aligned labels, and below it their
    probabilities frame by frame: early in training the blank alone, later peaks. The
    files are `epoch_001_clip_1.png` and so on.

    Args:
        batch: `(inputs, labels)` of the clips to draw: inputs with `waveforms` and
            `lengths`, labels padded with −1, as `padded_batches` makes them.
        folder: Where the pictures go; made if it is missing.
        sampling_rate: Rate of the waveforms, in Hz.
        frame_step_seconds: Time between two frames that the model puts out, in seconds.
        vocabulary: Texts of the classes: a vocabulary of `speechkit.text`, or a
            sequence with a text for each class, the blank included.
        blank_index: Class of the blank; negative counts from the last class. `None`
            means that of the vocabulary, and 0 for a sequence.
        num_clips: How many clips of the batch are drawn.

    Raises:
        ValueError: If an argument is out of range, or labels do not fit into the frames
            of their clip.
        ImportError: When drawing, if matplotlib is missing.
    """

    def __init__(
        self,
        batch: tuple,
        folder: str | os.PathLike[str],
        *,
        sampling_rate: int,
        frame_step_seconds: float,
        vocabulary: Any,
        blank_index: int | None = None,
        num_clips: int = 1,
    ):
        super().__init__()
        self._inputs, self._labels = batch
        self._folder = Path(folder)
        self._frame_step_seconds = _checks.check_number(
            "frame_step_seconds", frame_step_seconds, above=True
        )
        # As every decoder reads a vocabulary.
        self._classes = class_texts(vocabulary, blank_index, None)
        self._num_clips = _checks.check_int("num_clips", num_clips)
        self._features = _clips.log_mel(sampling_rate)

    def on_epoch_end(self, epoch, logs=None):
        logits = self.model(self._inputs, training=False)
        aligned = decoders.ctc_align(
            self._labels,
            logits,
            frame_step_seconds=self._frame_step_seconds,
            blank_index=self._classes.blank,
        )
        probabilities = np.asarray(keras.ops.softmax(logits))
        for clip, alignment in enumerate(aligned[: self._num_clips]):
            figure = self._draw(clip, alignment, probabilities[clip])
            name = f"epoch_{epoch + 1:03d}_clip_{clip + 1}.png"
            plots.save(figure, self._folder / name)

    def _draw(self, clip, alignment, probabilities):
        waveform = _clips.waveform_of(self._inputs, clip)
        seconds = waveform.shape[1] / self._features.sampling_rate
        frames = max(1, round(seconds / self._frame_step_seconds))
        return plots.alignment(
            alignment.labels,
            probabilities[:frames],
            levels=np.asarray(self._features(waveform))[0],
            frame_step_seconds=self._frame_step_seconds,
            frame_step=self._features.frame_step,
            sampling_rate=self._features.sampling_rate,
            names=self._classes.texts,
            blank_index=self._classes.blank,
        )
