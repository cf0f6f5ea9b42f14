"""Chinese texts with figures to texts in words."""

import re

from speechkit.text.normalization import _digits
from speechkit.text.normalization._digits import word
from speechkit.text.normalization._mandarin_words import (
    DIGITS,
    cardinal,
    number,
    one_by_one,
)
from speechkit.text.splitting import IDEOGRAPH

_WHOLE = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
_NUMBER = rf"(?:{_WHOLE}(?:\.\d+)?|(?<![\w.])\.\d+)"
# Two of these are 两.
_MEASURES = (
    "个|個|只|次|条|张|件|位|名|天|周|岁|小时|分钟|秒|点|倍|种|家|块|元|万|亿|千|米|公里|斤|"
    "公斤|克|升|本|台|部|辆|架|杯|瓶|碗|盒|包|袋|双|对|套|间|座|棵|朵|头|匹|份|句|段|首|场|"
    "轮|遍|趟|步|圈|根|支|片|颗|粒|滴|行|排|门|项|人|年(?!级|代|前后)|把|封|道|顿|幅|群|"
    "美元|欧元|英镑|百万|千万"
)
_MONEY = {"$": "美元", "¥": "元", "€": "欧元", "£": "英镑", "₩": "韩元", "₹": "卢比"}
_SIGN = f"[{''.join(_MONEY)}]"
_NUMBERED = "QQ|电话|号码|手机号?|尾号|密码|邮编|验证码|拨打|拨|打"


def spell(text: str) -> str:
    """Returns a text with words in place of figures, and of signs beside them."""
    text = _digits.in_ascii(text).replace("\u3007", "零")
    return _digits.apply(_RULES, text, spaced=False)


def _digit_by_digit(match):
    return one_by_one(re.sub(r"\D", "", match[0]))


def _numbered(match):
    kind, link, digits = match.group("kind", "link", "digits")
    return f"{kind}{link or ''}{one_by_one(digits)}"


def _date(match):
    year, month, day = match.group("year", "month", "day")
    return f"{one_by_one(year)}年{_bare(month)}月{_bare(day)}日"


def _bare(digits):
    return cardinal(digits.lstrip("0") or "0")


def _time(match):
    hour, minute, second = match.group("hour", "minute", "second")
    words = f"{_two(hour.lstrip('0') or '0')}点"
    if second:
        return f"{words}{cardinal(minute)}分{cardinal(second)}秒"
    return words if minute == "00" else f"{words}{cardinal(minute)}分"


def _two(digits):
    return "两" if digits == "2" else number(digits)


def _money(match):
    words = number(match["number"])
    if match["number"] == "2" and match["scale"][:1] not in ("十", "百"):
        words = "两"
    return f"{words}{match['scale']}{_MONEY[match['sign']]}"


def _share(match):
    of = {"%": "百", "‰": "千"}[match[2]]
    return f"{of}分之{number(match[1])}"


def _degrees(match):
    scale = {"c": "摄氏", "f": "华氏"}.get((match[2] or "").lower(), "")
    return f"{number(match[1])}{scale}度"


def _fraction(match):
    return f"{number(match[2])}分之{number(match[1])}"


def _dotted(match):
    return "点".join(map(cardinal, match[0].split(".")))


