"""The base class of normalisers, which change texts and list the changes."""

import abc
import dataclasses
import difflib
import re
from collections.abc import Sequence

from speechkit import _checks

_PARTS = re.compile(r"\s+|\S+")


@dataclasses.dataclass(frozen=True)
class Change:
    """Holds one change of a text.

    Attributes:
        normalizer: Name of the class that changed it.
        before: Words as they were; empty if there were none.
        after: Words as they are; empty if they are gone.
    """

    normalizer: str
    before: str
    after: str


class Normalizer(abc.ABC):
    """Changes texts; a subclass is a frozen dataclass with the rule."""

    @abc.abstractmethod
    def __call__(self, text: str) -> str:
        """Returns the normalised text."""

    def changes(self, text: str) -> tuple[Change, ...]:
        """Returns the changes of a text, word by word."""
        before, after = (_PARTS.findall(side) for side in (text, self(text)))
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        name = type(self).__name__
        return tuple(
            Change(name, "".join(before[i:j]), "".join(after[k:m]))
            for tag, i, j, k, m in matcher.get_opcodes()
            if tag != "equal"
        )


@dataclasses.dataclass(frozen=True)
class ChainNormalizer(Normalizer):
    """Applies normalisers one after the other.

    Attributes:
        steps: The normalisers, in their order.

    Example:
        >>> from speechkit.text import LowerCaseNormalizer, WhitespaceNormalizer
        >>> chain = ChainNormalizer((LowerCaseNormalizer(), WhitespaceNormalizer()))
        >>> chain("Turn  LEFT ")
        'turn left'
        >>> [change.before for change in chain.changes("Turn  left")]
        ['Turn', '  ']
    """

    steps: Sequence[Normalizer]

    def __post_init__(self):
        steps = _checks.check_items("steps", self.steps, "normalisers")
        for step in steps:
            if not callable(step):
                raise ValueError(
                    f"`steps` must be a list of normalisers. Received: {step!r} in it"
                )
        object.__setattr__(self, "steps", steps)

    def __call__(self, text: str) -> str:
        """Returns the text after the last step."""
        for step in self.steps:
            text = step(text)
        return text

    def changes(self, text: str) -> tuple[Change, ...]:
        """Returns the changes of each step, one step after the other."""
        changes: list[Change] = []
        for step in self.steps:
            changes += step.changes(text)
            text = step(text)
        return tuple(changes)
