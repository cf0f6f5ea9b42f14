"""Tests of the errors of ARPA files: each says the line."""

import gzip

import pytest

from speechkit.decoders import NGramLanguageModel

LINES = [
    "made by hand",
    "\\data\\",
    "ngram 1=3",
    "ngram 2=2",
    "",
    "\\1-grams:",
    "-99\t<s>\t-0.5",
    "-0.75\t</s>",
    "-0.5\ta\t-0.25",
    "",
    "\\2-grams:",
    "-0.125\t<s> a",
    "-0.375\ta </s>",
    "",
    "\\end\\",
]


def read(tmp_path, content):
    path = tmp_path / "broken.arpa"
    path.write_bytes(content)
    return NGramLanguageModel.read(path)


def changed(line, text):
    lines = [*LINES]
    lines[line - 1] = text
    return "\n".join(lines).encode()


def test_the_unchanged_file_is_whole(tmp_path):
    for newline in ("\n", "\r\n"):
        model = read(tmp_path, newline.join(LINES).encode())

        assert model.num_ngrams == (4, 2)  # one more for what is unknown


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        pytest.param(4, "ngram 3=2", "must be `ngram 2=<count>`", id="count"),
        pytest.param(6, "\\2-grams:", "must be `\\\\1-grams:`", id="order"),
        pytest.param(7, "-99\t<s> a b", "1 words and perhaps", id="too-many-words"),
        pytest.param(8, "-1", "1 words and perhaps", id="no-word"),
        pytest.param(8, "nan\t</s>", "a common logarithm", id="nan"),
        pytest.param(8, "-inf\t</s>", "a common logarithm", id="infinite"),
        pytest.param(9, "0.5\ta", "a common logarithm", id="above-one"),
        pytest.param(9, "-x\ta", "a common logarithm", id="no-number"),
        pytest.param(9, "-0.5\ta\t?", "a common logarithm", id="no-backoff"),
        pytest.param(9, "", "promises one more of the 1-grams", id="too-few"),
        pytest.param(12, "-0.1\t<s> b", "no 1-gram: 'b'", id="unknown-word"),
        pytest.param(13, "-0.1\t<s> a", "repeats an n-gram", id="ngram-twice"),
        pytest.param(14, "-0.1\ta a", "must be `\\\\end\\\\`", id="too-many"),
    ],
)
def test_broken_lines_are_named(tmp_path, line, text, reason):
    with pytest.raises(ValueError, match=f"broken.arpa`, line .*{reason}") as error:
        read(tmp_path, changed(line, text))

    assert f", line {line}, " in str(error.value)


@pytest.mark.parametrize("length", range(len(LINES)))
def test_truncated_files_are_refused(tmp_path, length):
    content = "\n".join(LINES[:length]).encode()

    with pytest.raises(ValueError, match=r"broken.arpa`, line \d+, "):
        read(tmp_path, content)


def test_an_order_may_have_no_ngrams(tmp_path):
    lines = [*LINES[:3], "ngram 2=0", *LINES[4:11], "", "\\end\\"]

    assert read(tmp_path, "\n".join(lines).encode()).score("a") == -2.0


def test_truncated_compressed_files_are_refused(tmp_path):
    content = gzip.compress("\n".join(LINES).encode())

    assert read(tmp_path, content).order == 2
    for length in (5, len(content) // 2, len(content) - 1):
        with pytest.raises(ValueError, match=r"broken.arpa`, line \d+, is compressed"):
            read(tmp_path, content[:length])


def test_words_that_are_not_utf8_are_named(tmp_path):
    lines = [line.replace("a", "é") if line[:1] == "-" else line for line in LINES]
    content = "\n".join(lines).encode("latin-1")

    with pytest.raises(ValueError, match="line 9, must be text in UTF-8"):
        read(tmp_path, content)


def test_sentence_boundaries_are_needed(tmp_path):
    content = "\n".join(LINES).replace("<s>", "s").encode()

    with pytest.raises(ValueError, match=r"broken.arpa` must hold the 1-grams <s>"):
        read(tmp_path, content)


def test_binary_files_of_kenlm_are_named(tmp_path):
    content = b"mmap lm http://kheafield.com/code format version 5\n\0"

    with pytest.raises(ValueError, match=r"must be an ARPA file.*binary file of KenLM"):
        read(tmp_path, content)
