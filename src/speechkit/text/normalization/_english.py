"""English texts with figures to texts in words."""

import re

from speechkit.text.normalization import _digits
from speechkit.text.normalization import _english_reading as reading
from speechkit.text.normalization._digits import word
from speechkit.text.normalization._english_words import (
    number,
    one_by_one,
    ordinal,
    plural,
)

# A whole number, commas between its groups; a number; what multiplies money.
_WHOLE = r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)|\d+)"
_NUMBER = rf"(?:{_WHOLE}(?:\.\d+)?|(?<![\w.])\.\d+)"
_SCALE = r"(?:\s?(?P<scale>k|m|mn|b|bn|tn|thousand|million|billion|trillion)\b)?"
_SIGN = f"[{''.join(reading.MONEY).replace('¢', '')}]"
_COUNTRY = f"(?:(?<![a-z])(?P<country>{'|'.join(reading.COUNTRIES)}))?"
_DASHES = "\u2012-\u2015"
_MINUS = "-\u2212"
_SCALE_WORD = r"\s?(?:thousand|million|billion|trillion)"
# What may stand between a number and the dash of a range.
_UNIT = r"(?:%|\u2030|°[cf]?|\s?[ap]m|[a-z]{1,2})"


def spell(text: str) -> str:
    """Returns a text with words in place of figures, and of signs beside them."""
    return _digits.apply(_RULES, _digits.in_ascii(text))


def _rule(pattern, read):
    return re.compile(pattern, re.IGNORECASE | re.ASCII), read


