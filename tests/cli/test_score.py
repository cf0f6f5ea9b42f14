"""Tests of `speechkit score` by what it prints and returns."""

import contextlib
import html
import io
import json
import os
import sys

import jiwer
import pytest

from speechkit.cli.main import main

REFERENCES = ["turn the light on", "stop", "what time is it"]
HYPOTHESES = ["turn light on", "stop it", "what time is it"]


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs the command in a folder of its own: status, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        status = main(["score", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def write(tmp_path):
    """Writes a file into the folder of `run`."""

    def write(name, lines):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")

    return write


@pytest.fixture
def texts(write):
    """Two texts, `ref.txt` and `hyp.txt`."""
    write("ref.txt", REFERENCES)
    write("hyp.txt", HYPOTHESES)


@contextlib.contextmanager
def opened_by_the_shell(lines, number=None):
    """The path of a pipe with lines in it, which may take the place of another file."""
    reading, writing = os.pipe()
    os.write(writing, "".join(f"{line}\n" for line in lines).encode())
    os.close(writing)
    kept = None if number is None else os.dup(number)
    if number is not None:
        os.dup2(reading, number)
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)
        if kept is not None:
            os.dup2(kept, number)
            os.close(kept)


def test_what_commands_write_is_scored(run, texts):
    expected = run("ref.txt", "hyp.txt", "--compare", "ref.txt")
    assert expected[0] == 0

    with (
        opened_by_the_shell(REFERENCES) as reference,
        opened_by_the_shell(HYPOTHESES) as hypothesis,
        opened_by_the_shell(REFERENCES) as other,
    ):
        assert run(reference, hypothesis, "--compare", other) == expected
    with opened_by_the_shell(HYPOTHESES, number=0):
        assert run("ref.txt", "-", "--compare", "ref.txt") == expected


def test_standard_input_is_one_file(run, texts):
    for arguments in (("-", "-"), ("-", "/dev/stdin"), ("-", "hyp.txt", "--compare=-")):
        status, output, errors = run(*arguments)

        assert (status, output) == (1, "")
        assert errors == (
            "speechkit score: Only one of the files can be -, the standard input\n"
        )


def test_texts_give_the_table_and_the_rate(run, texts):
    status, output, errors = run("ref.txt", "hyp.txt")

    assert (status, errors) == (0, "")
    lines = output.splitlines()
    assert lines[0].split() == [
        "Snt",
        "Tok",
        "Corr",
        "Sub",
        "Del",
        "Ins",
        "Err",
        "S.Err",
    ]
    assert lines[1].split() == [
        "all",
        "3",
        "9",
        "88.9",
        "0.0",
        "11.1",
        "11.1",
        "22.2",
        "66.7",
    ]
    assert lines[3].startswith("Word error rate: 22.22%, 95% interval ")
    assert "     1  the → ***" in lines


NOTHING = {
    "txt": ([], []),
    "TXT": (["", ""], ["", " "]),
    "trn": ([], []),
    "TRN": (["(u1)", "@ (u2)"], ["(u1)", "(u2)"]),
    "csv": (["path,text"], ["path,text"]),
    "jsonl": ([], []),
}


@pytest.mark.parametrize("unit", ["words", "characters", "mixed"])
@pytest.mark.parametrize("suffix", NOTHING)
def test_nothing_to_score_is_an_error(run, write, suffix, unit):
    reference, hypothesis = NOTHING[suffix]
    write(f"ref.{suffix}", reference)
    write(f"hyp.{suffix}", hypothesis)

    status, output, errors = run(f"ref.{suffix}", f"hyp.{suffix}", "--unit", unit)

    assert (status, output) == (1, "")
    assert f"`ref.{suffix}` must hold at least one word" in errors


def test_segments_that_are_all_ignored_are_nothing_to_score(run, write):
    write("ref.stm", ["a 1 ann 0 1 ignore_time_segment_in_scoring"])
    write("hyp.ctm", ["a 1 0 1 yes"])

    status, _, errors = run("ref.stm", "hyp.ctm")

    assert status == 1
    assert "`ref.stm` must hold at least one word" in errors


def test_numbers_in_json_are_those_of_jiwer(run, texts):
    status, output, _ = run("ref.txt", "hyp.txt", "--format", "json")

    content = json.loads(output)
    judged = jiwer.process_words(REFERENCES, HYPOTHESES)
    assert status == 0
    for name in ("hits", "substitutions", "deletions", "insertions"):
        assert content[name] == getattr(judged, name)
    assert content["error_rate"] == pytest.approx(judged.wer)
    assert content["match_error_rate"] == pytest.approx(judged.mer)
    assert content["word_information_lost"] == pytest.approx(judged.wil)
    interval = content["interval"]
    assert interval["low"] <= judged.wer <= interval["high"]


def test_characters_are_those_of_jiwer(run, texts):
    _, output, _ = run("ref.txt", "hyp.txt", "--unit", "characters", "--format=json")

    expected = jiwer.cer(REFERENCES, HYPOTHESES)
    assert json.loads(output)["error_rate"] == pytest.approx(expected)


def test_page_has_the_interval_and_the_errors(run, texts):
    status, output, _ = run("ref.txt", "hyp.txt", "--format", "html")

    assert status == 0
    assert output.startswith("<!doctype html>")
    assert "Word error rate: 22.22%, 95% interval" in output
    assert output.count('class="insertion"') == 1


def test_transcripts_are_scored_as_sclite_does(run, write):
    write("ref.trn", ["SO { IT'S / IT IS } (UH) LATE (ANN_1)", "A B (BEN_1)"])
    write("hyp.trn", ["b c (ben_1)", "so it is late (ann_1)"])
    pattern = r"(?P<speaker>\w+)_"
    options = ("--lower-case", "--costs", "sclite", "--speaker-pattern", pattern)

    _, output, _ = run("ref.trn", "hyp.trn", "--optional-words", *options)

    rows = [line.split() for line in output.splitlines()[1:4]]
    assert rows == [
        ["ann", "1", "5", "100.0", "0.0", "0.0", "0.0", "0.0", "0.0"],
        ["ben", "1", "2", "50.0", "0.0", "50.0", "50.0", "100.0", "100.0"],
        ["all", "2", "7", "85.7", "0.0", "14.3", "14.3", "28.6", "50.0"],
    ]


def test_normalized_texts_are_compared_as_they_sound(run, write):
    write("ref.trn", ["It's 5 o'clock! (u1)"])
    write("hyp.trn", ["it's five o'clock (u1)"])

    _, plain, _ = run("ref.trn", "hyp.trn", "--format", "json")
    _, normalized, _ = run(
        "ref.trn", "hyp.trn", "--format", "json", "--normalize", "en"
    )

    assert json.loads(plain)["substitutions"] == 3
    assert json.loads(normalized)["error_rate"] == 0


@pytest.mark.parametrize("text", ["{ a / b } c", "(uh) c"])
def test_alternatives_are_not_normalized(run, write, text):
    write("ref.trn", [f"{text} (u1)"])
    write("hyp.trn", ["a c (u1)"])

    options = ("--optional-words", "--normalize", "en")
    status, _, errors = run("ref.trn", "hyp.trn", *options)

    assert status == 1
    assert "`ref.trn`, utterance u1, must be without alternatives" in errors


def test_times_decide_which_words_belong_to_a_segment(run, write):
    write(
        "ref.stm",
        [
            "call 1 ann 0 1 yes",
            "call 1 ann 1 2 ignore_time_segment_in_scoring",
            "call 1 ben 2 3 { no / nope }",
        ],
    )
    write("hyp.ctm", ["call 1 0.2 0.2 yes", "call 1 1.2 0.2 hm", "call 1 2.1 .2 nope"])

    _, output, _ = run("ref.stm", "hyp.ctm", "--format", "json")

    content = json.loads(output)
    assert (content["hits"], content["error_rate"]) == (2, 0)
    assert [*content["speakers"]] == ["ann", "ben"]


def test_the_best_of_recognised_alternatives_counts(run, write):
    write("ref.stm", ["call 1 ann 0 4 Turn (it) off", "call 1 ann 4 5 (a) b"])
    words = ["<ALT_BEGIN>", "turn", "<ALT>", "burn", "<ALT_END>", "it", "of"]
    times = ("* *" if word.startswith("<") else "1 1" for word in words)
    lines = [f"call 1 {time} {word}" for time, word in zip(times, words, strict=True)]
    write("hyp.ctm", [*lines, "call 1 4.1 0.2 (b)"])

    options = ("--lower-case", "--optional-words", "--format", "json")
    _, output, _ = run("ref.stm", "hyp.ctm", *options)

    content = json.loads(output)
    # "of" is taken for "off"; "(b)" is "b", and "(a)" is left out.
    assert (content["hits"], content["substitutions"]) == (3, 1)
    status, _, errors = run("ref.stm", "hyp.ctm", "--normalize", "en")
    assert (status, "must be without alternatives" in errors) == (1, True)


def test_tables_are_matched_by_name(run, write):
    write("ref.csv", ["path,text,speaker", "a.wav,turn left,ann", "b.wav,stop,ben"])
    write(
        "hyp.jsonl", ['{"path": "b.wav", "out": "stop"}', '{"path":"a.wav","out":""}']
    )

    options = ("--hypothesis-column", "out", "--format", "json")
    _, output, _ = run("ref.csv", "hyp.jsonl", *options)

    speakers = json.loads(output)["speakers"]
    assert speakers["ann"]["deletions"] == 2
    assert speakers["ben"]["error_rate"] == 0


def test_two_systems_are_compared(run, write):
    write("ref.txt", REFERENCES)
    write("one.txt", ["turn light", "", "what time is it"])
    write("two.txt", HYPOTHESES)

    status, output, _ = run("ref.txt", "one.txt", "--compare", "two.txt")

    assert status == 0
    assert "Matched pairs: 2 segments" in output


def test_alignments_are_shown_on_request(run, texts):
    _, output, _ = run("ref.txt", "hyp.txt", "--alignments", "--confusions", "0")

    assert "1\nREF:  turn the light on\nHYP:  turn *** light on\n" in output
    assert "what" not in output
    assert "→" not in output


def test_alignments_are_in_json_on_request(run, texts):
    _, output, _ = run("ref.txt", "hyp.txt", "--alignments", "--format", "json")

    assert json.loads(output)["alignments"][1] == {
        "utterance_id": "2",
        "reference": ["stop"],
        "hypothesis": ["stop", "it"],
        "operations": "HI",
    }


def test_no_reference_has_no_interval(run, write):
    write("ref.txt", [""])
    write("hyp.txt", ["a"])

    status, output, _ = run("ref.txt", "hyp.txt", "--format", "json")

    assert status == 0
    assert json.loads(output)["interval"] is None
    assert json.loads(output)["error_rate"] is None


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param(
            {"ref.txt": ["a", "b"], "hyp.txt": ["a"]},
            "`hyp.txt` must have the utterances of `ref.txt`. Received: 1 missing, 0 "
            "unknown; the first is '2'",
            id="fewer-lines",
        ),
        pytest.param(
            {"ref.trn": ["a (u1)", "b"], "hyp.trn": ["a (u1)"]},
            "`ref.trn`, line 2, must end in the name",
            id="no-name",
        ),
        pytest.param(
            {"ref.trn": ["a (u1)"], "hyp.trn": ["a (u2)"]},
            "Received: 1 missing, 1 unknown; the first is 'u1'",
            id="other-names",
        ),
        pytest.param(
            {"ref.trn": ["{ a (u1)"], "hyp.trn": ["a (u1)"]},
            "`ref.trn`, utterance u1: `text` must have alternatives like",
            id="open-brace",
        ),
        pytest.param(
            {"ref.csv": ["path,text", "a.wav,a", "a.wav,b"], "hyp.csv": ["path,text"]},
            "`ref.csv`, line 3, must have a new name. Received: a.wav again",
            id="name-twice",
        ),
        pytest.param(
            {"ref.csv": ["path,words", "a.wav,a"], "hyp.csv": ["path,text"]},
            "`ref.csv`, line 2, must have a text in the column 'text'",
            id="no-column",
        ),
        pytest.param(
            {"ref.stm": ["c 1 ann 0 1 a"], "hyp.ctm": ["c 1 0 a"]},
            "`hyp.ctm`, line 1, must have a recording",
            id="too-few-fields",
        ),
    ],
)
def test_unusable_files_are_named(run, write, files, message):
    for name, lines in files.items():
        write(name, lines)

    status, output, errors = run(*files)

    assert (status, output) == (1, "")
    assert errors.startswith("speechkit score: ")
    assert message in errors


