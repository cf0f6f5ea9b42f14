"""English texts with figures to texts in words."""

import re

from speechkit.text.normalization import _digits
from speechkit.text.normalization._digits import word
from speechkit.text.normalization._english_words import (
    cardinal,
    number,
    one_by_one,
    ordinal,
    plural,
    year,
)

# A whole number, commas between its groups; a number; what multiplies money.
_WHOLE = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d+)"
_NUMBER = rf"(?:{_WHOLE}(?:\.\d+)?|(?<![\w.])\.\d+)"
_SCALE = r"(?:\s?(?P<scale>k|m|mn|b|bn|tn|thousand|million|billion|trillion)\b)?"
_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
}
_MONEY = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "", ""),
    "₩": ("won", "won", "", ""),
    "¢": ("cent", "cents", "", ""),
}
_SIGN = "[$£€¥₹₩]"
_DASHES = "\u2012-\u2015"
_DEGREES = {"c": " celsius", "f": " fahrenheit"}
_ON_THE_HOUR = "o'clock"
_FRACTIONS = (*range(2, 11), 16, 100, 1000)


def spell(text: str) -> str:
    """Returns a text with words in place of figures, and of signs beside them."""
    return _digits.apply(_RULES, _digits.in_ascii(text))


def _digit_by_digit(match):
    plus = "plus " if "+" in match[0] else ""
    return plus + one_by_one(re.sub(r"\D", "", match[0]))


def _groups(match):
    """Reads a date by its numbers, and other figures in groups digit by digit."""
    parts = re.findall(r"\d+", match[0])
    lengths = [len(part) for part in parts]
    ends = sorted((lengths[0], lengths[-1]))
    if len(parts) == 3 and ends[0] <= 2 and ends[1] in (2, 4) and lengths[1] <= 2:
        return " ".join(map(_figure, parts))
    return one_by_one("".join(parts))


def _groups_of_three(match):
    return cardinal(re.sub(r"\D", "", match[0]))


def _figure(digits):
    """Returns a part of a date in words."""
    digits = digits.lstrip("0") or "0"
    return year(digits) if _is_year(digits) else cardinal(digits)


def _is_year(digits):
    return len(digits) == 4 and digits.isdigit() and "1100" <= digits <= "1999"


def _slashes(match):
    parts = match[0].split("/")
    over, under = (int(part[-9:]) for part in parts[:2])
    if len(parts) > 2 or over >= under or under not in _FRACTIONS or "/0" in match[0]:
        return " ".join(map(_figure, parts))
    return _fraction(parts[0], under)


def _fraction(over, under):
    name = {2: "half", 4: "quarter"}.get(under, ordinal(str(under)))
    if over == "1":
        return f"one {name}"
    return f"{cardinal(over)} {'halves' if under == 2 else plural(name)}"


def _mixed(match):
    words = _fraction(match["over"], int(match["under"]))
    # Two and a half.
    words = words.replace("one ", "a ", 1) if match["over"] == "1" else words
    return f"{cardinal(match['whole'])} and {words}"


def _time(match):
    hour, *rest = (
        str(int(part)) if part else ""
        for part in match.group("hour", "minute", "second")
    )
    minute, second = rest
    if second or minute != "0":
        parts = [f"oh {cardinal(p)}" if len(p) == 1 else cardinal(p) for p in rest if p]
        return " ".join([cardinal(hour), *parts])
    if match["half"] is not None:
        return cardinal(hour)
    return f"{cardinal(hour)} {'hundred' if int(hour) > 12 else _ON_THE_HOUR}"


def _money(match):
    sign, digits, scale = (
        match["sign"],
        match["number"].replace(",", ""),
        match["scale"],
    )
    one, many, small_one, small_many = _MONEY[sign]
    if scale:
        return f"{number(digits)} {_SCALES.get(scale.lower(), scale.lower())} {many}"
    whole, _, decimals = digits.partition(".")
    if decimals.strip("0") and not (small_one and len(decimals) == 2):
        return f"{number(digits)} {many}"
    words = []
    if whole.strip("0") or not decimals.strip("0"):
        words.append(f"{cardinal(whole or '0')} {one if whole == '1' else many}")
    if decimals.strip("0"):
        count = str(int(decimals))
        words.append(f"{cardinal(count)} {small_one if count == '1' else small_many}")
    return " and ".join(words)


def _degrees(match):
    name = "degree" if match["number"] == "1" else "degrees"
    scale = _DEGREES.get((match["scale"] or "").lower(), "")
    return f"{number(match['number'])} {name}{scale}"


def _decade(match):
    digits = match["digits"].replace(",", "")
    if _is_year(digits):
        return plural(year(digits))
    if len(digits) == 4 and "2010" <= digits <= "2099":
        return f"twenty {plural(cardinal(digits[2:]))}"
    return plural(cardinal(digits))


def _power(match):
    if match[0].endswith(("^2", "^3")):
        return "squared" if match[1] == "2" else "cubed"
    minus = "" if match[0][1].isdigit() else "minus "
    return f"to the power of {minus}{cardinal(match[1])}"


def _plain(match):
    digits = match[0]
    return year(digits) if _is_year(digits) else number(digits)


def _dotted(match):
    return " point ".join(map(cardinal, match[0].split(".")))


def _rule(pattern, read):
    return re.compile(pattern, re.IGNORECASE | re.ASCII), read


