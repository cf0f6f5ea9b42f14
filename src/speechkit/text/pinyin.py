"""Chinese characters to the sounds that they are read with."""

import re
from collections.abc import Mapping

from speechkit import _checks
from speechkit._optional import import_optional

_SYLLABLE = re.compile(r"[a-zü]+[1-5]")
UNITS = ("syllables", "initials_finals")


def to_pinyin(
    text: str, *, unit: str = "syllables", lexicon: Mapping[str, str] | None = None
) -> list[str]:
    """Returns the toned syllables of Chinese text; white space is left out.

    A tone is a digit at the end, 5 for the neutral one. Characters with several
    readings get the one of the word that they stand in, as far as pypinyin knows it.

    Args:
        text: Chinese characters.
        unit: `"syllables"`, such as `zhang3`, or `"initials_finals"`: `zh`, `ang3`; a
            syllable without an initial is its final alone.
        lexicon: Readings that go first, such as `{"银行": "yin2 hang2"}`: a syllable
            for each character. The longest that fits is taken.

    Raises:
        ImportError: If pypinyin is not installed.
        ValueError: If a character has no reading, or a reading of the lexicon has
            another number of syllables than characters.

    Example:
        >>> to_pinyin("蓝牙关机")
        ['lan2', 'ya2', 'guan1', 'ji1']
        >>> to_pinyin("行行", unit="initials_finals", lexicon={"行": "xing2"})
        ['x', 'ing2', 'x', 'ing2']
    """
    _checks.check_text("text", text)
    _checks.check_choice("unit", unit, UNITS)
    readings = _readings(lexicon or {})
    longest = sorted(readings, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest)) or r"(?!)")
    syllables: list[str] = []
    for word in text.split():
        syllables += _read_word(word, known, readings)
    if unit == "syllables":
        return syllables
    return [part for syllable in syllables for part in _divide(syllable)]


def check_lexicon(lexicon: Mapping[str, str]) -> dict[str, str]:
    """Returns `lexicon` as a dictionary; raises unless it has texts of texts."""
    is_mapping = isinstance(lexicon, Mapping)
    if not is_mapping or not all(
        isinstance(text, str) for pair in lexicon.items() for text in pair
    ):
        raise ValueError(
            "`lexicon` must be a dictionary of words and their readings. "
            f"Received: lexicon={lexicon!r}"
        )
    return dict(lexicon)


def _readings(lexicon):
    check_lexicon(lexicon)
    readings = {word: reading.split() for word, reading in lexicon.items()}
    for word, syllables in readings.items():
        fits = all(_SYLLABLE.fullmatch(syllable) for syllable in syllables)
        if not fits or len(syllables) != len(word):
            raise ValueError(
                "`lexicon` must have a syllable with a tone for each character. "
                f"Received: {word!r}: {' '.join(syllables)!r}"
            )
    return readings


def _read_word(word, known, readings):
    """Returns the syllables; parts outside the lexicon are read as a whole."""
    syllables, rest = [], 0
    for match in known.finditer(word):
        syllables += _read(word[rest : match.start()]) + readings[match[0]]
        rest = match.end()
    return syllables + _read(word[rest:])


def _read(characters):
    if not characters:
        return []
    pypinyin = import_optional("pypinyin", "pypinyin", "to_pinyin")
    syllables = pypinyin.lazy_pinyin(
        characters,
        style=pypinyin.Style.TONE3,
        neutral_tone_with_five=True,
        v_to_u=True,
        errors=lambda rest: list(rest),
    )
    wrong = [part for part in syllables if not _SYLLABLE.fullmatch(part)]
    if wrong:
        raise ValueError(
            "`text` must consist of Chinese characters. "
            f"Received: {''.join(wrong)!r} in {characters!r}"
        )
    return syllables


def _divide(syllable):
    convert = import_optional("pypinyin.contrib.tone_convert", "pypinyin", "to_pinyin")
    initial = convert.to_initials(syllable)
    final = convert.to_finals_tone3(syllable, neutral_tone_with_five=True, v_to_u=True)
    return [initial, final] if initial else [final]
