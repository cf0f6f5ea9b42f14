"""Alignments as lines of text."""

import unicodedata
from collections.abc import Iterator

from speechkit import _checks
from speechkit.metrics.scoring.alignment import Alignment

_COLORS = {"S": "\x1b[33m", "D": "\x1b[31m", "I": "\x1b[36m"}
_COLORS |= dict.fromkeys("OX", "\x1b[32m")
_PLAIN = "\x1b[0m"


def alignment_to_text(
    alignment: Alignment, *, color: bool = False, width: int | None = None
) -> str:
    """Writes an alignment as sclite does: reference over hypothesis over errors.

    Stars stand where a side has no token. Columns fit in terminals, where Chinese
    characters are two wide.

    Args:
        alignment: What to write.
        color: Whether to mark errors in the colours of a terminal.
        width: Columns of a line, at which it goes on below. `None` for no limit.

    Example:
        >>> from speechkit import metrics
        >>> alignment = metrics.align("turn the light on", "turn light off")
        >>> print(alignment_to_text(alignment))
        REF:  turn the light on
        HYP:  turn *** light off
        EVAL:      D         S
    """
    _checks.check_bool("color", color)
    if width is not None:
        _checks.check_int("width", width)
    columns = [
        _column(letter, *pair)
        for letter, pair in zip(alignment.operations, alignment.pairs, strict=True)
    ]
    return "\n\n".join(_lines(block, color) for block in _wrap(columns, width))


def _column(letter, reference, hypothesis):
    """Returns the letter and both tokens, padded to the same width."""
    wide = max(_width(reference or ""), _width(hypothesis or ""), 1)
    return letter, _pad(reference, wide), _pad(hypothesis, wide)


def _pad(token, width):
    stars = "*" * width
    return stars if token is None else token + " " * (width - _width(token))


def _width(text):
    # Marks that stand over the letter before take no column.
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _wrap(columns, width) -> Iterator[list]:
    block: list = []
    used = 0
    for column in columns:
        wide = 1 + _width(column[1])
        if block and width is not None and len("REF: ") + used + wide > width:
            yield block
            block, used = [], 0
        block.append(column)
        used += wide
    yield block


def _lines(columns, color):
    rows: tuple[list, list, list] = ([], [], [])
    for letter, reference, hypothesis in columns:
        mark = "" if letter == "H" else letter
        for row, text in zip(
            rows, (reference, hypothesis, mark.ljust(_width(reference))), strict=True
        ):
            painted = color and letter in _COLORS
            row.append(f"{_COLORS[letter]}{text}{_PLAIN}" if painted else text)
    names = ("REF:  ", "HYP:  ", "EVAL: ")
    return "\n".join(
        (name + " ".join(row)).rstrip() for name, row in zip(names, rows, strict=True)
    )