def test_files_that_are_not_there_are_named(run):
    status, _, errors = run("ref.txt", "hyp.txt")

    assert status == 1
    assert "`ref.txt` cannot be read: No such file or directory" in errors


def test_names_that_differ_in_case_alone_are_refused(run, write):
    write("ref.trn", ["a (u1)", "b (U1)"])
    write("hyp.trn", ["a (u1)", "b (U1)"])

    status, _, errors = run("ref.trn", "hyp.trn", "--lower-case")

    assert status == 1
    assert "`ref.trn` must have names that differ by more than case" in errors


@pytest.mark.parametrize("pattern", ["(?P<speaker>[a-z]+)_", "(", "u"])
def test_patterns_that_find_no_speaker_are_refused(run, write, pattern):
    write("ref.trn", ["a (u1)"])
    write("hyp.trn", ["a (u1)"])

    status, _, errors = run("ref.trn", "hyp.trn", "--speaker-pattern", pattern)

    assert status == 1
    assert "`--speaker-pattern` must" in errors


def test_wrong_arguments_are_refused(run):
    with pytest.raises(SystemExit) as error:
        run("ref.txt", "hyp.txt", "--format", "xml")

    assert error.value.code == 2


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_reports_are_whole_where_the_output_knows_few_characters(
    write, tmp_path, monkeypatch, encoding
):
    write("ref.txt", ["你好 世界"])
    write("hyp.txt", ["你好 视界😀"])
    monkeypatch.chdir(tmp_path)
    contents = {}

    for kind in ("text", "json", "html"):
        shown = io.BytesIO()
        output = io.TextIOWrapper(shown, encoding, write_through=True)
        monkeypatch.setattr(sys, "stdout", output)
        arguments = ["score", "ref.txt", "hyp.txt", "--format", kind, "--alignments"]
        assert main(arguments) == 0
        contents[kind] = shown.getvalue().decode(encoding)

    (confusion,) = json.loads(contents["json"])["confusions"]
    assert (confusion["reference"], confusion["hypothesis"]) == ("世界", "视界😀")
    assert "视界😀" in html.unescape(contents["html"])
    assert "\\u4e16" in contents["text"]


def test_the_help_says_what_is_counted(capsys):
    with pytest.raises(SystemExit):
        main(["score", "--help"])

    assert "what is counted: words, characters, or mixed" in " ".join(
        capsys.readouterr().out.split()
    )
