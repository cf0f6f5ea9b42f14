"""Names that look alike: one idea for all that joins by name."""

import unicodedata
from collections.abc import Mapping
from typing import TypeVar

_T = TypeVar("_T")


def alike(name: str) -> str:
    """Returns the form (NFC) of a name in which those that look alike are equal.

    Some systems write an accent as a character of its own, others do not.
    """
    return unicodedata.normalize("NFC", name) if isinstance(name, str) else name


def by_form(what: str, values: Mapping[str, _T]) -> dict[str, _T]:
    """Returns values by the forms of their names.

    Raises:
        ValueError: If two names look alike; `what` says where.
    """
    found: dict[str, _T] = {}
    for name, value in values.items():
        form = alike(name)
        if form in found:
            raise ValueError(
                f"{what} must have names that do not look alike. "
                f"Received: {form!r} in two forms of Unicode"
            )
        found[form] = value
    return found
