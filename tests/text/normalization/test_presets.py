"""Tests of `for_scoring`: what is heard alike is written alike."""

import itertools

import hypothesis
import pytest
from hypothesis import strategies

from speechkit.text import for_scoring
from text.normalization.sentences import assert_said_alike_within

ALIKE = {
    "en": [
        "It's 5 o'clock, Mister Brown: twenty-one!",
        "it\u2019s FIVE o'clock  mister brown 21",
        "it's five o'clock mister brown twenty one",
    ],
    "zh": [
        "藍牙\uff0c開機 20 次 WiFi",
        "蓝牙开机二十次wifi",
        "蓝 牙 开机。20次 \uff37iFi",
    ],
}
# As people write it, and as they say it.
ENGLISH = {
    # Notes, marks, ranges with a word or a prime, types, and dates with dots.
    "$20s": "twenties",
    "$100s": "hundreds",
    "4.5/5": "four point five out of five",
    ">=5": "greater than or equal to five",
    "<= 5": "less than or equal to five",
    "5'-6'": "five to six",
    "$3 million-$4 million": "three million dollars to four million dollars",
    "\u00a31 billion\u2013\u00a32 billion": "one billion pounds to two billion pounds",
    "5 - 10 minutes": "five to ten minutes",
    "1,000 - 2,000": "one thousand to two thousand",
    "10 - 3": "ten minus three",
    "31.12.1999": "thirty one twelve nineteen ninety nine",
    "10.0.0.1": "ten point zero point zero point one",
    "Ph.D.": "phd",
    "i7-13700K": "i seven thirteen thousand seven hundred k",
    "90\u00ba": "ninety degrees",
    "\u00bd\u00b0": "one half degrees",
    "-\u00bd \u00b0C": "minus one half degrees celsius",
    # Figures beside letters.
    "10am": "ten am",
    "10 a.m.": "ten am",
    "5g": "five g",
    "mp3": "mp three",
    "mp3player": "mp three player",
    "R2D2": "r two d two",
    "COVID-19": "covid nineteen",
    "F-16s": "f sixteens",
    "19-year-old": "nineteen year old",
    "1e5": "one e five",
    "5km": "five km",
    "A4": "a four",
    "3D": "three d",
    "H\u2082O": "h two o",
    # Ordinals, decades, years.
    "1st": "first",
    "the 2nd and 3RD": "the second and third",
    "11th, 12th, 13th": "eleventh twelfth thirteenth",
    "21st": "twenty first",
    "30th": "thirtieth",
    "100th": "one hundredth",
    "1990s": "nineteen nineties",
    "\u201990s": "nineties",
    "the '80s and 90's": "the eighties and nineties",
    "2000s": "two thousands",
    "2010s": "twenty tens",
    "747s": "seven hundred forty sevens",
    "in 1990": "in nineteen ninety",
    "1905": "nineteen oh five",
    "1900": "nineteen hundred",
    "2026": "two thousand twenty six",
    "class of \u201998": "class of ninety eight",
    # Money, shares, degrees, measures.
    "$5.50": "five dollars and fifty cents",
    "$1": "one dollar",
    "\u00a33m": "three million pounds",
    "\u20ac2.5bn": "two point five billion euros",
    "$2 million": "two million dollars",
    "50\u00a2": "fifty cents",
    "5\u20ac": "five euros",
    "\uffe55": "five yen",
    "$1,234.56": "one thousand two hundred thirty four dollars and fifty six cents",
    "$0.99": "ninety nine cents",
    "-$5": "minus five dollars",
    "$10-$20": "ten dollars to twenty dollars",
    "10%": "ten percent",
    "3.5 %": "three point five percent",
    "20\u2103": "twenty degrees celsius",
    "70 \u00b0F": "seventy degrees fahrenheit",
    "6'2\"": "six foot two",
    "10\u00b2": "ten squared",
    "5 m\u00b3": "five m cubed",
    "3\u00bd%": "three and a half percent",
    "6\u00d710\u00b2\u00b3": "six times ten to the power of twenty three",
    "3 \u00d7 4": "three times four",
    # Times, ranges, fractions.
    "3:30": "three thirty",
    "3:05pm": "three oh five pm",
    "3:00": "three o'clock",
    "10:30-11:45": "ten thirty to eleven forty five",
    "9am-5pm": "nine am to five pm",
    "3-4": "three to four",
    "10\u201320": "ten to twenty",
    "10%-20%": "ten percent to twenty percent",
    "1st\u20133rd": "first to third",
    "2:1": "two to one",
    "1/2": "one half",
    "3/4": "three quarters",
    "2/3": "two thirds",
    "2\u00bd": "two and a half",
    "24/7": "twenty four seven",
    "9/11": "nine eleven",
    "50-50": "fifty fifty",
    "4x4": "four by four",
    "4111 1111 1111 1111": "four " + " ".join(["one"] * 15),
    # Digits one by one.
    "007": "zero zero seven",
    "555-1234": "five five five one two three four",
    "+1 (555) 123-4567": "plus one five five five one two three four five six seven",
    "020 7946 0958": "zero two zero seven nine four six zero nine five eight",
    "123-45-6789": "one two three four five six seven eight nine",
    "1" * 37: " ".join(["one"] * 37),
    "2024-01-15": "two thousand twenty four one fifteen",
    # Numbers.
    "1,234": "one thousand two hundred thirty four",
    "1,234.56": "one thousand two hundred thirty four point five six",
    "1 000 000": "one million",
    "1\u00a0234": "one thousand two hundred thirty four",
    "1" + "0" * 35: "one hundred decillion",
    ".5": "point five",
    "0.5": "zero point five",
    "-3": "minus three",
    "\u22123": "minus three",
    "5 - 3 = 2": "five minus three equals two",
    "18+": "eighteen plus",
    "#1": "number one",
    "No. 1": "number one",
    "v1.2.3": "v one point two point three",
    "1,2 and 3": "one two and three",
    "\uff11\uff12\uff13": "one hundred twenty three",
    "\u0661\u0662": "twelve",
    "\u2460\u2461": "one two",
    "1\ufe0f\u20e3": "one",
    # Apostrophes, and contractions that stay.
    "it\u00b4s": "it's",
    "don\u2032t": "don't",
    "it\u2018s it`s it\uff07s it\u02bcs": "it's it's it's it's",
    "she'll": "she'll",
    "can't": "can't",
    "let's": "let's",
    "rock 'n' roll": "rock n roll",
    "the dogs' `bone`": "the dogs bone",
    # What nobody sees.
    "tu\u00adrn le\u200bft\ufeff": "turn left",
    "\u202aturn\u202c left\u200d": "turn left",
    "\ufb01ve \uff26ull": "five full",
    "turn\u00a0\u3000left\u00a8": "turn left",
    "\u0130\u0323 a\u0149": "\u1ecb\u0307 a'n",
}
MANDARIN = {
    "½℃": "二分之一摄氏度",
    "½%": "百分之二分之一",
    "2½%": "百分之二又二分之一",
    "3/4 °C": "四分之三摄氏度",
    "2024Q1": "二零二四q一",
    "1920x1080": "一千九百二十乘一千零八十",
    "3-2-501": "三二五零一",
    "1米75": "一米七五",
    "1米75厘米": "一米七十五厘米",
    "5>=3": "五大于等于三",
    "气温-3~5℃": "气温负三到五摄氏度",
    "气温-3~-1℃": "气温负三到负一摄氏度",
    "3-0横扫": "三比零横扫",
    "满200-20": "满二百减二十",
    "85折": "八五折",
    "90折": "九十折",
    "i7-13700K": "i七一三七零零k",
    "京A·12345": "京a一二三四五",
    # Numbers.
    "1,234元": "一千二百三十四元",
    "1\uff0c234\uff0c567": "一百二十三万四千五百六十七",
    "\uff11\uff12\uff13": "一百二十三",
    "100010": "十万零一十",
    "110000": "十一万",
    "1234500000000": "一万二千三百四十五亿",
    "3.14": "三点一四",
    "0.5": "零点五",
    "1000万": "一千万",
    "3.5万": "三点五万",
    "房间007": "房间零零七",
    "二\u3007二四年": "二零二四年",
    "1.2.3": "一点二点三",
    "第1": "第一",
    # Two.
    "2个": "两个",
    "12个": "十二个",
    "第2个": "第二个",
    "2元": "两元",
    "2万": "两万",
    "2000": "两千",
    "22000": "两万二千",
    "200": "二百",
    "2年": "两年",
    "2年级": "二年级",
    "2月2号": "二月二号",
    "2.5元": "二点五元",
    # Shares, money, degrees, fractions.
    "10%": "百分之十",
    "3.5\uff05": "百分之三点五",
    "5\u2030": "千分之五",
    "$5": "五美元",
    "\uffe52": "两元",
    "25\u2103": "二十五摄氏度",
    "1/2": "二分之一",
    "2\u00bd": "二又二分之一",
    # Dates and times.
    "2024年": "二零二四年",
    "1998年5月3日": "一九九八年五月三日",
    "2024-01-15": "二零二四年一月十五日",
    "2024/1/15": "二零二四年一月十五日",
    "1990年代": "一九九零年代",
    "90年代": "九十年代",
    "2023-2024年": "二零二三到二零二四年",
    "20年": "二十年",
    "1500年前": "一千五百年前",
    "80后": "八零后",
    "05月03日": "五月三日",
    "8:30": "八点三十分",
    "2\uff1a00": "两点",
    "10:05": "十点零五分",
    "2点05分": "两点零五分",
    "8:00-9:30": "八点到九点三十分",
    # Digits one by one.
    "13812345678": "一三八一二三四五六七八",
    "138 1234 5678": "一三八一二三四五六七八",
    "010-12345678": "零一零一二三四五六七八",
    "400-800-1234": "四零零八零零一二三四",
    "电话\uff1a010-62345678": "电话零一零六二三四五六七八",
    "10,020 1000000": "一万零二十一百万",
    "QQ123456": "qq一二三四五六",
    "打110": "打一一零",
    "110元": "一百一十元",
    "密码是123456": "密码是一二三四五六",
    # Signs and ranges.
    "-5度": "负五度",
    "\u22123": "负三",
    "气温-5\u2103": "气温负五摄氏度",
    "3-5天": "三到五天",
    "2-3个": "两到三个",
    "3~5": "三到五",
    "1月15日-20日": "一月十五日到二十日",
    "10%-20%": "百分之十到百分之二十",
    "5元-10元": "五元到十元",
    "50岁-60岁": "五十岁到六十岁",
    "20℃-30℃": "二十摄氏度到三十摄氏度",
    "9点半-11点": "九点半到十一点",
    "2010年-2020年": "二零一零年到二零二零年",
    "2010年—2020年": "二零一零年到二零二零年",
    "¥5-¥10": "五元到十元",
    "第1章-第3章": "第一章到第三章",
    "波音-737": "波音七百三十七",
    "神舟-12": "神舟十二",
    "3:2": "三比二",
    "5+3=8": "五加三等于八",
    # Figures beside letters.
    "5G手机": "五g手机",
    "mp3": "mp三",
    "A4纸": "a四纸",
    "3D打印": "三d打印",
    "5km": "五公里",
    "USB3.0": "usb三点零",
    "COVID-19": "covid十九",
    "1e5": "一e五",
    # What is no number stays.
    "两点二十": "两点二十",
    "兩個": "两个",
    "\u200b打\u00ad开 WiFi": "打开wifi",
}
TABLES = [("en", *row) for row in ENGLISH.items()]
TABLES += [("zh", *row) for row in MANDARIN.items()]
CHARACTERS = strategies.characters(exclude_categories=("Cs",))
FIGURES = strategies.sampled_from(
    [
        *"0123456789.,:-/%$'°+x^ ²½é好年sekm=*<&@~",
        "st",
        "ths",
        "am",
        "2个",
        "mr.",
        "a.b.",
    ]
) | strategies.sampled_from(["\u0661", "\u2460", "\u0301", "\u2212", "\u2013"])
TEXTS = strategies.lists(CHARACTERS | FIGURES | FIGURES, max_size=12).map("".join)


