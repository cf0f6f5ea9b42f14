"""From logits to one phrase of a closed set, by the likelihood of each."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.decoders import _inputs
from speechkit.decoders.command_decoder import Command
from speechkit.ops.ctc import dispatch as ctc
from speechkit.text import _spelling
from speechkit.text.vocabulary import check_vocabulary

# Copies of logits to hold at once: 64 MB in float32.
_MAX_NUMBERS = 2**24


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class PhraseScorer:
    """Takes the phrase that a recogniser with CTC finds most probable, if it is enough.

    The probability of a phrase is exact: the sum over all of its alignments. It is the
    share of the phrase among all texts there are, not only among the phrases, so other
    speech scores low on every phrase and can be rejected.

    It is no `Decoder`: it answers with a `Command` from a closed set, not with labels.

    Attributes:
        vocabulary: Turns a phrase into labels, and knows the `blank_index` and
            `num_classes`; such as `CharacterVocabulary`.
        phrases: The phrases, in the order of the scores.
        threshold: Least probability at which a clip counts as understood.

    Raises:
        ValueError: If `phrases` is empty, a phrase is not in the characters of the
            vocabulary or `threshold` is not from 0 to 1.

    Example:
        >>> from speechkit.text import CharacterVocabulary
        >>> scorer = PhraseScorer(CharacterVocabulary("fno"), ("on", "off"))
        >>> scorer(9.0 * ops.one_hot(ops.array([[0, 3, 3, 2, 0]]), 4))[0].label
        'on'
    """

    vocabulary: Any
    phrases: Sequence[str]
    _: dataclasses.KW_ONLY
    threshold: float = 0.0
    _labels: np.ndarray = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self):
        check_vocabulary(self.vocabulary)
        phrases = _checks.check_texts("phrases", self.phrases)
        if not phrases:
            raise ValueError(
                "`phrases` must be a list of at least one text. "
                f"Received: phrases={self.phrases!r}"
            )
        object.__setattr__(self, "phrases", phrases)
        threshold = _checks.check_probability("threshold", self.threshold)
        object.__setattr__(self, "threshold", threshold)
        _spelling.check_spelled("phrases", self.phrases, self._spells, self._lacks)
        rows = [self.vocabulary.encode(phrase) for phrase in self.phrases]
        labels = np.full((len(rows), max(map(len, rows))), -1, dtype="int32")
        for place, row in enumerate(rows):
            labels[place, : len(row)] = row
        object.__setattr__(self, "_labels", labels)

    def __call__(self, logits, logit_lengths=None) -> list[Command]:
        """Returns one command for each clip.

        Args:
            logits: `(batch, frames, classes)`, before softmax.
            logit_lengths: `(batch,)` integers: valid frames of each clip. `None` means
                the mask that `logits` carry, if any; else all frames are valid.

        Raises:
            ValueError: If shapes or lengths do not match, or a valid frame has no
                softmax.
        """
        scores = self.log_probabilities(logits, logit_lengths)
        return [self._decide(row) for row in scores]

    def log_probabilities(self, logits, logit_lengths=None) -> np.ndarray:
        """Returns `(batch, phrases)`: logarithms of the exact probabilities.

        Minus infinity where a clip has fewer frames than the phrase needs.

        Args:
            logits: As in a call.
            logit_lengths: As in a call.

        Raises:
            ValueError: As a call does.
        """
        logits, frames = _inputs.valid_frames(
            logits,
            logit_lengths,
            blank_index=self.vocabulary.blank_index,
            num_classes=self.vocabulary.num_classes,
        )
        numbers = len(self.phrases) * int(np.prod(logits.shape[1:]))
        size = max(1, _MAX_NUMBERS // max(1, numbers))
        scores = [
            self._score(logits[start : start + size], frames[start : start + size])
            for start in range(0, len(frames), size)
        ]
        return np.concatenate([np.zeros((0, len(self.phrases))), *scores])

    def _lacks(self, phrase):
        """Returns the tokens of a phrase that are not in the vocabulary."""
        known = set(self.vocabulary.tokens)
        return [token for token in self.vocabulary.split(phrase) if token not in known]

    def _spells(self, phrase):
        return bool(phrase.strip()) and not self._lacks(phrase)

    def _score(self, logits, frames):
        """Returns the scores of a few clips, with a copy of each for each phrase."""
        shape = (len(frames), len(self.phrases))
        losses = ctc.ctc_loss(
            ops.repeat(logits, shape[1], axis=0),
            np.tile(self._labels, (shape[0], 1)),
            np.repeat(frames, shape[1]),
            self.vocabulary.blank_index,
        )
        return -np.asarray(losses, dtype="float64").reshape(shape)

    def _decide(self, log_probabilities):
        best = int(np.argmax(log_probabilities))
        probability = float(np.exp(log_probabilities[best]))
        understood = probability >= self.threshold
        return Command(self.phrases[best] if understood else None, probability)

    def get_config(self) -> dict:
        """Returns the arguments that make this scorer again."""
        return {
            "vocabulary": keras.saving.serialize_keras_object(self.vocabulary),
            "phrases": list(self.phrases),
            "threshold": self.threshold,
        }

    @classmethod
    def from_config(cls, config: dict) -> "PhraseScorer":
        """Returns the scorer that `get_config` described."""
        vocabulary = keras.saving.deserialize_keras_object(config["vocabulary"])
        return cls(**{**config, "vocabulary": vocabulary})
