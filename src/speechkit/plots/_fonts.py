"""Looks for an installed font that can write the labels of a picture."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontEntry, FontProperties

# Upright sans serif faces name themselves so; "Hei" and "Gothic" are the East Asian.
_SANS_SERIF = ("Sans", "Hei", "Gothic")


def font_for(texts: Iterable[str]) -> "FontProperties | None":
    """Returns a font that has every character of `texts`, or `None` if there is none.

    The default font comes first, then installed ones that are sans serif, upright and
    of regular weight, then the others.
    """
    from matplotlib import font_manager

    characters = {character for character in "".join(texts) if not character.isspace()}
    default = font_manager.findfont(font_manager.FontProperties())
    installed = sorted(font_manager.fontManager.ttflist, key=_preference)
    for path in [default, *(entry.fname for entry in installed)]:
        if _has(path, characters):
            return font_manager.FontProperties(fname=path)
    return None


def _preference(entry: "FontEntry") -> tuple:
    is_sans_serif = any(word in entry.name for word in _SANS_SERIF)
    weight = entry.weight if isinstance(entry.weight, int) else 400
    is_upright = entry.style == "normal"
    return (not is_sans_serif, not is_upright, abs(weight - 400), entry.name)


def _has(path: str, characters: set[str]) -> bool:
    from matplotlib import font_manager

    # A last-resort font has a box for every character, which says nothing.
    if Path(path).name.startswith("LastResort"):
        return False
    try:
        font = font_manager.get_font(path)
    except (OSError, RuntimeError):  # removed since the list of fonts was cached
        return False
    return all(font.get_char_index(ord(character)) for character in characters)
