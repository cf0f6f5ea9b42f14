"""References and hypotheses after each epoch, and the error rate."""

from collections.abc import Callable, Iterable

import keras
import numpy as np

from speechkit import _checks, metrics
from speechkit.callbacks import _clips


class DecodingReport(keras.callbacks.Callback):
    """Decodes clips after each epoch, shows some of them, and logs the error rate.

    The rate joins what the epoch has logged, so `keras.callbacks.EarlyStopping` and
    `ModelCheckpoint` can monitor it if they come later in the list of callbacks. Unlike
    a metric in `compile`, it may use any decoder: beam search with a language model on
    the host, for instance.

    Args:
        batches: Batches of `(inputs, labels)`, such as `padded_batches` makes. Each
            epoch goes through all of them.
        vocabulary: Turns labels into texts: its `decode_batch` is called.
        decoder: Turns what the model puts out into labels, `(batch, labels)` padded
            with −1, or into a list of texts.
        unit: What is counted, as in `speechkit.metrics.align`.
        num_shown: How many clips are shown, each with its reference and hypothesis.
        name: What the rate is called in the logs.
        write: Takes the lines that are shown.

    Raises:
        ValueError: If there is no such unit, `num_shown` is no integer of 0 or more, or
            the batches hold no clip.
    """

    def __init__(
        self,
        batches: Iterable,
        vocabulary,
        decoder: Callable,
        *,
        unit: str = "words",
        num_shown: int = 3,
        name: str = "val_wer",
        write: Callable[[str], object] = print,
    ):
        super().__init__()
        self.unit = _checks.check_choice("unit", unit, ("words", "characters", "mixed"))
        self.num_shown = _checks.check_int("num_shown", num_shown, minimum=0)
        self.name = name
        self._batches = batches
        self._vocabulary = vocabulary
        self._decoder = decoder
        self._write = write

    def on_epoch_end(self, epoch, logs=None):
        said, heard = self._decode()
        if not said:
            raise ValueError("`batches` must hold at least one clip. Received: none")
        score = metrics.score(said, heard, unit=self.unit)
        if logs is not None:
            logs[self.name] = score.error_rate
        self._write(f"epoch {epoch + 1}: {self.name} {score.error_rate:.1%}")
        for utterance in score.utterances[: self.num_shown]:
            self._write(metrics.alignment_to_text(utterance.alignment))

    def _decode(self):
        said, heard = [], []
        for inputs, labels in self._batches:
            heard += _clips.texts_of(
                self.model, inputs, self._decoder, self._vocabulary
            )
            said += self._vocabulary.decode_batch(np.asarray(labels))
        return said, heard
