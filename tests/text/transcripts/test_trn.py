"""Tests of transcript files, as NIST's manual describes them."""

import hypothesis
import pytest
from hypothesis import strategies

from speechkit.text import read_trn, write_trn

WORDS = strategies.text(
    strategies.characters(exclude_categories=("C", "Z")), min_size=1, max_size=4
)
NAMES = WORDS.filter(lambda name: not set("()") & set(name))
TEXTS = strategies.lists(WORDS, max_size=4).map(" ".join)


def test_lines_have_a_text_and_a_name(tmp_path):
    path = tmp_path / "a.trn"
    path.write_bytes(
        b";; a comment\r\nso { it's / it is } (uh) late (s1_u1)\r\n\r\n(s1-u2)\r\n"
        b"\xe5\xbc\x80 \xe6\x9c\xba(\xe5\x91\xa8)\r\n"
    )

    assert read_trn(path) == {
        "s1_u1": "so { it's / it is } (uh) late",
        "s1-u2": "",
        "周": "开 机",
    }


def test_rejects_a_text_that_would_be_read_as_a_comment(tmp_path):
    with pytest.raises(ValueError, match=r"a.trn` cannot hold a line that begins with"):
        write_trn({"u1": ";; yes"}, tmp_path / "a.trn")

    assert list(tmp_path.iterdir()) == []


@hypothesis.given(texts=strategies.dictionaries(NAMES, TEXTS, max_size=4))
@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
def test_reading_undoes_writing(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("trn") / "a.trn"
    hypothesis.assume(not any(text.startswith(";;") for text in texts.values()))

    write_trn(texts, path)

    assert read_trn(str(path)) == texts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a b (u1)\na b\n", r"line 2, must end in the name .*Received: a b"),
        ("a b (u 1)\n", r"line 1, must end in the name"),
        ("a b ()\n", r"line 1, must end in the name"),
        ("a (u1)\n\nb (u1)\n", r"line 3, must have a new name. Received: u1 again"),
    ],
)
def test_rejects_wrong_lines(tmp_path, text, message):
    path = tmp_path / "a.trn"
    path.write_text(text)

    with pytest.raises(ValueError, match=f"a.trn`, {message}"):
        read_trn(path)


def test_rejects_what_is_not_utf_8(tmp_path):
    path = tmp_path / "a.trn"
    path.write_bytes("a (u1)\nné (u2)\n".encode("latin-1"))

    with pytest.raises(ValueError, match=r"a.trn`, line 2, must be UTF-8 text"):
        read_trn(path)


def test_rejects_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ValueError, match=r"a.trn` cannot be read: No such file"):
        read_trn(tmp_path / "a.trn")
    with pytest.raises(ValueError, match="its folder does not exist"):
        write_trn({"u1": "a"}, tmp_path / "missing" / "a.trn")


@pytest.mark.parametrize("name", ["", "a b", "a(b", "a)"])
def test_rejects_names_that_could_not_be_read(tmp_path, name):
    with pytest.raises(ValueError, match="`utterance_id` must be text without"):
        write_trn({name: "a"}, tmp_path / "a.trn")
