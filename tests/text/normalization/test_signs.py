"""Tests of `for_scoring` on signs: sums, ranges, units, apostrophes, addresses."""

import time

import pytest

from speechkit.text import AbbreviationNormalizer, for_scoring
from text.normalization.sentences import assert_said_alike_within

# As people write it, and as they say it.
ENGLISH = {
    # A sign of money and a minus, and ranges.
    "$-5": "minus five dollars",
    "$\u22125": "minus five dollars",
    "$10-20": "ten to twenty dollars",
    "\u00a310\u201320": "ten to twenty pounds",
    "$5k-10k": "five thousand dollars to ten thousand dollars",
    "$10-15 million": "ten to fifteen million dollars",
    "$1.50-2.00": "one dollar and fifty cents to two dollars",
    "$10 - $20": "ten dollars to twenty dollars",
    "10-20\u20ac": "ten to twenty euros",
    "\u20ac5,50": "five euros and fifty cents",
    "US$5": "five us dollars",
    "HK$5bn": "five billion hong kong dollars",
    "5\u201310%": "five to ten percent",
    "5\u201310\u00b0C": "five to ten degrees celsius",
    "-5\u2013-10": "minus five to minus ten",
    "-5--10": "minus five to minus ten",
    "\u20135": "minus five",
    "1st\u201431st": "first to thirty first",
    "9 a.m.\u20135 p.m.": "nine am to five pm",
    "9am - 5pm": "nine am to five pm",
    "10:30 - 11:30": "ten thirty to eleven thirty",
    "1990 - 1995": "nineteen ninety to nineteen ninety five",
    "the '80s\u2013'90s": "the eighties to nineties",
    "Q1-Q3": "q one to q three",
    "24-7": "twenty four seven",
    # Sums.
    "5-2=3": "five minus two equals three",
    "5 \u2013 2 = 3": "five minus two equals three",
    "3=5-2": "three equals five minus two",
    "10-3-2=5": "ten minus three minus two equals five",
    "6/2=3": "six divided by two equals three",
    "5*3=15": "five times three equals fifteen",
    "1/2+1/4=3/4": "one half plus one quarter equals three quarters",
    "(5-2)=3": "five minus two equals three",
    "$10-$5=$5": "ten dollars minus five dollars equals five dollars",
    "10%-5%=5%": "ten percent minus five percent equals five percent",
    "-\u00bd": "minus one half",
    "3 : 2": "three to two",
    "x=-3": "x equals minus three",
    "\u22655%": "greater than or equal to five percent",
    "\u00b15%": "plus or minus five percent",
    "<$5": "less than five dollars",
    "C++ and A+": "c plus plus and a plus",
    "10\u207b\u00b3": "ten to the power of minus three",
    "1.5e-3": "one point five e minus three",
    "2^n": "two to the power of n",
    # Parts of one, and several.
    "2/3rds": "two thirds",
    "3/4ths": "three fourths",
    "1 \u00bd": "one and a half",
    "\u00b2\u2044\u2083": "two thirds",
    "1/100": "one hundredth",
    "5ths": "fifths",
    "100ths": "hundredths",
    "two 10ths": "two tenths",
    "50\u2030": "fifty per mille",
    "\u2116 5": "number five",
    "# 5": "number five",
    "N\u00ba 5": "number five",
    "N\u00b05": "number five",
    "Nos. 5 and 6": "numbers five and six",
    "\u00a75": "section five",
    "1.000.000": "one million",
    "1-800-FLOWERS": "one eight hundred flowers",
    # Quarters, years, feet.
    "Q3'20": "q three twenty",
    "FY\u201921": "fy twenty one",
    "class of '08": "class of oh eight",
    "5'11\"": "five foot eleven",
    "5\u203211\u2033": "five foot eleven",
    "12' x 15'": "twelve by fifteen",
    '8.5"x11"': "eight point five by eleven",
    # Abbreviations and addresses.
    "R&D": "r and d",
    "B&amp;B": "b and b",
    "Mr.Brown": "mister brown",
    "salt & pepper": "salt and pepper",
    "AT\uff06T": "at and t",
    "I.B.M.": "ibm",
    "the U.S.'s": "the us's",
    "Mr. Brown vs. Dr. Smith": "mister brown versus doctor smith",
    "Mrs Hu, etc.": "missus hu et cetera",
    "me@you.com": "me at you dot com",
    "https://www.example.org/a": "www dot example dot org slash a",
    "example.co.uk": "example co uk",
    "a @ b": "a at b",
    "@home": "at home",
    # What stays.
    "Louis XIV": "louis xiv",
    "Ms. St. John": "ms st john",
    "i went home.it was late": "i went home it was late",
    "rock'n'roll 'n' y'all": "rock'n'roll n y'all",
}
MANDARIN = {
    # Units.
    "50㎡": "五十平方米",
    "100m\u00b2": "一百平方米",
    "2㎥": "两立方米",
    "5㎢": "五平方公里",
    "60km/h": "六十公里每小时",
    "10m/s": "十米每秒",
    "2kg": "两公斤",
    "180 cm": "一百八十厘米",
    "5-10㎏": "五到十公斤",
    "50元/㎡": "五十元每平方米",
    "3元/斤": "三元每斤",
    "男/女": "男女",
    "3\u203220\u2033": "三分二十秒",
    "12'30\"": "十二分三十秒",
    "116°23\u2032": "一百一十六度二十三分",
    # Powers and sums.
    "10\u207b\u00b3": "十的负三次方",
    "10^-6": "十的负六次方",
    "10\u00b2": "十的平方",
    "2\u00b3": "二的三次方",
    "x\u00b2": "x平方",
    "1e-5": "一e负五",
    "1E\u22125": "一e负五",
    "5-2=3": "五减二等于三",
    "\uff15\uff0d\uff12\uff1d\uff13": "五减二等于三",
    "3=5-2": "三等于五减二",
    "6/2=3": "六除以二等于三",
    "10\u22123": "十减三",
    "3m\u00d74m": "三m乘四m",
    "(5-2)=3": "五减二等于三",
    "-\u00bd": "负二分之一",
    "3 \uff1a 2": "三比二",
    "10%-5%=5%": "百分之十减百分之五等于百分之五",
    "x=-5": "x等于负五",
    "1+1>2": "一加一大于二",
    "\u22655\u2103": "大于等于五摄氏度",
    "\u22645%": "小于等于百分之五",
    "\u22485": "约等于五",
    "\u00b10.5\u2103": "正负零点五摄氏度",
    "+5": "加五",
    "\uff0b5\u2103": "正五摄氏度",
    # Ranges and scores.
    "5-10%": "百分之五到百分之十",
    "5\uff5e10\uff05": "百分之五到百分之十",
    "1-5\u2030": "千分之一到千分之五",
    "-5~-10\u2103": "负五到负十摄氏度",
    "-5\u2103~5\u2103": "负五摄氏度到五摄氏度",
    "\uffe510-20": "十到二十元",
    "$10~20": "十到二十美元",
    "-10\u2103\uff5e-5\u2103": "负十摄氏度到负五摄氏度",
    "5至10%": "百分之五至百分之十",
    "2019-2020赛季": "二零一九到二零二零赛季",
    "2-1获胜": "二比一获胜",
    "比分3-5": "比分三比五",
    "0-0": "零比零",
    "8:30-9:20": "八点三十分到九点二十分",
    # Money.
    "100$": "一百美元",
    "5万\uffe5": "五万元",
    "\uffe5-5": "负五元",
    "HK$5": "五港元",
    "US$1.5亿": "一点五亿美元",
    "100%": "百分之百",
    # Groups.
    "10 000元": "一万元",
    "1 234 567元": "一百二十三万四千五百六十七元",
    "1'000": "一千",
    "2 000.5": "两千点五",
    # Telephones.
    "(010)12345678": "零一零一二三四五六七八",
    "\uff08021\uff095888 8888": "零二一五八八八八八八八",
    "0571-8888 8888": "零五七一八八八八八八八八",
    "0755 1234 5678": "零七五五一二三四五六七八",
    "010-12345678-801": "零一零一二三四五六七八八零一",
    "86-10-12345678": "八六一零一二三四五六七八",
    "400 123 4567": "四零零一二三四五六七",
    "120急救": "一二零急救",
    "12345热线": "一二三四五热线",
    "C919": "c九一九",
    "MU5137": "mu五一三七",
    "4001234567": "四零零一二三四五六七",
    "二\u25cb\u25cb八年": "二零零八年",
    # Dates and times, and what stays.
    "2026.11.30": "二零二六年十一月三十日",
    "12:30:05": "十二点三十分零五秒",
    "3.5折": "三点五折",
    "5G WiFi6 A4": "五g wifi六a四",
    "\u2163": "iv",
}
APOSTROPHES = (
    "\u0060\u0091\u0092\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u02ce"
    "\u02ee\u0384\u055a\u05f3\u07f4\u1fbd\u1ffe\u2018\u2019\u201b\u2032\u2033\u2035\u275b"
    "\u275c\u275f\ua78c\uff07\uff40"
)
TABLES = [("en", *row) for row in ENGLISH.items()]
TABLES += [("zh", *row) for row in MANDARIN.items()]


