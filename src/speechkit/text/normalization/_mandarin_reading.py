"""How Mandarin reads the figures that a pattern found."""

import re

from speechkit.text.normalization._mandarin_words import (
    cardinal,
    number,
    one_by_one,
)

MONEY = {"$": "美元", "¥": "元", "€": "欧元", "£": "英镑", "₩": "韩元", "₹": "卢比"}
# Whose dollars they are.
COUNTRIES = {
    "us": "美元",
    "hk": "港元",
    "nt": "新台币",
    "au": "澳元",
    "ca": "加元",
    "sg": "新加坡元",
    "a": "澳元",
    "c": "加元",
    "s": "新加坡元",
}
_SHARES = {"%": "百", "‰": "千"}
_SCALES = {"c": "摄氏", "f": "华氏"}
# What can be read in one way only, or nearly so: `m` may be a metre or a million.
UNITS = {
    "km/h": "公里每小时",
    "m/s": "米每秒",
    "km": "公里",
    "cm": "厘米",
    "mm": "毫米",
    "kg": "公斤",
    "mg": "毫克",
    "ml": "毫升",
    "km^2": "平方公里",
    "m^2": "平方米",
    "cm^2": "平方厘米",
    "mm^2": "平方毫米",
    "m^3": "立方米",
    "cm^3": "立方厘米",
}


def digit_by_digit(match):
    return one_by_one(re.sub(r"\D", "", match[0]))


def numbered(match):
    kind, link, digits = match.group("kind", "link", "digits")
    return f"{kind}{link or ''}{one_by_one(digits)}"


def date(match):
    year, month, day = match.group("year", "month", "day")
    return f"{one_by_one(year)}年{_bare(month)}月{_bare(day)}日"


def groups_of_three(match):
    return re.sub(r"\D", "", match[0])


def unit(match):
    return UNITS[match[0].strip().lower()]


def time(match):
    hour, minute, second = match.group("hour", "minute", "second")
    words = f"{_two(hour.lstrip('0') or '0')}点"
    if second:
        return f"{words}{cardinal(minute)}分{cardinal(second)}秒"
    return words if minute == "00" else f"{words}{cardinal(minute)}分"


def money(match):
    words = number(match["number"])
    if match["number"] == "2" and match["scale"][:1] not in ("十", "百"):
        words = "两"
    country = (match.groupdict().get("country") or "").lower()
    return f"{words}{match['scale']}{COUNTRIES.get(country, MONEY[match['sign']])}"


def share(match):
    words = "百" if match[1] == "100" else number(match[1])
    return f"{_SHARES[match[2]]}分之{words}"


def share_of_fraction(match):
    return f"{_SHARES[match['sign']]}分之{fraction(match)}"


def degrees(match):
    return number(match["number"]) + scale(match)


def scale(match):
    return _SCALES.get((match["scale"] or "").lower(), "") + "度"


def fraction(match):
    whole = f"{number(match['whole'])}又" if match["whole"] else ""
    return f"{whole}{number(match['under'])}分之{number(match['over'])}"


def power(match):
    minus, digits = match.groups()
    if not minus and digits in ("2", "3"):
        name = {"2": "平方", "3": "立方"}[digits]
        if not match.string[match.start() - 1].isdigit():
            return name
        return f"的{name}" if digits == "2" else "的三次方"
    return f"的{'负' if minus else ''}{number(digits)}次方"


def score(match):
    """Reads what cannot go from one to another, for it falls, as a score."""
    first, last = match.groups()
    link = "比" if int(first) >= int(last) else "到"
    return f"{first}{link}{last}"


def dotted(match):
    return "点".join(map(cardinal, match[0].split(".")))


def _bare(digits):
    return cardinal(digits.lstrip("0") or "0")


def _two(digits):
    return "两" if digits == "2" else number(digits)
