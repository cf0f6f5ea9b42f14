"""What some classes can spell, and how a text differs that they cannot spell."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from speechkit.text.splitting import IDEOGRAPH

_FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = (
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
)
_CASES = (str.lower, str.upper, str.casefold)
# Thai, Lao, Tibetan, Burmese, Khmer, kana and Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    f"\uff66-\uff9f{IDEOGRAPH}]"
)
_MOST_SHOWN = 5


def is_unspaced(text: str) -> bool:
    """Returns whether a text has a character of a script without spaces."""
    return _UNSPACED.search(text) is not None


def check_spelled(
    name: str,
    texts: Iterable[str],
    spells: Callable[[str], bool],
    lacks: Callable[[str], Iterable[str]] = lambda text: (),
) -> None:
    """Raises one error for all texts that cannot be spelled, with how they differ.

    Args:
        name: Name of the argument, for the message.
        texts: The texts.
        spells: Whether a text can be spelled.
        lacks: The characters of a text that nothing can spell.

    Raises:
        ValueError: If a text cannot be spelled.
    """
    wrong = [text for text in texts if not spells(text)]
    if wrong:
        raise ValueError(
            f"`{name}` must be texts that the classes can spell. Received: "
            + described(wrong, spells, lacks)
        )


def described(
    texts: list[str],
    spells: Callable[[str], bool],
    lacks: Callable[[str], Iterable[str]] = lambda text: (),
) -> str:
    """Returns a list of the first texts, each with how it differs."""
    parts = [f"{text!r} ({_reason(text, spells, lacks)})" for text in texts]
    more = len(parts) - _MOST_SHOWN
    return ", ".join(parts[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def spelled_variant(text: str, spells: Callable[[str], bool]) -> tuple[str, str] | None:
    """Returns how a text that can be spelled differs from this one, and that text."""
    for difference, variant in _variants(text):
        if variant != text and spells(variant):
            return difference, variant
    return None


def _reason(text, spells, lacks):
    if not text.strip():
        return "it is empty"
    found = spelled_variant(text, spells)
    if found is not None:
        return f"the classes spell {found[1]!r}: another {found[0]}"
    parts = list(dict.fromkeys(lacks(text)))
    missing = ("" if max(map(len, parts), default=0) == 1 else " ").join(parts)
    return f"no class has {missing!r}" if missing else "no classes in a row spell it"


def _variants(text: str) -> Iterator[tuple[str, str]]:
    for change in _CASES:
        yield "case", change(text)
    for form in _FORMS:
        yield f"Unicode normal form, {form}", unicodedata.normalize(form, text)
    for form in _FORMS:
        for change in _CASES:
            variant = unicodedata.normalize(form, change(text))
            yield f"case and Unicode normal form, {form}", variant
