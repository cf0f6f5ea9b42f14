"""Chinese texts with figures to texts in words."""

import re

from speechkit.text.normalization import _digits
from speechkit.text.normalization import _mandarin_reading as reading
from speechkit.text.normalization._digits import word
from speechkit.text.normalization._mandarin_words import (
    DIGITS,
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
    "美元|欧元|英镑|百万|千万|平方|立方|厘米|毫米|毫升|毫克"
)
_SIGN = f"[{''.join(reading.MONEY)}]"
_SUM = rf"(?P<number>{_NUMBER})(?P<scale>[十百千万亿]*)"
_COUNTRIES = "|".join(reading.COUNTRIES)
_UNITS = "|".join(map(re.escape, sorted(reading.UNITS, key=len, reverse=True)))
_ZEROS = f"\\d{DIGITS}\u25cb\u25ef"
_MINUS = "-\u2212"
# From one to another; no dash before a minus.
_TO = f"(?:[~—–]+(?=[{_MINUS}])|[-~—–]+)"
_OUTCOMES = "[获取战大小完险惜击]?[胜败]|战平|领先|落后|横扫|力克|逆转|不敌|告负|负于"
_HOTLINES = "热线|报警|火警|急救|客服|查号"
_NUMBERED = "QQ|电话|号码|手机号?|尾号|密码|邮编|验证码|拨打|拨|打"


def spell(text: str) -> str:
    """Returns a text with words in place of figures, and of signs beside them."""
    text = _digits.in_ascii(text).replace("\u3007", "零")
    return _digits.apply(_RULES, text, spaced=False)