@pytest.mark.parametrize("language", ALIKE)
def test_what_sounds_alike_is_written_alike(language):
    normalizer = for_scoring(language)

    texts = [normalizer(text) for text in ALIKE[language]]

    for one, other in itertools.pairwise(texts):
        assert one == other


@pytest.mark.parametrize(("language", "text", "expected"), TABLES)
def test_what_people_write_becomes_what_they_say(language, text, expected):
    assert for_scoring(language)(text) == expected


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_people_write_is_said_alike_within_a_sentence(language):
    table = ENGLISH if language == "en" else MANDARIN

    assert_said_alike_within(language, table)


@pytest.mark.parametrize("language", ["en", "zh"])
@hypothesis.given(text=TEXTS)
@hypothesis.settings(max_examples=300, deadline=None, derandomize=True)
def test_no_text_keeps_digits_or_spare_spaces(language, text):
    normalizer = for_scoring(language)

    once = normalizer(text)

    assert not any(character.isdigit() for character in once)
    assert once.split(" ") == (once.split() or [""])
    assert normalizer(once) == once


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "its", "it's"),
        ("en", "a b", "ab"),
        ("en", "she'll", "she will"),
        ("en", "can't", "cannot"),
        ("en", "let's", "let us"),
        ("zh", "开机", "关机"),
        ("zh", "二", "两"),
    ],
)
def test_what_sounds_different_stays_different(language, one, other):
    normalizer = for_scoring(language)

    assert normalizer(one) != normalizer(other)


def test_every_step_says_what_it_changed():
    changes = for_scoring("en").changes("Room  21!")

    assert [(change.normalizer, change.before, change.after) for change in changes] == [
        ("LowerCaseNormalizer", "Room", "room"),
        ("NumberNormalizer", "21!", "twenty-one!"),
        ("PunctuationNormalizer", "twenty-one!", "twenty one "),
        ("WhitespaceNormalizer", "  ", " "),
        ("WhitespaceNormalizer", " ", ""),
    ]


def test_rejects_an_unknown_language():
    with pytest.raises(ValueError, match="`language` must be one of 'en', 'zh'"):
        for_scoring("de")
