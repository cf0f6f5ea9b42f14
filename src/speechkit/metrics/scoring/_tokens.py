"""Texts to tokens, for the functions of this folder."""

from collections.abc import Callable, Sequence

from speechkit import _checks
from speechkit.text import splitting

SPLITTERS: dict[str, Callable[[str], list[str]]] = {
    "words": str.split,  # as `splitting.split_words`, without a call in between
    "characters": splitting.split_characters,
    "mixed": splitting.split_mixed,
}


def find_splitter(unit: str) -> Callable[[str], list[str]]:
    """Returns the function that splits a text into tokens.

    Raises:
        ValueError: If there is no such unit.
    """
    return SPLITTERS[_checks.check_choice("unit", unit, SPLITTERS)]


def tokens_of(
    name: str, value: str | Sequence[str], split: Callable[[str], list[str]]
) -> tuple[str, ...]:
    """Returns the tokens of a text, or of a sequence that holds them already.

    Raises:
        TypeError: If `value` is neither.
    """
    if isinstance(value, str):
        return tuple(split(value))
    if isinstance(value, list | tuple) and all(isinstance(t, str) for t in value):
        return tuple(value)
    raise TypeError(
        f"`{name}` must be a text or a sequence of texts. "
        f"Received: {name}={_shortened(value)}"
    )


def _shortened(value):
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
