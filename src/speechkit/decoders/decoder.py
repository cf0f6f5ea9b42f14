"""What all decoders share: logits to labels, labels to text."""

import abc
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.decoders import _describing, _inputs
from speechkit.decoders._class_texts import class_texts
from speechkit.decoders.hypothesis import Hypothesis
from speechkit.ops.time import masks

if keras.backend.backend() == "tensorflow":
    from speechkit.decoders._host_call_tensorflow import call_host
elif keras.backend.backend() == "jax":
    from speechkit.decoders._host_call_jax import call_host
else:
    from speechkit.decoders._host_call import call_host


class Decoder(keras.layers.Layer, abc.ABC):
    """Turns the logits of a CTC model into labels, and labels into text.

    A call gives the labels of each clip at the start of its row and −1 after them, in
    eager mode, in graphs and in `fit`. `decode` gives hypotheses with text, scores and
    times, and works on the host.

    Frames outside of the mask count as blanks, wherever they are. A class whose logit
    is −inf has the probability 0 in that frame. Frames without a softmax, with NaN,
    +inf, or −inf for every class, count as blanks in a call, so that a model that
    diverges does not end the training; `decode` raises an error for them.

    A subclass has `hypotheses`. A call then asks it, by one call of the host for each
    batch, which XLA cannot compile. A subclass that can search in a graph has `best`,
    too, and the class attribute `in_graph = True`.

    Args:
        vocabulary: A vocabulary of `speechkit.text`, or the text of each class in
            order, of which the text of the blank does not matter.
        blank_index: Class of the blank; negative counts from the last class. `None`
            means that of the vocabulary, which is 0 for plain texts.
        word_delimiter: Text of the class between words. `None` means that there is
            none.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        logits: `(batch, frames, classes)`: logits or log probabilities.
        mask: Boolean `(batch, frames)`: true for valid frames. `None` means the mask
            that the logits carry, if any; else all frames are valid.

    Input shape:
        `(batch, frames, classes)`.

    Output shape:
        `(batch, frames)` integers.

    Raises:
        ValueError: If two classes have the same text, the blank is no class, or the
            logits have another number of classes.
    """

    in_graph = False

    def __init__(
        self,
        vocabulary: Any,
        *,
        blank_index: int | None = None,
        word_delimiter: str | None = " ",
        **kwargs,
    ):
        super().__init__(autocast=False, **kwargs)
        self._classes = class_texts(vocabulary, blank_index, word_delimiter)
        is_list = self._classes.vocabulary is None
        self.vocabulary = tuple(vocabulary) if is_list else vocabulary
        self.blank_index = self._classes.blank
        self.word_delimiter = word_delimiter
        self.supports_jit = self.in_graph
        self.input_spec = keras.layers.InputSpec(ndim=3)

    @property
    def space_label(self) -> int | None:
        """Label of the class between words; `None` if there is none."""
        delimiter = self._classes.delimiter
        return None if delimiter < 0 else delimiter

    def build(self, input_shape):
        self._check_classes(input_shape)
        self.built = True

    def call(self, logits, mask=None):
        # `build` sees the first call alone.
        self._check_classes(logits.shape)
        mask = masks.check_mask(mask, logits)
        labels, _ = self.best(_inputs.silenced(logits, mask, self.blank_index), mask)
        return labels

    def compute_mask(self, inputs, previous_mask):
        return None

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[:-1])

    def compute_output_spec(self, logits, mask=None):
        self._check_classes(logits.shape)
        shape = self.compute_output_shape(logits.shape)
        return keras.KerasTensor(shape, dtype="int32")

    def best(self, logits, mask=None):
        """Returns the best labels of each clip and their score, in a graph, too.

        Args:
            logits: `(batch, frames, classes)` float32, each frame with a softmax; the
                frames outside of the mask are blanks.
            mask: As in a call; a tensor or `None`.

        Returns:
            `(batch, frames)` int32, −1 after the last label; and `(batch,)` float32.
        """
        if mask is None:
            mask = ops.ones_like(logits[:, :, 0], dtype="bool")
        return call_host(self._best_on_host, logits, mask)

    @abc.abstractmethod
    def hypotheses(
        self, log_probs: np.ndarray, num_hypotheses: int
    ) -> list[Hypothesis]:
        """Returns the best readings of one clip, best first; none if nothing fits.

        A call and `decode` drop readings without a probability: those whose score is
        −inf, or holds the −1e30 that stands for it in `log_probs`. They raise an error
        if a score is NaN, or if there are more labels than frames.

        Args:
            log_probs: `(frames, classes)` log probabilities in float32; −1e30 for −inf.
            num_hypotheses: How many at most.
        """

    def decode(
        self, logits, logit_lengths=None, *, num_hypotheses: int = 1
    ) -> list[list[Hypothesis]]:
        """Returns the best readings of each clip, best first.

        Args:
            logits: `(batch, frames, classes)`: logits or log probabilities.
            logit_lengths: `(batch,)` integers: valid frames of each clip. `None` means
                the mask that the logits carry, if any; else all frames are valid.
            num_hypotheses: How many for a clip, at most.

        Raises:
            ValueError: If shapes or lengths do not match, or a valid frame has no
                softmax.
        """
        _checks.check_int("num_hypotheses", num_hypotheses)
        clips = self._clips(logits, logit_lengths)
        return self._readings(clips, num_hypotheses)

    def transcribe(self, logits, logit_lengths=None) -> list[str]:
        """Returns the best text of each clip; an empty one if nothing fits.

        Args:
            logits: As in `decode`.
            logit_lengths: As in `decode`.

        Raises:
            ValueError: As in `decode`.
        """
        found = self.decode(logits, logit_lengths)
        return [readings[0].text if readings else "" for readings in found]

    def text_of(self, labels: Sequence[int]) -> str:
        """Returns the text of the labels of one clip, up to the first −1.

        Raises:
            ValueError: If one of them is no class.
        """
        labels = [int(label) for label in labels]
        labels = labels[: labels.index(-1)] if -1 in labels else labels
        num_classes = len(self._classes.texts)
        if not all(0 <= label < num_classes for label in labels):
            raise ValueError(
                f"`labels` must be from 0 to {num_classes - 1}, up to the first −1. "
                f"Received: labels={labels}"
            )
        return self._classes.text_of(labels)

    def get_config(self):
        vocabulary = self.vocabulary
        if self._classes.vocabulary is not None:
            vocabulary = keras.saving.serialize_keras_object(vocabulary)
        return {
            **super().get_config(),
            "vocabulary": vocabulary,
            "blank_index": self.blank_index,
            "word_delimiter": self.word_delimiter,
        }

    @classmethod
    def from_config(cls, config):
        vocabulary = config["vocabulary"]
        if isinstance(vocabulary, dict):
            vocabulary = keras.saving.deserialize_keras_object(vocabulary)
        return cls(**{**config, "vocabulary": vocabulary})

    def _check_classes(self, shape):
        num_classes = len(self._classes.texts)
        if shape[-1] != num_classes:
            raise ValueError(
                f"`logits` must have {num_classes} classes, those of the vocabulary. "
                f"Received shape: {tuple(shape)}"
            )

    def _decode(self, clips, num_hypotheses):
        """Returns the best readings of clips of log probabilities."""
        return [self.hypotheses(clip, num_hypotheses) for clip in clips]

    def _clips(self, logits, logit_lengths):
        """Returns the log probabilities of each clip up to its last valid frame."""
        return _inputs.clips_of(
            logits,
            logit_lengths,
            num_classes=len(self._classes.texts),
            blank_index=self.blank_index,
        )

    def _readings(self, clips, num_hypotheses):
        """Returns the readings that have a probability, for a call and for `decode`."""
        found = self._decode(clips, num_hypotheses)
        for place, (clip, readings) in enumerate(zip(clips, found, strict=True)):
            longest = max((len(reading.labels) for reading in readings), default=0)
            if longest > len(clip):
                raise ValueError(
                    f"`{type(self).__name__}` found {longest} labels in clip {place} "
                    f"of {len(clip)} frames; a frame has one label at most."
                )
        return [_describing.possible(readings) for readings in found]

    def _best_on_host(self, logits, mask):
        """Returns `best` for arrays."""
        mask = np.asarray(mask)
        # As `mask_ends`, but without operations of the back end in a call of the host.
        ends = (mask * np.arange(1, mask.shape[1] + 1)).max(axis=1, initial=0)
        clips = zip(np.asarray(logits), ends, strict=True)
        found = self._readings([_inputs.log_softmax(x[:end]) for x, end in clips], 1)
        labels = np.full(np.shape(mask), -1, "int32")
        scores = np.full(len(found), -np.inf, "float32")
        for place, readings in enumerate(found):
            for reading in readings[:1]:
                labels[place, : len(reading.labels)] = reading.labels
                scores[place] = reading.score
        return labels, scores
