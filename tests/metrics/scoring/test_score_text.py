"""Tests of the table against one that sclite prints."""

from speechkit.metrics import score, score_to_text

# Of a corpus of two speakers, worked out by hand.
REFERENCES = ["a b c d", "e f", "g h"]
HYPOTHESES = ["a x c", "e f", "g h i"]


def test_table_has_a_line_for_each_speaker():
    result = score(REFERENCES, HYPOTHESES, speakers=["ann", "ann", "benjamin"])

    lines = [line.split() for line in score_to_text(result).splitlines()]

    assert lines == [
        ["Snt", "Tok", "Corr", "Sub", "Del", "Ins", "Err", "S.Err"],
        ["ann", "2", "6", "66.7", "16.7", "16.7", "0.0", "33.3", "50.0"],
        ["benjamin", "1", "2", "100.0", "0.0", "0.0", "50.0", "50.0", "100.0"],
        ["all", "3", "8", "75.0", "12.5", "12.5", "12.5", "37.5", "66.7"],
    ]


def test_columns_stand_below_each_other():
    result = score(REFERENCES, HYPOTHESES, speakers=["ann", "ann", "benjamin"])

    widths = {len(line) for line in score_to_text(result).splitlines()}

    assert len(widths) == 1


def test_without_speakers_there_is_one_line():
    table = score_to_text(score(REFERENCES, HYPOTHESES))

    assert [line.split()[0] for line in table.splitlines()] == ["Snt", "all"]


def test_shares_of_nothing_are_not_numbers():
    cells = score_to_text(score([""], ["a"])).splitlines()[1].split()

    assert cells == ["all", "1", "0", "nan", "nan", "nan", "nan", "inf", "100.0"]
