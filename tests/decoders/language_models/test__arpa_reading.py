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
        pytest.param(6, "\\4-grams:", "must be `.*1-grams:` or `.*2-grams", id="order"),
        pytest.param(7, "-99\t<s> a b", "1 words and perhaps", id="too-many-words"),
        pytest.param(8, "-1", "1 words and perhaps", id="no-word"),
        pytest.param(8, "nan\t</s>", "a common logarithm", id="nan"),
        pytest.param(8, "-inf\t</s>", "a common logarithm", id="infinite"),
        pytest.param(9, "0.5\ta", "a common logarithm", id="above-one"),
        pytest.param(9, "-x\ta", "a common logarithm", id="no-number"),
        pytest.param(9, "-0.5\ta\t?", "a common logarithm", id="no-backoff"),
        pytest.param(9, "\\2-grams:", "promises one more of the 1-grams", id="too-few"),
        pytest.param(8, "0_0.5\t</s>", "a common logarithm", id="underscore"),
        pytest.param(8, "-\u0661\t</s>", "a common logarithm", id="arabic-digit"),
        pytest.param(8, "-1e400\t</s>", "finite numbers", id="beyond-float64"),
        pytest.param(8, "-1e39\t</s>", "finite numbers", id="beyond-float32"),
        pytest.param(9, "-0.5\ta\tnan", "finite numbers", id="backoff-nan"),
        pytest.param(9, "-0.5\ta\tinf", "finite numbers", id="backoff-infinite"),
        pytest.param(9, "-0.5\ta\t-inf", "finite numbers", id="backoff-minus-infinite"),
        pytest.param(9, "-0.5\ta\t1e400", "finite numbers", id="backoff-float64"),
        pytest.param(9, "-0.5\ta\t-1e39", "finite numbers", id="backoff-float32"),
        pytest.param(9, "-0.5\ta\t-0_1", "finite numbers", id="backoff-underscore"),
        pytest.param(13, "-0.1\ta </s>\t-1", "no backoff", id="last-backoff"),
        pytest.param(
            9, "-0.5\ta\u00a0b", r"U\+00A0 within a word", id="no-break-space"
        ),
        pytest.param(9, "-0.5\ta\u3000", r"U\+3000 within a word", id="wide-space"),
        pytest.param(9, "-0.5\t</s>", "repeats an n-gram", id="word-twice"),
        pytest.param(11, "\\1-grams:", "must be `.*2-grams:`. Rec", id="section-twice"),
        pytest.param(
            11, "\\3-grams:", "must be `.*2-grams:`. Rec", id="no-such-section"
        ),
        pytest.param(15, "\\end", "must be `.*end.*`. Received", id="no-end"),
        pytest.param(12, "-0.1\t<s> b", "no 1-gram: 'b'", id="unknown-word"),
        pytest.param(13, "-0.1\t<s> a", "repeats an n-gram", id="ngram-twice"),
        pytest.param(14, "-0.1\ta a", "one more than the 2 2-grams", id="too-many"),
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


HEAD, ONE, TWO, END = LINES[1:4], LINES[5:9], LINES[10:13], LINES[14:]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([*HEAD, *ONE, *TWO, *END], id="no-empty-lines"),
        pytest.param([*HEAD, *TWO, "", *ONE, "", *END], id="sections-turned"),
        pytest.param(
            [
                "",
                "",
                *HEAD[:2],
                "",
                HEAD[2],
                "",
                "",
                *ONE[:2],
                "",
                *ONE[2:],
                *TWO,
                *END,
            ],
            id="empty-lines-anywhere",
        ),
        pytest.param(["\ufeff\\data\\", *HEAD[1:], "", *ONE, *TWO, *END], id="mark"),
        pytest.param(
            [f"  {line} \t" for line in [*HEAD, *ONE, *TWO, *END]], id="spaces"
        ),
        pytest.param(
            [line.replace("\t", "  ") for line in [*HEAD, *ONE, *TWO, *END]],
            id="no-tabs",
        ),
        pytest.param(
            [*HEAD, *ONE[:3], "-.5\ta\t-25e-2", *TWO[:2], "-375E-3 a </s> 0", *END],
            id="numbers",
        ),
        pytest.param(
            [*HEAD, *ONE[:2], ONE[3], ONE[2], *TWO, *END, "", " "], id="mixed"
        ),
    ],
)
def test_what_other_readers_take_is_the_same_model(tmp_path, lines):
    for end in ("\n", "\r\n"):
        model = read(tmp_path, end.join(lines).encode())

        assert model.score("a") == -0.125 - 0.375
        assert model.score("a a") == -0.125 + (-0.25 - 0.5) - 0.375
        assert sorted(model.words) == ["</s>", "<s>", "<unk>", "a"]


@pytest.mark.parametrize("end", [2, 3], ids=["promised", "listed"])
def test_a_missing_section_is_named(tmp_path, end):
    lines = [
        *LINES[:4],
        "ngram 3=1",
        *LINES[4:13],
        *["", "\\3-grams:"][: 2 * (end - 2)],
    ]

    with pytest.raises(ValueError, match=r"broken.arpa`, line \d+, .*3-grams"):
        read(tmp_path, "\n".join([*lines, *END]).encode())


@pytest.mark.parametrize("text", ["-1\tb", "\\data\\", "</html>"])
def test_nothing_follows_the_end(tmp_path, text):
    with pytest.raises(ValueError, match=r"line 17, must not follow `.end.`"):
        read(tmp_path, "\n".join([*LINES, "", text]).encode())


def test_faults_behind_empty_lines_are_named_by_their_line(tmp_path):
    content = [*HEAD, *ONE[:2], "", "", *ONE[2:], "", *TWO[:2], "", TWO[1], *END]

    with pytest.raises(ValueError, match="line 14, repeats an n-gram"):
        read(tmp_path, "\n".join(content).encode())


def test_an_order_may_have_no_ngrams(tmp_path):
    lines = [*LINES[:3], "ngram 2=0", *LINES[4:11], "", "\\end\\"]

    for part in (lines, [*lines[:10], *END]):
        assert read(tmp_path, "\n".join(part).encode()).score("a") == -2.0


def test_truncated_compressed_files_are_refused(tmp_path):
    content = gzip.compress("\n".join(LINES).encode())

    assert read(tmp_path, content).order == 2
    damaged = [content[:length] for length in (5, len(content) // 2, len(content) - 1)]
    # Without the sum, and with another: what it checks has come long before.
    damaged += [content[:-8], content[:-8] + bytes(4) + content[-4:]]
    for part in damaged:
        with pytest.raises(ValueError, match=r"broken.arpa`, line \d+, is compressed"):
            read(tmp_path, part)


def test_words_that_are_not_utf8_are_named(tmp_path):
    lines = [line.replace("a", "é") if line[:1] == "-" else line for line in LINES]
    content = "\n".join(lines).encode("latin-1")

    with pytest.raises(ValueError, match="line 9, must be UTF-8 text"):
        read(tmp_path, content)


@pytest.mark.parametrize("word", ["<s>", "</s>"])
def test_sentence_boundaries_are_needed(tmp_path, word):
    content = "\n".join(LINES).replace(word, "b").encode()

    with pytest.raises(ValueError, match=f"broken.arpa` must hold the .* no {word}"):
        read(tmp_path, content)


def test_binary_files_of_kenlm_are_named(tmp_path):
    content = b"mmap lm http://kheafield.com/code format version 5\n\0"

    with pytest.raises(
        ValueError, match=r"belong to an ARPA file.*binary file of KenLM"
    ):
        read(tmp_path, content)
