"""Digits to Chinese words."""

DIGITS = "零一二三四五六七八九"
# As many as there are names for.
_LONGEST = 16


def one_by_one(digits: str) -> str:
    """Returns the words of single digits."""
    return "".join(DIGITS[int(digit)] for digit in digits)


def cardinal(digits: str) -> str:
    """Returns the words of a whole number; digit by digit after a leading zero."""
    if len(digits) > _LONGEST or (len(digits) > 1 and digits[0] == "0"):
        return one_by_one(digits)
    words = _words(int(digits)) or "零"
    # Ten is not called one ten at the beginning, and two thousand has its own two.
    words = words.removeprefix("一") if words.startswith("一十") else words
    return f"两{words[1:]}" if words[:2] in ("二千", "二万", "二亿") else words


def number(digits: str) -> str:
    """Returns the words of a number, with commas and a decimal point in it or not."""
    whole, _, decimals = digits.replace(",", "").partition(".")
    words = cardinal(whole or "0")
    return f"{words}点{one_by_one(decimals)}" if decimals else words


def _words(value):
    for unit, name in (
        (10**8, "亿"),
        (10**4, "万"),
        (1000, "千"),
        (100, "百"),
        (10, "十"),
    ):
        if value >= unit:
            rest = value % unit
            # A zero stands for all that are missing between two places.
            gap = "零" if 0 < rest < unit // 10 else ""
            return f"{_words(value // unit)}{name}{gap}{_words(rest)}"
    return DIGITS[value] if value else ""
