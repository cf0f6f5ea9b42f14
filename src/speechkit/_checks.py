"""Argument checks shared by every object, so that all errors read alike."""

import math
import os
from collections.abc import Iterable
from pathlib import Path


def check_int(name: str, value: int, minimum: int = 1) -> int:
    """Returns `value`; raises `ValueError` unless it is an integer of `minimum` up."""
    if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
        raise ValueError(
            f"`{name}` must be an integer of {minimum} or more. "
            f"Received: {name}={value!r}"
        )
    return value


def check_number(
    name: str, value: float, minimum: float = 0.0, *, above: bool = False
) -> float:
    """Returns `value`; raises `ValueError` unless it is a number of `minimum` up.

    Args:
        name: Name of the argument, for the message.
        value: Number to check; infinities and NaN are refused.
        minimum: Least value accepted.
        above: Whether `minimum` itself is refused.
    """
    if not _is_finite(value) or not _reaches(value, minimum, above):
        raise ValueError(
            f"`{name}` must be a finite number {_bound(minimum, above)}. "
            f"Received: {name}={value!r}"
        )
    return value


def check_rate(name: str, value: float) -> float:
    """Returns `value`; raises `ValueError` unless it is at least 0 and below 1."""
    if not _is_finite(value) or not 0 <= value < 1:
        raise ValueError(
            f"`{name}` must be a number of 0 or more and below 1. "
            f"Received: {name}={value!r}"
        )
    return value


def check_probability(name: str, value: float) -> float:
    """Returns `value`; raises `ValueError` unless it lies from 0 to 1."""
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
    if value not in choices:
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
    above: bool = False,
) -> tuple[float, float]:
    """Returns `value`; raises `ValueError` unless it is an ordered pair of numbers.

    Args:
        name: Name of the argument, for the message.
        value: Pair to check; infinities and NaN are refused.
        minimum: Least value accepted for both.
        above: Whether `minimum` itself is refused.
    """
    is_pair = isinstance(value, tuple | list) and len(value) == 2
    if (
        not is_pair
        or not all(map(_is_finite, value))
        or not _reaches(value[0], minimum, above)
        or value[0] > value[1]
    ):
        bound = "" if minimum == -math.inf else f", both {_bound(minimum, above)}"
        raise ValueError(
            f"`{name}` must be two finite numbers (low, high) with low <= high{bound}. "
            f"Received: {name}={value!r}"
        )
    return (value[0], value[1])


def check_suffix(name: str, value: str | os.PathLike[str], suffix: str) -> Path:
    """Returns `value` as a path; raises `ValueError` unless it ends in `suffix`."""
    path = Path(value)
    if path.suffix != suffix:
        raise ValueError(
            f"`{name}` must end in {suffix}. Received: {name}={str(path)!r}"
        )
    return path


def _is_finite(value) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def _reaches(value, minimum, above) -> bool:
    return value > minimum if above else value >= minimum


def _bound(minimum, above) -> str:
    return f"above {minimum:g}" if above else f"of {minimum:g} or more"
