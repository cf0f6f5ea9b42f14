"""How English reads the figures that a pattern found."""

import re

from speechkit.text.normalization._english_words import (
    cardinal,
    number,
    one_by_one,
    ordinal,
    plural,
    year,
)

MONEY = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "", ""),
    "₩": ("won", "won", "", ""),
    "¢": ("cent", "cents", "", ""),
}
# Whose dollars they are.
COUNTRIES = {
    "us": "us ",
    "hk": "hong kong ",
    "nz": "new zealand ",
    "au": "australian ",
    "ca": "canadian ",
    "a": "australian ",
    "c": "canadian ",
}
_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
}
_DEGREES = {"c": " celsius", "f": " fahrenheit"}
_ON_THE_HOUR = "o'clock"
_FRACTIONS = (*range(2, 11), 16, 100, 1000)


def digit_by_digit(match):
    plus = "plus " if "+" in match[0] else ""
    return plus + one_by_one(re.sub(r"\D", "", match[0]))


def groups(match):
    """Reads a date by its numbers, and other figures in groups digit by digit."""
    parts = re.findall(r"\d+", match[0])
    lengths = [len(part) for part in parts]
    ends = sorted((lengths[0], lengths[-1]))
    if len(parts) == 3 and ends[0] <= 2 and ends[1] in (2, 4) and lengths[1] <= 2:
        return " ".join(map(_figure, parts))
    return one_by_one("".join(parts))


def groups_of_three(match):
    return cardinal(re.sub(r"\D", "", match[0]))


def slashes(match):
    parts = match[0].split("/")
    over, under = (int(part[-9:]) for part in parts[:2])
    if len(parts) > 2 or over >= under or under not in _FRACTIONS or "/0" in match[0]:
        return " ".join(map(_figure, parts))
    return _fraction(parts[0], under)


def fraction_by_ordinal(match):
    """Reads 3/4ths, where the writer says that it is no quarter."""
    name = ordinal(match["under"]).removeprefix("one ")
    over = match["over"]
    return f"{cardinal(over)} {name if over == '1' else plural(name)}"


def mixed(match):
    words = _fraction(match["over"], int(match["under"]))
    # Two and a half.
    words = words.replace("one ", "a ", 1) if match["over"] == "1" else words
    return f"{cardinal(match['whole'])} and {words}"


def time(match):
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


def money(match):
    country = COUNTRIES.get((match.groupdict().get("country") or "").lower(), "")
    sign, digits, scale = (
        match["sign"],
        match["number"].replace(",", ""),
        match["scale"],
    )
    one, many, small_one, small_many = MONEY[sign]
    if scale:
        scale = _SCALES.get(scale.lower(), scale.lower())
        return f"{number(digits)} {scale} {country}{many}"
    whole, _, decimals = digits.partition(".")
    if decimals.strip("0") and not (small_one and len(decimals) == 2):
        return f"{number(digits)} {country}{many}"
    words = []
    if whole.strip("0") or not decimals.strip("0"):
        name = one if whole == "1" else many
        words.append(f"{cardinal(whole or '0')} {country}{name}")
    if decimals.strip("0"):
        count = str(int(decimals))
        words.append(f"{cardinal(count)} {small_one if count == '1' else small_many}")
    return " and ".join(words)


def money_range(match):
    """Writes the sign of money once, where one reads it: ten to $20."""
    first, sign = match["first"], match["sign"]
    # With cents, or thousands of its own, both sums are read as money.
    before = sign if re.search(r"\.\d\d$|[a-z]$", first, re.IGNORECASE) else ""
    return f"{before}{first} to {sign}{match['last']}"


def apart(match):
    """Leaves a dash between spaces a minus where numbers fall."""
    first, last = match[0].split(" - ")
    rises = float(first.replace(",", "")) < float(last.replace(",", ""))
    return f"{first} to {last}" if rises else match[0]


def degrees(match):
    digits = match.groupdict().get("number")
    name = "degree" if digits == "1" else "degrees"
    scale = _DEGREES.get((match["scale"] or "").lower(), "")
    return f"{number(digits or '')} {name}{scale}".strip()


def decade(match):
    digits = match["digits"].replace(",", "")
    if _is_year(digits):
        return plural(year(digits))
    if len(digits) == 4 and "2010" <= digits <= "2099":
        return f"twenty {plural(cardinal(digits[2:]))}"
    return plural(cardinal(digits)).removeprefix("one ")


def power(match):
    if match[0].endswith(("^2", "^3")):
        return "squared" if match[1] == "2" else "cubed"
    minus = "" if match[0][1].isdigit() else "minus "
    return f"to the power of {minus}{cardinal(match[1])}"


def plain(match):
    digits = match[0]
    return year(digits) if _is_year(digits) else number(digits)


def dotted(match):
    parts = match[0].split(".")
    if re.fullmatch(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d{4}", match[0]):
        return " ".join(map(_figure, parts))
    return " point ".join(map(cardinal, parts))


def _figure(digits):
    """Returns a part of a date in words."""
    digits = digits.lstrip("0") or "0"
    return year(digits) if _is_year(digits) else cardinal(digits)


def _is_year(digits):
    return len(digits) == 4 and digits.isdigit() and "1100" <= digits <= "1999"


def _fraction(over, under):
    name = {2: "half", 4: "quarter"}.get(under) or ordinal(str(under))
    name = name.removeprefix("one ")
    if over == "1":
        return f"one {name}"
    return f"{cardinal(over)} {'halves' if under == 2 else plural(name)}"
