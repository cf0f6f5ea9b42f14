"""Tests of `read_manifest`."""

import pytest

from speechkit.datasets import Recording, read_manifest

CSV = '''path,length,text,speaker,split
a.wav,5,yes,anna,train
sub/b.wav,6,"no, ""never""",,
/abs/c.wav,7,蓝牙开机,周,dev
'''
TSV = '''text\tpath\tspeaker\tsplit
yes\ta.wav\tanna\ttrain
"no, ""never"""\tsub/b.wav\t\t
蓝牙开机\t/abs/c.wav\t周\tdev
'''
JSON_LINES = r"""{"path": "a.wav", "text": "yes", "speaker": "anna", "split": "train"}
{"path": "sub/b.wav", "text": "no, \"never\"", "length": 6}

{"path": "/abs/c.wav", "text": "蓝牙\u5f00机", "speaker": "周", "split": "dev"}
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order-mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("m.csv", CSV), ("m.TSV", TSV), ("m.jsonl", JSON_LINES), ("m.json", JSON_LINES)],
)
def test_all_formats_say_the_same(tmp_path, name, text, end, mark):
    path = tmp_path / name
    path.write_bytes((mark + text.replace("\n", end)).encode())

    recordings = read_manifest(str(path))

    assert recordings == (
        Recording(tmp_path / "a.wav", "yes", "anna", "train"),
        Recording(tmp_path / "sub" / "b.wav", 'no, "never"', None, None),
        Recording(tmp_path.joinpath("/abs/c.wav"), "蓝牙开机", "周", "dev"),
    )


def test_optional_columns_may_be_absent(tmp_path):
    (tmp_path / "m.csv").write_text("path,text\na.wav,yes\n")

    assert read_manifest(tmp_path / "m.csv") == (Recording(tmp_path / "a.wav", "yes"),)


def test_text_may_be_empty_or_span_lines(tmp_path):
    (tmp_path / "m.csv").write_text('path,text\na.wav,\nb.wav,"two\nlines"\n')

    assert [r.text for r in read_manifest(tmp_path / "m.csv")] == ["", "two\nlines"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param("m.csv", "", "at least one recording", id="empty"),
        pytest.param(
            "m.csv", "path,text\n", "at least one recording", id="header-only"
        ),
        pytest.param("m.jsonl", "\n\n", "at least one recording", id="no-json"),
        pytest.param(
            "m.csv",
            "path,label\na.wav,yes\n",
            "line 2, must have a text `text`. Received: path, label",
            id="no-column",
        ),
        pytest.param(
            "m.csv",
            "path,text,speaker\na.wav,yes,b\nb.wav,no\n",
            "line 3, must have as many values as the header, 3. Received: 2",
            id="short-row",
        ),
        pytest.param(
            "m.csv",
            "path,text\na.wav,x\n,y\n",
            "line 3, must have a `path`",
            id="no-path",
        ),
        pytest.param(
            "m.csv",
            'path,text\na.wav,"x\nb.wav,y\n',
            "line 3, is wrong",
            id="open-quote",
        ),
        pytest.param(
            "m.jsonl",
            '{"path": "a.wav", "text": "x"}\n{"path": ',
            "line 2, must be a JSON object: ",
            id="bad-json",
        ),
        pytest.param(
            "m.json", "[1, 2]", r"line 1, must be a JSON object. .*\[1, 2\]", id="array"
        ),
        pytest.param(
            "m.jsonl",
            '\n{"path": "a.wav", "speaker": "x"}',
            "line 2, must have a text `text`. Received: path, speaker",
            id="no-key",
        ),
        pytest.param(
            "m.jsonl",
            '{"path": "a.wav", "text": 8}',
            "line 1, must have a text `text`. Received: text=8",
            id="number",
        ),
        pytest.param(
            "m.jsonl",
            '{"path": "a.wav", "text": "x", "speaker": 8}',
            "line 1, must have a text `speaker`. Received: speaker=8",
            id="number-for-speaker",
        ),
    ],
)
def test_wrong_line_is_named(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)

    with pytest.raises(ValueError, match=f"^`.*{name}`.* {message}") as caught:
        read_manifest(tmp_path / name)

    assert "\n" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


NAMED = {
    ";": ("m.csv", "a comma between the names of the columns. Received: a semicolon"),
    "\t": ("m.csv", "a comma between the names of the columns. Received: a tab"),
    "|": ("m.csv", "a comma between the names of the columns. Received: a bar"),
    ",": ("m.tsv", "a tab between the names of the columns. Received: a comma"),
}


@pytest.mark.parametrize("delimiter", NAMED)
def test_another_delimiter_is_named(tmp_path, delimiter):
    name, message = NAMED[delimiter]
    (tmp_path / name).write_text(f"path{delimiter}text\na.wav{delimiter}yes\n")

    with pytest.raises(ValueError, match=f"{name}`, line 1, must have {message}, in "):
        read_manifest(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.csv", "path,text,text\na,b,c\n", "is wrong: the name 'text' comes twice"),
        (
            "m.jsonl",
            '{"path": "a", "text": "b", "text": "c"}',
            "must be a JSON object: the name 'text' comes twice",
        ),
        ("m.jsonl", "[" * 100_000, "must be a JSON object: it is nested too deeply"),
        ("m.jsonl", f'{{"length": {"1" * 5000}}}', "must be a JSON object: Exceeds"),
        ("m.jsonl", '{"length": NaN}', "must be a JSON object: NaN is no number"),
        ("m.jsonl", '{"length": Infinity}', "must be a JSON object: Infinity is no"),
        (
            "m.jsonl",
            r'{"path": "a", "text": "\ud800"}',
            "must be a JSON object: .*surrogates not allowed",
        ),
        ("m.jsonl", r'{"\udfff": ""}', "must be a JSON object: .*surrogates not"),
        ("m.csv", f"path,text\na,{'b' * 200_000}", "is wrong: field larger than"),
    ],
)
def test_what_would_be_read_wrong_is_refused(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)

    with pytest.raises(ValueError, match=rf"{name}`, line \d, {message}"):
        read_manifest(tmp_path / name)


def test_text_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "m.csv").write_bytes(
        "path,text\na.wav,ja\nb.wav,schön".encode("latin1")
    )

    with pytest.raises(ValueError, match=r"m.csv`, line 3, must be UTF-8 text$"):
        read_manifest(tmp_path / "m.csv")


def test_missing_manifest_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"m.csv` cannot be read: No such file"):
        read_manifest(tmp_path / "m.csv")


def test_rejects_other_suffixes(tmp_path):
    with pytest.raises(ValueError, match=r"end in .csv, .tsv, .jsonl, .json. Received"):
        read_manifest(tmp_path / "m.txt")