# In this order: what a rule has read, the next ones do not see.
_RULES = tuple(
    _rule(pattern, read)
    for pattern, read in (
        (r"(?<=\d)\s?([ap])\.\s?m\b\.?", lambda match: f"{match[1]}m"),
        (_digits.EQUATION, _digits.signs_apart),
        # Groups of three digits that are apart.
        (
            r"(?<![\w.,])\d{1,3}(?:(?: \d{3})* 000|(?:'\d{3})+|(?:\.\d{3})+\.000)"
            r"(?![\w.,])",
            reading.groups_of_three,
        ),
        # Numbers of telephones, dates, and other figures in groups.
        (r"(?<!\w)\+\d(?:[ .()-]{0,2}\d){6,14}(?!\w)", reading.digit_by_digit),
        (
            r"(?<![\w.,])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\w)",
            reading.digit_by_digit,
        ),
        # A hundred to a thousand ends in zeros.
        (r"(?<![\w.,-])(?!\d\d0-\d{3}0)\d{3}-\d{4}(?![\w-])", reading.digit_by_digit),
        (r"(?<![\w.,])0\d(?:[ .-]\d\d){4}(?!\w)", reading.digit_by_digit),
        (
            r"(?<![\w.,])0\d{2,4}[ -]\d{3,4}(?:[ -]?\d{3,4})?(?!\w)",
            reading.digit_by_digit,
        ),
        (r"(?<![\w.,])\d{4}(?: \d{4}){3}(?![\w.,])", reading.digit_by_digit),
        (r"(?<![\w.,-])\d+(?:-\d+){2,}(?!\w)", reading.groups),
        (r"(?<![\w.,-])(\d+)-\1(?![\w.,-])", r"\1 \1"),
        (r"(?<![\w/-])24[-/]7(?![\w/-])", "24 7"),
        (r"(?<![\w-])1-(8\d\d)-(?=[a-z])", r"1 \1 "),
        # Types, of which the second number is no end.
        (r"(?<![a-z\d])([a-z]\d)-(?=\d{4})", r"\1 "),
        # Parts of one.
        (r"(?<![\w./])(\d+\.\d+)/(?=\d+(?![\w/]))", r"\1 out of "),
        (rf"(?<![\w)])[{_MINUS}](?=(?:\d+ )?\d+/\d)", word("minus ")),
        (
            r"(?<![\w./])(?P<whole>\d+)(?: +|-)(?P<over>\d)/(?P<under>[2-9]|10|16)"
            r"(?:(?:rd|th)s?)?(?![\w/])",
            reading.mixed,
        ),
        (
            r"(?<![\w./])(?P<over>\d{1,9})/(?P<under>\d{1,9})(?:st|nd|rd|th)s?(?!\w)",
            reading.fraction_by_ordinal,
        ),
        (rf"(?<=\de)[{_MINUS}](?=\d)", word("minus ")),
        (r"(?<=\d)\s?[x\u00d7*]\s?(?=10\^)", word("times ")),
        (rf"\^[{_MINUS}]?(\d+)", reading.power),
        (r"(?<![a-z])([a-z]|\d+)\^(?=[a-z](?!\w))", r"\1 to the power of "),
        # From one to another.
        (rf"({_SIGN})\s?[{_MINUS}](?=\.?\d)", r"-\1"),
        (
            rf"(?P<sign>{_SIGN})\s?(?P<first>{_NUMBER}(?:[kmb]|[mbt]n)?)\s?[-~{_DASHES}]\s?"
            rf"(?P<last>{_NUMBER})(?![-/.]?\d)",
            reading.money_range,
        ),
        (rf"(?<![\w)])(-{_NUMBER}{_UNIT}?)-(?=-\.?\d)", r"\1 to "),
        (
            rf"(\d{_UNIT}?)\s?[{_DASHES}](?=\s?[{_MINUS}]?{_SIGN}?\.?\d)",
            r"\1 to ",
        ),
        (rf"(\d{_UNIT}?)[-~](?={_SIGN}?\.?\d)", r"\1 to "),
        (rf"(\d{_UNIT}|:\d\d) - (?={_SIGN}?\.?\d)", r"\1 to "),
        (r"(?<!\d)(1[1-9]\d\d|20\d\d) - (?=(?:1[1-9]|20)\d\d(?!\d))", r"\1 to "),
        (rf"(?<=\d) - (?={_SIGN})", "to "),
        (rf"(\d{_SCALE_WORD}) ?[-{_DASHES}] ?(?={_SIGN}\.?\d)", r"\1 to "),
        (rf"(?<![\w.,]){_NUMBER} - {_NUMBER}(?![\w,]|\.\d)", reading.apart),
        (rf"(?<![\w'])(\d+')\s?[-{_DASHES}]\s?(?=\d+'(?!\w))", r"\1 to "),
        (rf"(\ds?)\s?[-{_DASHES}]\s?(?='\d)", r"\1 to "),
        (r"(?<![a-z])([a-z])(\d+)[-~](?=\1\d)", r"\1\2 to "),
        (rf"(?<![a-z])([a-z])(\d+)\s?[{_DASHES}]\s?(?=\1\d)", r"\1\2 to "),
        (r"(?<![\w./])\d+(?:/\d+)+(?![\w/])", reading.slashes),
        # Times and scores.
        (
            r"(?<![\w:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)"
            r"(?::(?P<second>[0-5]\d))?(?![:\d])(?P<half>(?=\s?[ap]m\b))?",
            reading.time,
        ),
        (
            r"(?<![\w:.])(?P<hour>1?\d)\.(?P<minute>[0-5]\d)(?P<second>)"
            r"(?P<half>(?=\s?[ap]m\b))",
            reading.time,
        ),
        (r"(?<=\d)(?::| : )(?=\d)", word("to")),
        # Less than nothing.
        (rf"(?<![\w)])[{_MINUS}\u2013](?={_SIGN}?\.?\d)", word("minus ")),
        (
            rf"(?<=[\w)%])\s?\u2212\s?(?=[\w(]|{_SIGN})|(?<=\d) - (?=\d)",
            word("minus "),
        ),
        # Signs before numbers.
        (rf"±(?=\s?{_SIGN}?\.?\d)", word("plus or minus ")),
        (rf"(?:\u2264|<=)(?=\s?{_SIGN}?\.?\d)", word("less than or equal to ")),
        (rf"(?:\u2265|>=)(?=\s?{_SIGN}?\.?\d)", word("greater than or equal to ")),
        (rf"(?<![<>])<(?=\s?{_SIGN}?\.?\d)", word("less than ")),
        (rf"(?<![<>])>(?=\s?{_SIGN}?\.?\d)", word("greater than ")),
        # Money, shares, degrees, feet.
        (r"\$(?P<digits>[125]0{1,2})s(?!\w)", reading.decade),
        (r"(€\s?\d+),(\d\d)(?![\d,])", r"\1.\2"),
        (r"(?<![\d,])(\d+),(\d\d)(?=\s?€)", r"\1.\2"),
        (
            rf"{_COUNTRY}(?<!\d)(?P<sign>{_SIGN})\s?(?P<number>{_NUMBER}){_SCALE}",
            reading.money,
        ),
        (rf"(?P<number>{_NUMBER})(?P<scale>)\s?(?P<sign>{_SIGN}|¢)", reading.money),
        (rf"({_NUMBER})\s?%", lambda match: f"{number(match[1])} percent"),
        (rf"(?P<number>{_NUMBER})\s?°(?:\s?(?P<scale>[cf])\b)?", reading.degrees),
        (r"(?<=[a-z])\s*°(?:\s?(?P<scale>[cf])\b)?", reading.degrees),
        (r"(?<![a-z\d])(\d+)'\s?(\d{1,2})(?:''|\")?(?!\d)", r"\1 foot \2 "),
        # Several of a kind, and one in a row.
        (r"(?<!\w)'0(\d)(?!\w)", r"oh \1"),
        (r"(?<!\w)'?(?P<digits>(?:\d\d)?\d0)'?s(?!\w)", reading.decade),
        (
            r"(?<![\w.,])'?(?P<digits>\d{1,3}(?:,\d{3})+|\d{2,})'?s(?!\w)",
            reading.decade,
        ),
        (r"(?<=[a-z])(?P<digits>\d+)s(?!\w)", reading.decade),
        (r"(?P<digits>\d+)'s(?!\w)", reading.decade),
        (rf"({_WHOLE})(?:st|nd|rd|th)(?![a-z])", lambda match: ordinal(match[1])),
        (
            rf"({_WHOLE})(?:st|nd|rd|th)s(?![a-z])",
            lambda match: plural(ordinal(match[1])).removeprefix("one "),
        ),
        # Signs between numbers.
        (r"(?<=\d)\s?\*\s?(?=\d)|(?<=\d) \u00d7 (?=\d)", word("times ")),
        (r"(?<!\b0)(?<=\d)(?:'{1,2}|\")?\s?[x×]\s?(?=\d)", word("by ")),
        (r"(?<=\w)\s?%", word("percent")),
        (r"(?<=\w)\s?\u2030", word("per mille")),
        (r"(?<=\w)\s?\u2031", word("per ten thousand")),
        (r"\+", word("plus ")),
        (r"(?<=\d)\s?÷\s?(?=\d)", word("divided by ")),
        (r"(?<=[\w)])\s?=\s?(?=[\w(])", word("equals ")),
        (r"(?<!\w)#\s?(?=\d)|\bno\.\s?(?=\d)", word("number ")),
        (r"\bnos\.\s?(?=\d)", word("numbers ")),
        (r"§\s?(?=\d)", word("section ")),
        # All other figures.
        (r"(?<!\d)\d+(?:\.\d+){2,}", reading.dotted),
        (_NUMBER, reading.plain),
        (r"\d", lambda match: one_by_one(match[0])),
    )
)
