"""Argument checks shared by every object, so that all errors read alike."""

import math
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

LARGEST_SIZE = 2**31 - 1  # beyond, TensorFlow's shapes overflow; some end the process
LARGEST_NUMBER = 1e12  # its square, summed over a clip, still fits float32
LARGEST_SEED = 2**32 - 1


def check_int(
    name: str, value: int, minimum: int = 1, *, maximum: int = LARGEST_SIZE
) -> int:
    """Returns `value` as an `int`; raises `ValueError` unless it is one in the bounds.

    Args:
        name: Name of the argument, for the message.
        value: Integer to check, of Python or NumPy; a boolean is none.
        minimum: Least value accepted.
        maximum: Largest value accepted.
    """
    value = to_plain(value)
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    if not is_integer or not minimum <= value <= maximum:
        limit = f", at most {maximum}" if is_integer and value > maximum else ""
        raise ValueError(
            f"`{name}` must be an integer of {minimum} or more{limit}. "
            f"Received: {name}={value!r}"
        )
    return value


def check_seed(name: str, value: int | None) -> int | None:
    """Returns `value`; raises `ValueError` unless it is `None` or fits 32 bits."""
    return value if value is None else check_int(name, value, 0, maximum=LARGEST_SEED)


def check_bool(name: str, value: bool) -> bool:
    """Returns `value`; raises `ValueError` unless it is `True` or `False`."""
    value = to_plain(value)
    if not isinstance(value, bool):
        raise ValueError(f"`{name}` must be True or False. Received: {name}={value!r}")
    return value


def check_number(
    name: str,
    value: float,
    minimum: float = 0.0,
    *,
    maximum: float = LARGEST_NUMBER,
    above: bool = False,
) -> float:
    """Returns `value`; raises `ValueError` unless it is a number within the bounds.

    Args:
        name: Name of the argument, for the message.
        value: Number to check, of Python or NumPy; infinities and NaN are refused.
        minimum: Least value accepted.
        maximum: Largest value accepted.
        above: Whether `minimum` itself is refused.
    """
    value = to_plain(value)
    in_bounds = _is_finite(value) and value <= maximum
    if not in_bounds or not _reaches(value, minimum, above):
        limit = f", at most {maximum:g}" if _exceeds(value, maximum) else ""
        raise ValueError(
            f"`{name}` must be a finite number {_bound(minimum, above)}{limit}. "
            f"Received: {name}={value!r}"
        )
    return value


def check_rate(name: str, value: float) -> float:
    """Returns `value`; raises `ValueError` unless it is at least 0 and below 1."""
    value = to_plain(value)
    if not _is_finite(value) or not 0 <= value < 1:
        raise ValueError(
            f"`{name}` must be a number of 0 or more and below 1. "
            f"Received: {name}={value!r}"
        )
    return value


def check_probability(name: str, value: float) -> float:
    """Returns `value`; raises `ValueError` unless it lies from 0 to 1."""
    value = to_plain(value)
    if not _is_finite(value) or not 0 <= value <= 1:
        raise ValueError(
            f"`{name}` must be a number from 0 to 1. Received: {name}={value!r}"
        )
    return value


def check_choice(
    name: str, value: str | int | None, choices: Iterable[str | int | None]
):
    """Returns `value`; raises `ValueError` unless it is one of `choices`."""
    choices = tuple(choices)
    value = to_plain(value)
    # 1.0 and `True` equal 1, and an array cannot be compared at all.
    is_plain = isinstance(value, str | int | None) and not isinstance(value, bool)
    if not is_plain or value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(
            f"`{name}` must be one of {listed}. Received: {name}={value!r}"
        )
    return value


def check_range(
    name: str,
    value: tuple[float, float],
    minimum: float = -math.inf,
    *,
    maximum: float = LARGEST_NUMBER,
    above: bool = False,
) -> tuple[float, float]:
    """Returns `value`; raises `ValueError` unless it is an ordered pair of numbers.

    Args:
        name: Name of the argument, for the message.
        value: Pair to check; infinities and NaN are refused.
        minimum: Least value accepted for both.
        maximum: Largest size accepted for both.
        above: Whether `minimum` itself is refused.
    """
    is_pair = isinstance(value, tuple | list) and len(value) == 2
    value = tuple(map(to_plain, value)) if is_pair else value
    is_finite = is_pair and all(map(_is_finite, value))
    is_small = is_finite and max(map(abs, value)) <= maximum
    if not is_small or not _reaches(value[0], minimum, above) or value[0] > value[1]:
        bound = "" if minimum == -math.inf else f", both {_bound(minimum, above)}"
        limit = f", at most {maximum:g}" if is_finite and not is_small else ""
        raise ValueError(
            f"`{name}` must be two finite numbers (low, high) with low <= high"
            f"{bound}{limit}. "
            f"Received: {name}={value!r}"
        )
    return (value[0], value[1])


def check_items(name: str, value: Iterable, kind: str) -> tuple:
    """Returns the items of `value`; raises `ValueError` unless it is iterable.

    A single text is refused, though its letters could be taken for items.

    Args:
        name: Name of the argument, for the message.
        value: List, tuple or another iterable.
        kind: Plural noun for the items, for the message.
    """
    value = to_plain(value)
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise ValueError(
            f"`{name}` must be a list of {kind}. Received: {name}={value!r}"
        )
    return tuple(value)


def check_text(name: str, value: object) -> str:
    """Returns `value`; raises `ValueError` unless it is a text."""
    if not isinstance(value, str):
        raise ValueError(f"`{name}` must be a text. Received: {name}={value!r}")
    return value


def check_writable(name: str, value: object) -> str:
    """Returns `value`; raises `ValueError` unless a text file can hold it."""
    text = check_text(name, value)
    # A lone half of a surrogate pair has no UTF-8, and readers take NUL for binary.
    if "\0" in text or not _is_unicode(text):
        raise ValueError(
            f"`{name}` must be Unicode text without NUL characters. "
            f"Received: {name}={text[:60]!r}"
        )
    return text


def check_texts(name: str, value: Iterable[str]) -> tuple[str, ...]:
    """Returns the texts of a list; raises `ValueError` unless it is one."""
    return tuple(check_text(name, text) for text in check_items(name, value, "texts"))


def check_suffix(name: str, value: str | os.PathLike[str], suffix: str) -> Path:
    """Returns `value` as a path; raises `ValueError` unless it ends in `suffix`."""
    path = Path(value)
    if path.suffix != suffix:
        raise ValueError(
            f"`{name}` must end in {suffix}. Received: {name}={str(path)!r}"
        )
    return path


def to_plain(value):
    """Returns a scalar of NumPy, or an array without axes, as one of Python.

    Any other value comes back as it is.
    """
    is_scalar = isinstance(value, np.generic | np.ndarray) and value.ndim == 0
    return value.item() if is_scalar else value


def _is_unicode(text) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_finite(value) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # An integer of 400 digits is no float.
    return is_number and (isinstance(value, int) or math.isfinite(value))


def _exceeds(value, maximum) -> bool:
    return _is_finite(value) and value > maximum


def _reaches(value, minimum, above) -> bool:
    return value > minimum if above else value >= minimum


def _bound(minimum, above) -> str:
    return f"above {minimum:g}" if above else f"of {minimum:g} or more"