# In this order: what a rule has read, the next ones do not see.
_RULES = tuple(
    _rule(pattern, read)
    for pattern, read in (
        # Groups of three digits that are apart.
        (
            r"(?<![\w.,])\d{1,3}(?:(?: \d{3})* 000|(?:'\d{3})+)(?![\w.,])",
            _groups_of_three,
        ),
        # Numbers of telephones, dates, and other figures in groups.
        (r"(?<!\w)\+\d(?:[ .()-]{0,2}\d){6,14}(?!\w)", _digit_by_digit),
        (
            r"(?<![\w.,])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\w)",
            _digit_by_digit,
        ),
        # A hundred to a thousand ends in zeros.
        (r"(?<![\w.,-])(?!\d\d0-\d{3}0)\d{3}-\d{4}(?![\w-])", _digit_by_digit),
        (r"(?<![\w.,])0\d(?:[ .-]\d\d){4}(?!\w)", _digit_by_digit),
        (r"(?<![\w.,])0\d{2,4}[ -]\d{3,4}(?:[ -]?\d{3,4})?(?!\w)", _digit_by_digit),
        (r"(?<![\w.,])\d{4}(?: \d{4}){3}(?![\w.,])", _digit_by_digit),
        (r"(?<![\w.,-])\d+(?:-\d+){2,}(?!\w)", _groups),
        (r"(?<![\w.,-])(\d+)-\1(?![\w.,-])", r"\1 \1"),
        # Parts of one, and from one to another.
        (
            r"(?<![\w./])(?P<whole>\d+)[ -](?P<over>\d)/(?P<under>[2-9]|10|16)"
            r"(?![\w/])",
            _mixed,
        ),
        (r"(?<=\de)[-\u2212](?=\d)", word("minus ")),
        (r"(?<=\d)\s?[x\u00d7*]\s?(?=10\^)", word("times ")),
        (r"\^[-\u2212]?(\d+)", _power),
        (rf"(\d(?:%|[a-z]{{1,2}})?)\s?[{_DASHES}](?=\s?{_SIGN}?\.?\d)", r"\1 to "),
        (rf"(\d(?:%|[a-z]{{1,2}})?)[-~](?={_SIGN}?\.?\d)", r"\1 to "),
        (r"(?<![\w./])\d+(?:/\d+)+(?![\w/])", _slashes),
        # Times and scores.
        (r"(?<=\d)\s?([ap])\.\s?m\b\.?", lambda match: f"{match[1]}m"),
        (
            r"(?<![\w:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)"
            r"(?::(?P<second>[0-5]\d))?(?![:\d])(?P<half>(?=\s?[ap]m\b))?",
            _time,
        ),
        (
            r"(?<![\w:.])(?P<hour>1?\d)\.(?P<minute>[0-5]\d)(?P<second>)"
            r"(?P<half>(?=\s?[ap]m\b))",
            _time,
        ),
        (r"(?<=\d):(?=\d)", word("to")),
        # Less than nothing.
        (rf"(?<![\w)])[-\u2212](?={_SIGN}?\.?\d)", word("minus ")),
        (r"(?<=\d)(?:\s?\u2212\s?| - )(?=\d)", word("minus ")),
        # Money, shares, degrees, feet.
        (rf"(?<!\d)(?P<sign>{_SIGN})\s?(?P<number>{_NUMBER}){_SCALE}", _money),
        (rf"(?P<number>{_NUMBER})(?P<scale>)\s?(?P<sign>{_SIGN}|¢)", _money),
        (rf"({_NUMBER})\s?%", lambda match: f"{number(match[1])} percent"),
        (rf"(?P<number>{_NUMBER})\s?°(?:\s?(?P<scale>[cf])\b)?", _degrees),
        (r"(?<=\d)'\s?(?=\d{1,2}(?!\d))", word("foot ")),
        # Several of a kind, and one in a row.
        (r"(?<!\w)'?(?P<digits>(?:\d\d)?\d0)'?s(?!\w)", _decade),
        (
            r"(?<![\w.,])'?(?P<digits>\d{1,3}(?:,\d{3})+|\d{2,})'?s(?!\w)",
            _decade,
        ),
        (r"(?<=[a-z])(?P<digits>\d+)s(?!\w)", _decade),
        (r"(?P<digits>\d+)'s(?!\w)", _decade),
        (rf"({_WHOLE})(?:st|nd|rd|th)(?![a-z])", lambda match: ordinal(match[1])),
        # Signs between numbers.
        (r"(?<=\d) \u00d7 (?=\d)", word("times ")),
        (r"(?<!\b0)(?<=\d)\s?[x×]\s?(?=\d)", word("by ")),
        (r"(?<=[a-z])\s?%", word("percent")),
        (r"\+(?=\s?\.?\d)|(?<=\d)\s?\+", word("plus ")),
        (r"±(?=\s?\.?\d)", word("plus or minus ")),
        (r"(?<=\d)\s?÷\s?(?=\d)", word("divided by ")),
        (r"(?<=\d)\s?=\s?(?=\d)", word("equals ")),
        (r"(?<!\w)#(?=\d)|\bno\.\s?(?=\d)", word("number ")),
        # All other figures.
        (r"(?<!\d)\d+(?:\.\d+){2,}", _dotted),
        (_NUMBER, _plain),
        (r"\d", lambda match: one_by_one(match[0])),
    )
)