# In this order: what a rule has read, the next ones do not see.
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), read)
    for pattern, read in (
        # Dates, and years that are read digit by digit.
        (
            r"(?<![\d.])(?P<year>[12]\d{3})([-/.])(?P<month>0?[1-9]|1[0-2])\2"
            r"(?P<day>[12]\d|3[01]|0?[1-9])(?![\d.])",
            _date,
        ),
        (
            r"(?<![\d.,])([12]\d{3})[-~—–]([12]\d{3})(?=年)",
            lambda m: f"{one_by_one(m[1])}到{one_by_one(m[2])}",
        ),
        (
            r"(?<![\d.,])(?:1(?!000)\d{3}|20\d\d)(?=年(?!前|来|间|历史|的历史))",
            _digit_by_digit,
        ),
        (r"(?<![\d.])[05-9][05](?=后(?!面|来|天|的))", _digit_by_digit),
        (r"(?<!\d)\d{1,2}·\d{1,2}(?!\d)", _digit_by_digit),
        (r"(?<!\d)0([1-9])(?=[月日号])", r"\1"),
        # Numbers of telephones.
        (r"\+\d{1,3}[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", _digit_by_digit),
        (r"(?<![\d.,])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d,])", _digit_by_digit),
        (r"(?<![\d.,])0\d{2,3}[ -]\d{7,8}(?!\d)", _digit_by_digit),
        (r"(?<!\d)\d{3,4}-\d{3,4}-\d{3,4}(?!\d)", _digit_by_digit),
        (
            rf"(?P<kind>{_NUMBERED})(?P<link>是|为|:)?\s?(?P<digits>\d{{3,}})"
            rf"(?!\d|[.,]\d|{_MEASURES})",
            _numbered,
        ),
        # From one to another.
        (rf"(?<![\d.,第])2(?=[-~—–至到]+{_NUMBER}(?:{_MEASURES}))", word("两")),
        (rf"(?<=[\d两%])(?:[-~—–]+| [-~—–]+ )(?={_SIGN}?\.?\d)", word("到")),
        (
            r"(\d(?P<unit>[^\d\s,.:;!?()~—–-]{1,4}))[-~—–]+"
            r"(?=\.?\d+(?:\.\d+)?(?P=unit))",
            lambda match: f"{match[1]}到",
        ),
        # Times and scores.
        (
            r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)"
            r"(?::(?P<second>[0-5]\d))?(?![:\d])",
            _time,
        ),
        (r"(?<=\d):(?=\d)", word("比")),
        (rf"(?<=[日号月点半年分时页])[-~—–]+(?=[\d{DIGITS}])", word("到")),
        (r"(?<=[章节页课楼层级届条款])[-~—–]+(?=第)", word("到")),
        # Less than nothing; behind a character, a dash is no minus.
        (rf"(?<![\w){IDEOGRAPH}])[-\u2212](?={_SIGN}?\.?\d)", word("负")),
        (r"(?<=[度是为到至约达])[-\u2212](?=\.?\d)", word("负")),
        (r"[-\u2212](?=\.?\d+(?:\.\d+)?[度°%])", word("负")),
        # Money, shares, degrees, fractions.
        (
            rf"(?P<sign>{_SIGN})\s?(?P<number>{_NUMBER})(?P<scale>[十百千万亿]*)(?:美元|元)?",
            _money,
        ),
        (rf"({_NUMBER})\s?([%‰])", _share),
        (rf"({_NUMBER})\s?°\s?(?:([cf])(?![a-z]))?", _degrees),
        (
            r"(?<![\d./])(\d+) (\d+)/(\d+)(?![\d/])",
            lambda m: f"{number(m[1])}又{number(m[3])}分之{number(m[2])}",
        ),
        (r"(?<![\d./])(\d+)/(\d+)(?![\d/])", _fraction),
        # Signs between numbers.
        (r"(?<=\d)\s?[x×*]\s?(?=\d)", word("乘")),
        (r"\^2(?!\d)", word("平方")),
        (r"\^3(?!\d)", word("立方")),
        (r"\^(\d+)", lambda match: f"的{number(match[1])}次方"),
        (r"(?<=\d)\s?\+", word("加")),
        (r"(?<=\d)\s?÷\s?(?=\d)", word("除以")),
        (r"(?<=\d)\s?=\s?(?=\d)", word("等于")),
        # All other figures.
        (r"(?<!\d)\d+(?:\.\d+){2,}", _dotted),
        (rf"(?<![\d.,第a-z])2(?={_MEASURES})", word("两")),
        (_NUMBER, lambda match: number(match[0])),
    )
)