@pytest.mark.parametrize(("language", "text", "expected"), TABLES)
def test_signs_become_what_people_say(language, text, expected):
    assert for_scoring(language)(text) == expected


@pytest.mark.parametrize("language", ["en", "zh"])
def test_signs_are_said_alike_within_a_sentence(language):
    table = ENGLISH if language == "en" else MANDARIN

    assert_said_alike_within(language, table)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_people_say_is_left_alone(language):
    normalizer = for_scoring(language)

    for expected in (ENGLISH if language == "en" else MANDARIN).values():
        assert normalizer(expected) == expected


@pytest.mark.parametrize("sign", APOSTROPHES, ids=lambda sign: f"U+{ord(sign):04X}")
def test_every_apostrophe_is_one(sign):
    assert for_scoring("en")(f"It{sign}s don{sign}t") == "it's don't"


def test_abbreviations_keep_case_and_what_is_none():
    normalizer = AbbreviationNormalizer()

    assert (
        normalizer("Mr. A.B. Cox, Dr.; drum etch") == "mister AB Cox, doctor; drum etch"
    )
    assert normalizer("v2.0.1 3.5 St. e.g") == "v2.0.1 3.5 St. eg"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "piece", ["1+1", "1 + ", "a.", "1-1-", "0 000 ", "$1-", "a@a.", "5'5\"", "\u2033"]
)
def test_long_texts_take_no_longer_than_reading_them(language, piece):
    start = time.perf_counter()

    for_scoring(language)(piece * (3000 // len(piece)))

    assert time.perf_counter() - start < 3