# In this order: what a rule has read, the next ones do not see.
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), read)
    for pattern, read in (
        (_digits.EQUATION, _digits.signs_apart),
        (
            rf"(?<=[\d{DIGITS}\u25cb\u25ef])[\u25cb\u25ef](?=[\d{DIGITS}\u25cb\u25ef年])",
            "零",
        ),
        # Groups of three digits that are apart.
        (
            r"(?<![\w.,])\d{1,3}(?:(?: \d{3})* 000|(?:'\d{3})+"
            rf"|(?: \d{{3}})+(?=\.\d|{_MEASURES}))(?![\w,])",
            reading.groups_of_three,
        ),
        (rf"(?<=[\d/])\s?(?:{_UNITS})(?![a-z\d^])", reading.unit),
        (rf"(?<=[\w)])\^([{_MINUS}])?(\d+)", reading.power),
        # Dates, and years that are read digit by digit.
        (
            r"(?<![\d.])(?P<year>[12]\d{3})([-/.])(?P<month>0?[1-9]|1[0-2])\2"
            r"(?P<day>[12]\d|3[01]|0?[1-9])(?![\d.])",
            reading.date,
        ),
        (
            r"(?<![\d.,])([12]\d{3})[-~—–]([12]\d{3})(?=年|赛季|学年|财年)",
            lambda m: f"{one_by_one(m[1])}到{one_by_one(m[2])}",
        ),
        (
            r"(?<![\d.,])(?:1(?!000)\d{3}|20\d\d)(?=年(?!前|来|间|历史|的历史))",
            reading.digit_by_digit,
        ),
        (r"(?<![\d.])[12]\d{3}(?=q[1-4](?!\w))", reading.digit_by_digit),
        (r"(?<![\d.])[1-9]{2}(?=折(?!叠))", reading.digit_by_digit),
        (r"(?<=\d米)[1-9]\d(?![\d.]|厘米)", reading.digit_by_digit),
        (r"(?<![\d.])[05-9][05](?=后(?!面|来|天|的))", reading.digit_by_digit),
        (r"(?<!\d)\d{1,2}·\d{1,2}(?!\d)", reading.digit_by_digit),
        (r"(?<!\d)0([1-9])(?=[月日号])", r"\1"),
        # Numbers of telephones.
        (
            r"\+\d{1,3}[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)",
            reading.digit_by_digit,
        ),
        (r"(?<![\d.,])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d,])", reading.digit_by_digit),
        (
            r"(?<![\d.,])(?:\+?86[ -]?\d{2,3}[ -]|\(0\d{2,3}\)[ -]?|0\d{2,3}[ -])"
            r"\d{3,4}[ -]?\d{4}(?:-\d{1,6})?(?!\d)",
            reading.digit_by_digit,
        ),
        (
            rf"(?<![\d.,])[48]00(?:[ -]?\d{{3}}[ -]?\d{{4}}|[ -]\d{{4}}[ -]\d{{3}})"
            rf"(?!\d|[.,]\d|{_MEASURES})",
            reading.digit_by_digit,
        ),
        (r"(?<!\d)\d{3,4}-\d{3,4}-\d{3,4}(?!\d)", reading.digit_by_digit),
        (
            rf"(?P<kind>{_NUMBERED})(?P<link>是|为|:)?\s?(?P<digits>\d{{3,}})"
            rf"(?!\d|[.,]\d|{_MEASURES})",
            reading.numbered,
        ),
        (rf"(?<![\d.,])\d{{3,5}}(?={_HOTLINES})", reading.digit_by_digit),
        # Numbers of rooms.
        (r"(?<![\w.,-])\d+(?:-\d+){2,}(?![\w-])", reading.digit_by_digit),
        # Types, and numbers of cars, flights and trains.
        (r"(?<=[a-z]\d)-(?=\d{4})", ""),
        (r"(?<=\d)x(?=\d)", "×"),
        (r"(?:(?<=[a-z])|(?<=[a-z]·))\d{3,}(?![\d.,])", reading.digit_by_digit),
        # From one to another.
        (rf"({_SIGN})\s?[{_MINUS}](?=\.?\d)", r"-\1"),
        (
            rf"({_SIGN})\s?({_NUMBER})[-~—–]+({_NUMBER})(?![-.,]?\d)",
            r"\2到\1\3",
        ),
        (
            rf"({_NUMBER})(?:[-~—–]+|([至到]))(?={_NUMBER}\s?([%‰]))",
            lambda match: f"{match[1]}{match[3]}{match[2] or '到'}",
        ),
        (rf"(?<![\d.,第])2(?=[-~—–至到]+{_NUMBER}(?:{_MEASURES}))", word("两")),
        (r"(比分(?:是|为|:)?\s?\d+)-(?=\d)", r"\1比"),
        (r"(满\d+)-(?=\d)", r"\1减"),
        (
            rf"(?<![{_MINUS}\d.,:第])(\d{{1,2}})-(\d{{1,2}})"
            rf"(?![\d.,:°%{IDEOGRAPH}-]|\s?[a-z])",
            reading.score,
        ),
        (rf"(?<=\d)-(?=\d+(?:{_OUTCOMES}))", "比"),
        (rf"(?<=[\d两%‰])(?:{_TO}| {_TO} )(?=[{_MINUS}]?{_SIGN}?\.?\d)", word("到")),
        (
            rf"(\d(?P<unit>[^\d\s,.:;!?()~—–-]{{1,4}})){_TO}"
            rf"(?=[{_MINUS}]?\.?\d+(?:\.\d+)?(?P=unit))",
            lambda match: f"{match[1]}到",
        ),
        # Times and scores.
        (
            r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)"
            r"(?::(?P<second>[0-5]\d))?(?![:\d])",
            reading.time,
        ),
        (r"(?<=\d)(?::| : )(?=\d)", word("比")),
        (r"(?<=\d)'([0-5]?\d)(?:''|\")?(?!\d)", r"分\1秒"),
        (r"(?<=°)(\d{1,2})'", r"\1分"),
        (r"(?<=分)(\d{1,2}(?:\.\d+)?)(?:''|\")", r"\1秒"),
        (rf"(?<=[日号月点半年分时页])[-~—–]+(?=[\d{DIGITS}])", word("到")),
        (r"(?<=[章节页课楼层级届条款])[-~—–]+(?=第)", word("到")),
        # Less than nothing; behind a character, a dash is no minus.
        (rf"(?<![\w){IDEOGRAPH}])[{_MINUS}](?={_SIGN}?\.?\d)", word("负")),
        (rf"(?<=[度是为到至约达])[{_MINUS}](?=\.?\d)", word("负")),
        (
            rf"(?<!\d)[{_MINUS}](?=\.?\d+(?:\.\d+)?(?:到[{_MINUS}负]?[\d.]+)?\s?[度°%])",
            word("负"),
        ),
        (rf"(?<=\de)[{_MINUS}](?=\d)", word("负")),
        (r"(?<!\w)\+(?=[\d.]+\s?[度°])", word("正")),
        # Signs before numbers.
        (r"±(?=\s?\.?\d)", word("正负")),
        (r"(?:\u2264|<=)(?=\s?[\d.负])", word("小于等于")),
        (r"(?:\u2265|>=)(?=\s?[\d.负])", word("大于等于")),
        (r"(?<![<>])<(?=\s?[\d.负])", word("小于")),
        (r"(?<![<>])>(?=\s?[\d.负])", word("大于")),
        (r"\u2248(?=\s?[\d.负])", word("约等于")),
        # Money, shares, degrees, fractions.
        (
            rf"(?:(?<![a-z])(?P<country>{_COUNTRIES}))?(?P<sign>{_SIGN})\s?{_SUM}"
            "(?:美元|元)?",
            reading.money,
        ),
        (rf"{_SUM}\s?(?P<sign>{_SIGN})", reading.money),
        (
            r"(?<![\d./])(?:(?P<whole>\d+) +)?(?P<over>\d+)/(?P<under>\d+)\s*"
            r"(?P<sign>[%‰])",
            reading.share_of_fraction,
        ),
        (rf"({_NUMBER})\s?([%‰])", reading.share),
        (
            # Not the lower part of a fraction.
            rf"(?<!/)(?P<number>{_NUMBER})\s?°\s?(?P<scale>[cf](?![a-z]))?",
            reading.degrees,
        ),
        (
            r"(?<![\d./])(?:(?P<whole>\d+) )?(?P<over>\d+)/(?P<under>\d+)(?![\d/])",
            reading.fraction,
        ),
        (r"(?<=之[一二三四五六七八九])\s*°\s?(?P<scale>[cf](?![a-z]))?", reading.scale),
        # Signs between numbers.
        (
            rf"(?<=[元块米里斤克升])/(?=[{IDEOGRAPH}])",
            word("每"),
        ),
        (rf"(?<=\d)\s?[x*]\s?(?=\d)|(?<=[\w{IDEOGRAPH}])\s?×\s?(?=\d)", word("乘")),
        (r"\s?\+", word("加")),
        (rf"(?<=[\w){IDEOGRAPH}])\s?\u2212\s?(?=[\w({IDEOGRAPH}])", word("减")),
        (r"(?<=\d)\s?÷\s?(?=\d)", word("除以")),
        (rf"(?<=[\w){IDEOGRAPH}])\s?=\s?(?=[\w({IDEOGRAPH}])", word("等于")),
        # All other figures.
        (r"(?<!\d)\d+(?:\.\d+){2,}", reading.dotted),
        (rf"(?<![\d.,第a-z])2(?={_MEASURES})", word("两")),
        (_NUMBER, lambda match: number(match[0])),
    )
)
