"""Argument checks shared by every object, so that all errors read alike."""

from collections.abc import Iterable


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
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    in_range = is_number and (value > minimum if above else value >= minimum)
    if not in_range or value == float("inf"):
        bound = f"above {minimum:g}" if above else f"of {minimum:g} or more"
        raise ValueError(
            f"`{name}` must be a finite number {bound}. Received: {name}={value!r}"
        )
    return value


def check_rate(name: str, value: float) -> float:
    """Returns `value`; raises `ValueError` unless it is at least 0 and below 1."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < 1:
        raise ValueError(
            f"`{name}` must be a number of 0 or more and below 1. "
            f"Received: {name}={value!r}"
        )
    return value


def check_probability(name: str, value: float) -> float:
    """Returns `value`; raises `ValueError` unless it lies from 0 to 1."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1:
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
    name: str, value: tuple[float, float], minimum: float = float("-inf")
) -> tuple[float, float]:
    """Returns `value`; raises `ValueError` unless it is an ordered pair of numbers."""
    if (
        not isinstance(value, tuple | list)
        or len(value) != 2
        or any(isinstance(v, bool) or not isinstance(v, int | float) for v in value)
        or not minimum <= value[0] <= value[1] < float("inf")
    ):
        bound = "" if minimum == float("-inf") else f", both of {minimum:g} or more"
        raise ValueError(
            f"`{name}` must be two finite numbers (low, high) with low <= high{bound}. "
            f"Received: {name}={value!r}"
        )
    return (value[0], value[1])
