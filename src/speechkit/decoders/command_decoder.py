"""From probabilities to one command of a closed set, or to "not understood"."""

import dataclasses
from collections.abc import Sequence

import keras
import numpy as np

from speechkit import _checks


@dataclasses.dataclass(frozen=True)
class Command:
    """What was understood in one clip.

    Attributes:
        label: The command; `None` if no command was probable enough.
        probability: Probability of the most probable command.
    """

    label: str | None
    probability: float


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class CommandDecoder:
    """Takes the most probable command of each clip, if it is probable enough.

    It is no `Decoder`: it takes one probability for each class of a whole clip, such as
    a `CommandRecognizer` gives, and answers with a `Command`.

    Attributes:
        labels: The commands, in the order of the classes.
        threshold: Least probability at which a clip counts as understood.

    Raises:
        ValueError: If `labels` is empty or `threshold` is not from 0 to 1.

    Example:
        >>> decoder = CommandDecoder(("on", "off"), threshold=0.7)
        >>> [command.label for command in decoder([[0.9, 0.1], [0.5, 0.5]])]
        ['on', None]
    """

    labels: Sequence[str]
    threshold: float = 0.0

    def __post_init__(self):
        labels = _checks.check_texts("labels", self.labels)
        if not labels:
            raise ValueError(
                "`labels` must be a list of at least one text. "
                f"Received: labels={self.labels!r}"
            )
        object.__setattr__(self, "labels", labels)
        threshold = _checks.check_probability("threshold", self.threshold)
        object.__setattr__(self, "threshold", threshold)

    def __call__(self, probabilities: Sequence) -> list[Command]:
        """Returns one command for each row of `(batch, classes)` probabilities.

        A clip with NaN, as of a model that has diverged, is not understood, whatever
        the threshold is, and its probability is NaN.

        Raises:
            ValueError: If there are not as many classes as labels.
        """
        rows = np.asarray(probabilities)
        if rows.ndim != 2 or rows.shape[1] != len(self.labels):
            raise ValueError(
                "`probabilities` must have the axes (batch, classes) with "
                f"{len(self.labels)} classes. Received shape: {rows.shape}"
            )
        return [self._decide(row) for row in rows]

    def _decide(self, probabilities):
        best = int(np.argmax(probabilities))
        probability = float(probabilities[best])
        understood = probability >= self.threshold
        return Command(self.labels[best] if understood else None, probability)

    def get_config(self) -> dict:
        """Returns the arguments that make this decoder again."""
        return {"labels": list(self.labels), "threshold": self.threshold}

    @classmethod
    def from_config(cls, config: dict) -> "CommandDecoder":
        """Returns the decoder that `get_config` described."""
        return cls(**config)
