"""Digits to English words."""

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = [
    "thousand",
    "million",
    "billion",
    "trillion",
    "quadrillion",
    "quintillion",
    "sextillion",
    "septillion",
    "octillion",
    "nonillion",
    "decillion",
]
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
# As many as there are names for.
_LONGEST = 3 * (1 + len(_SCALES))


def one_by_one(digits: str) -> str:
    """Returns the words of single digits."""
    return " ".join(_ONES[int(digit)] for digit in digits)


def cardinal(digits: str) -> str:
    """Returns the words of a whole number; digit by digit after a leading zero."""
    if len(digits) > _LONGEST or (len(digits) > 1 and digits[0] == "0"):
        return one_by_one(digits)
    words: list[str] = []
    for place, start in enumerate(range(len(digits), 0, -3)):
        group = int(digits[max(start - 3, 0) : start])
        if group:
            scale = [_SCALES[place - 1]] if place else []
            words = [_below_thousand(group), *scale, *words]
    return " ".join(words) or "zero"


def number(digits: str) -> str:
    """Returns the words of a number, with commas and a decimal point in it or not."""
    whole, _, decimals = digits.replace(",", "").partition(".")
    words = [cardinal(whole)] if whole else []
    return " ".join([*words, "point", one_by_one(decimals)] if decimals else words)


def year(digits: str) -> str:
    """Returns the words of four digits as a year: nineteen ninety."""
    if digits[2:] == "00":
        return f"{cardinal(digits[:2])} hundred"
    last = f"oh {_ONES[int(digits[3])]}" if digits[2] == "0" else cardinal(digits[2:])
    return f"{cardinal(digits[:2])} {last}"


def ordinal(digits: str) -> str:
    """Returns the words of an ordinal number: twenty-first."""
    head, last = _divide(cardinal(digits.replace(",", "").lstrip("0") or "0"))
    if last in _IRREGULAR:
        return head + _IRREGULAR[last]
    return head + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def plural(words: str) -> str:
    """Returns the words of several: nineties, sixes, thirds."""
    head, last = _divide(words)
    if last.endswith("y"):
        return f"{head}{last[:-1]}ies"
    return head + (f"{last}es" if last.endswith("x") else f"{last}s")


def _below_thousand(value):
    words: list[str] = []
    if value >= 100:
        words.append(f"{_ONES[value // 100]} hundred")
        value %= 100
    if value >= 20:
        last = f"-{_ONES[value % 10]}" if value % 10 else ""
        words.append(_TENS[value // 10 - 2] + last)
    elif value:
        words.append(_ONES[value])
    return " ".join(words)


def _divide(words):
    """Returns all before the last word, and the last word."""
    place = 1 + max(words.rfind(" "), words.rfind("-"))
    return words[:place], words[place:]
