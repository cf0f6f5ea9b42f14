"""References and hypotheses after each epoch, and the error rate."""

from collections.abc import Callable, Iterable

import keras
import numpy as np

from speechkit import _checks, metrics
from speechkit.decoders import Decoder


class DecodingReport(keras.callbacks.Callback):
    """Decodes clips after each epoch, shows some of them, and logs the error rate.

    The rate joins what the epoch has logged, so `keras.callbacks.EarlyStopping` and
    `ModelCheckpoint` can monitor it if they come later in the list of callbacks. Of
    each clip the best text of `Decoder.decode` counts, so a beam search with a language
    model works at its full width.

    Args:
        batches: Batches of `(inputs, labels)`, such as `padded_batches` makes. Each
            epoch goes through all of them.
        decoder: Any `Decoder`; it turns the labels into references, too.
        unit: What is counted, as in `speechkit.metrics.align`.
        num_shown: How many clips are shown, each with its reference and hypothesis.
        name: What the rate is called in the logs.
        write: Takes the lines that are shown.

    Raises:
        ValueError: If there is no such unit, `num_shown` is no integer of 0 or more,
            the batches hold no clip, or the model puts out a number that is not finite.
    """

    def __init__(
        self,
        batches: Iterable,
        decoder: Decoder,
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
        self._decoder = decoder
        self._write = write

    def on_epoch_end(self, epoch, logs=None):
        references, hypotheses = self._decode()
        if not references:
            raise ValueError("`batches` must hold at least one clip. Received: none")
        score = metrics.score(references, hypotheses, unit=self.unit)
        if logs is not None:
            logs[self.name] = score.error_rate
        self._write(f"epoch {epoch + 1}: {self.name} {score.error_rate:.1%}")
        for utterance in score.utterances[: self.num_shown]:
            self._write(metrics.alignment_to_text(utterance.alignment))

    def _decode(self):
        references: list[str] = []
        hypotheses: list[str] = []
        for inputs, labels in self._batches:
            # Called rather than predicted: outputs keep their mask.
            logits = self.model(inputs, training=False)
            hypotheses += self._decoder.transcribe(logits)
            references += map(self._decoder.text_of, np.asarray(labels))
        return references, hypotheses
