"""Tests of `speechkit score` by what NIST's manual says of sclite, counted by hand."""

import dataclasses
import json

import pytest

from speechkit.cli.main import main


@dataclasses.dataclass
class Result:
    """What a run of the command gave."""

    status: int
    counts: tuple
    content: dict
    errors: str


@pytest.fixture
def score(capsys, tmp_path, monkeypatch):
    """Scores two files that hold lines, given as names and lines."""
    monkeypatch.chdir(tmp_path)

    def score(reference, hypothesis, *options, encoding="utf-8"):
        for name, lines in (reference, hypothesis):
            text = "".join(f"{line}\n" for line in lines)
            (tmp_path / name).write_bytes(text.encode(encoding))
        names = (reference[0], hypothesis[0])
        status = main(["score", *names, "--format", "json", *options])
        captured = capsys.readouterr()
        content = json.loads(captured.out) if captured.out else {}
        kinds = ("hits", "substitutions", "deletions", "insertions")
        counts = tuple(content.get(kind) for kind in kinds)
        return Result(status, counts, content, captured.err)

    return score


def trn(*texts):
    return [f"{text} (a_{number})" for number, text in enumerate(texts)]


SCLITE = ("--costs", "sclite")
OPTIONAL = ("--optional-words",)
FRAGMENTS = ("--fragments",)
CHARACTERS = ("--unit", "characters")
MIXED = ("--unit", "mixed")


# Reference, hypothesis, options, and the hits, substitutions, deletions, insertions.
TRANSCRIPTS = [
    pytest.param("turn left", "turn right", (), (1, 1, 0, 0), id="plain"),
    # The unit divides the words of a transcript; spaces count as with plain text, and
    # not in sclite.
    pytest.param("turn left", "turn left", CHARACTERS, (9, 0, 0, 0), id="characters"),
    pytest.param(
        "turn left", "turn left", CHARACTERS + SCLITE, (8, 0, 0, 0), id="as-option-c"
    ),
    pytest.param("你 好 ab", "你好ab", MIXED, (3, 0, 0, 0), id="mixed"),
    pytest.param(
        "你 好 ab", "你好ab", MIXED + SCLITE, (3, 0, 0, 0), id="as-option-c-noascii"
    ),
    pytest.param("あい é", "あう e", MIXED + SCLITE, (1, 2, 0, 0), id="not-ascii"),
    pytest.param(
        "{ 你好 / 您好 } 吗", "您好 吗", CHARACTERS, (4, 0, 0, 0), id="alternatives"
    ),
    pytest.param(
        "{你好/您好们}吗", "您好们吗", MIXED + SCLITE, (4, 0, 0, 0), id="longer-one"
    ),
    pytest.param("{ @ / ab } c", "c", CHARACTERS, (1, 0, 0, 0), id="no-space-before"),
    pytest.param("c { @ / ab }", "c ab", CHARACTERS, (4, 0, 0, 0), id="a-space-before"),
    pytest.param(
        "(ab) c", "c", CHARACTERS + OPTIONAL, (1, 0, 0, 0), id="all-characters-optional"
    ),
    # Option -c of sclite makes each letter of an optional word optional: two are left
    # out, which are correct.
    pytest.param(
        "(abc) d",
        "ad",
        CHARACTERS + SCLITE + OPTIONAL,
        (4, 0, 0, 0),
        id="each-optional",
    ),
    # Alternatives, with and without white space, on either side.
    pytest.param("{the / this} way", "this way", (), (2, 0, 0, 0), id="no-space"),
    pytest.param("a { fi /@ } b", "a b", (), (2, 0, 0, 0), id="nothing-no-space"),
    pytest.param("a this way", "a {the/this} way", (), (3, 0, 0, 0), id="hypothesis"),
    pytest.param("{a / b} c", "{d / b} c", SCLITE, (2, 0, 0, 0), id="both-sides"),
    pytest.param("a b", "a @ b", SCLITE, (2, 0, 0, 0), id="nothing-recognised"),
    # A slash outside of braces is a word.
    pytest.param("read / write", "read / write", (), (3, 0, 0, 0), id="slash"),
    pytest.param("read / write", "read write", (), (2, 0, 1, 0), id="slash-missed"),
    # A tag and the star of a mispronounced word are no part of the word.
    pytest.param("run;verb fast", "run fast;adv", (), (2, 0, 0, 0), id="tags"),
    pytest.param("catt* {sat;x/sit}", "catt sit", (), (2, 0, 0, 0), id="star"),
    # Optional words count as they stand unless asked: without -D, the brackets too.
    pytest.param("i (uh) see", "i see", SCLITE, (2, 0, 1, 0), id="optional-counts"),
    pytest.param("i (uh) see", "i uh see", SCLITE, (2, 1, 0, 0), id="brackets-count"),
    pytest.param("i (uh) see", "i (uh) see", SCLITE, (3, 0, 0, 0), id="as-it-stands"),
    pytest.param("i (uh) see", "i see", OPTIONAL, (2, 0, 0, 0), id="left-out"),
    pytest.param("i (uh) see", "i uh see", OPTIONAL, (3, 0, 0, 0), id="said"),
    pytest.param("i see", "i (uh) see", OPTIONAL, (2, 0, 0, 0), id="left-out-heard"),
    pytest.param("i uh see", "i (uh) see", OPTIONAL, (3, 0, 0, 0), id="heard"),
    # In sclite a word left out on either side is correct.
    pytest.param(
        "i (uh) see", "i see", SCLITE + OPTIONAL, (3, 0, 0, 0), id="as-option-D"
    ),
    pytest.param(
        "i see", "i (uh) see", SCLITE + OPTIONAL, (3, 0, 0, 0), id="as-option-D-heard"
    ),
    # To leave out one costs 2 on each side, to pair them 4: both cost 4, and the pair
    # comes first.
    pytest.param("(uh)", "(um)", SCLITE + OPTIONAL, (0, 1, 0, 0), id="optional-pair"),
    pytest.param("()", "()", SCLITE + OPTIONAL, (1, 0, 0, 0), id="empty-brackets"),
    # Fragments count as words unless asked.
    pytest.param("frag- it", "fragment it", (), (1, 1, 0, 0), id="fragment-counts"),
    pytest.param("frag- it", "fragment it", FRAGMENTS, (2, 0, 0, 0), id="begin"),
    pytest.param("-ment it", "fragment it", FRAGMENTS, (2, 0, 0, 0), id="end"),
    pytest.param("fragment", "-ment", FRAGMENTS + SCLITE, (1, 0, 0, 0), id="heard-end"),
    pytest.param(
        "fragment", "fra-", FRAGMENTS + SCLITE, (1, 0, 0, 0), id="heard-begin"
    ),
    pytest.param("fro- it", "fragment it", FRAGMENTS, (1, 1, 0, 0), id="other-word"),
    pytest.param("- a", "b a", FRAGMENTS, (1, 1, 0, 0), id="a-hyphen-is-a-word"),
    pytest.param(
        "(fr-) a", "fry a", FRAGMENTS + OPTIONAL, (2, 0, 0, 0), id="optional-fragment"
    ),
    pytest.param(
        "(fr-) a", "fry a", FRAGMENTS, (1, 1, 0, 0), id="fragment-in-brackets"
    ),
    # %hesitation is a word like any other; sclite leaves it to a filter before.
    pytest.param("%hesitation a", "a", SCLITE, (1, 0, 1, 0), id="hesitation"),
    # Three substitutions cost 12, two and an insertion 11.
    pytest.param("{a b c / x y}", "d e f", SCLITE, (0, 2, 0, 1), id="cheaper-way"),
]


@pytest.mark.parametrize(("reference", "hypothesis", "options", "counts"), TRANSCRIPTS)
def test_transcripts_count_as_in_sclite(score, reference, hypothesis, options, counts):
    result = score(("r.trn", trn(reference)), ("h.trn", trn(hypothesis)), *options)

    assert (result.status, result.counts) == (0, counts)


STM = [
    ';; LABEL "o" "Overall" "All"',
    "Call A Ann 0.0 2.0 <o,f> turn left",
    "Call A Ben 3.0 4.0 <o,m> ignore_time_segment_in_scoring",
    "Call A Ann 5.0 6.0 stop",
    "Call A Ann 6.0 7.0 now please",
]
CTM = ["Call A 0.5 0.5 turn", "Call A 1.0 0.5 left 0.9", "Call A 5.2 0.2 stop 0.5 1"]


def ctm(*words):
    return [*CTM, *words, "Call A 6.1 0.1 now", "Call A 6.4 0.2 please"]


@pytest.mark.parametrize(
    ("words", "options", "counts"),
    [
        pytest.param([], (), (5, 0, 0, 0), id="equal"),
        # The middle, 1.99, comes before the end of the first segment.
        pytest.param(["Call A 1.98 0.02 uh"], (), (5, 0, 0, 1), id="middle-before-end"),
        pytest.param(["Call A 2.1 0.1 uh"], (), (5, 0, 0, 0), id="before-ignored"),
        pytest.param(["Call A 2.0 0.0 uh"], (), (5, 0, 0, 0), id="on-the-end"),
        pytest.param(["Call A 3.5 0.1 uh"], (), (5, 0, 0, 0), id="in-ignored"),
        # Behind the ignored segment: it goes to "stop", though it is nearer to nothing.
        pytest.param(["Call A 4.1 0.1 uh"], (), (5, 0, 0, 1), id="after-ignored"),
        pytest.param(["Call A 9.0 0.1 uh"], (), (5, 0, 0, 1), id="after-all"),
        pytest.param(["Call A 9.0 0.1 @"], SCLITE, (5, 0, 0, 0), id="nothing"),
        pytest.param(["Call A 9.0 .1 uh;x*"], SCLITE, (5, 0, 0, 1), id="no-tag-in-ctm"),
        pytest.param(["Call A 9.0 .1 (uh)"], SCLITE, (5, 0, 0, 1), id="brackets"),
        pytest.param(
            ["Call A 9.0 .1 (uh)"], SCLITE + OPTIONAL, (6, 0, 0, 0), id="optional"
        ),
        pytest.param(
            ["Call A 9 .1 {"], CHARACTERS, (23, 0, 0, 2), id="brace-is-a-word"
        ),
    ],
)
def test_words_belong_to_segments_as_in_sclite(score, words, options, counts):
    result = score(("r.stm", STM), ("h.ctm", ctm(*words)), *options)

    assert (result.status, result.counts, result.content["utterances"]) == (
        0,
        counts,
        3,
    )


def test_both_speakers_of_the_same_time_count(score):
    segments = ["c 1 ann 0 1 yes", "c 1 ben 0 2 no no"]
    words = ["c 1 0.1 0.1 yes", "c 1 1.5 0.1 no"]

    result = score(("r.stm", segments), ("h.ctm", words))

    assert (result.counts, result.content["utterances"]) == ((2, 0, 1, 0), 2)


def test_long_channels_are_cut_where_both_are_silent(score):
    lines = [f"c 1 {n} 0.5 w{n}" for n in range(120)]

    result = score(("r.ctm", lines), ("h.ctm", lines[:-1]), *SCLITE)

    # Fifty words behind the first, twice, and the rest.
    assert result.content["utterances"] == 3
    assert result.counts == (119, 0, 1, 0)
    assert result.content["sentence_errors"] == 1


def test_a_channel_of_one_side_alone_is_named(score):
    result = score(("r.ctm", ["c 1 0 1 a", "c 2 0 1 b"]), ("h.ctm", ["c 1 0 1 a"]))

    assert result.status == 1
    assert "Received: 1 missing, 0 unknown; the first is 'c 2 0'" in result.errors


def test_alternatives_of_both_time_marked_files_are_taken(score):
    said = ["<ALT_BEGIN>", "um", "<ALT>", "<ALT_END>", "yes"]
    heard = ["<alt_begin>", "yes", "<alt>", "yet", "<alt_end>"]
    sides = (
        [f"c 1 {'* *' if word[0] == '<' else '1 1'} {word}" for word in words]
        for words in (said, heard)
    )

    result = score(*zip(("r.ctm", "h.ctm"), sides, strict=True), *SCLITE)

    assert (result.status, result.counts) == (0, (1, 0, 0, 0))
    assert [*result.content["speakers"]] == ["c 1"]


def test_lower_case_reaches_recordings_channels_and_speakers(score):
    words = [line.replace("Call A", "CALL a").upper() for line in ctm()]

    result = score(("r.stm", STM), ("h.ctm", words), "--lower-case")

    assert (result.status, result.counts) == (0, (5, 0, 0, 0))
    assert [*result.content["speakers"]] == ["ann"]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "options"),
    [
        pytest.param("r.ref", "h.hyp", (), id="by-content"),
        pytest.param(
            "r.txt",
            "h.txt",
            ("--reference-format={0}", "--hypothesis-format={1}"),
            id="named",
        ),
    ],
)
@pytest.mark.parametrize(
    ("kinds", "lines", "counts"),
    [
        (("trn", "trn"), (trn("{a/b} c"), trn("b c")), (2, 0, 0, 0)),
        (("stm", "ctm"), (STM, ctm()), (5, 0, 0, 0)),
        (("ctm", "ctm"), (ctm(), ctm()), (5, 0, 0, 0)),
        (("text", "text"), (["a b", ";; c"], ["a b", "d"]), (2, 1, 1, 0)),
    ],
    ids=["trn", "stm", "ctm", "text"],
)
def test_files_are_read_as_what_they_are(
    score, reference, hypothesis, options, kinds, lines, counts
):
    options = [option.format(*kinds) for option in options]

    result = score((reference, lines[0]), (hypothesis, lines[1]), *options)

    assert (result.status, result.counts) == (0, counts)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("gb", "gb2312"),
        ("GB18030", "gb18030"),
        ("big5", "big5"),
        ("euc", "euc_jp"),
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8-sig"),
    ],
)
@pytest.mark.parametrize("names", [("r.trn", "h.trn"), ("r.ref", "h.hyp")])
def test_encodings_of_nist_are_read(score, names, name, codec):
    sides = zip(names, (trn("中文"), trn("中天")), strict=True)

    result = score(*sides, *CHARACTERS, "--encoding", name, encoding=codec)

    assert (result.status, result.counts) == (0, (1, 1, 0, 0))


@pytest.mark.parametrize(
    ("reference", "options", "note"),
    [
        ("r.trn", (), "`r.trn` has words in brackets, such as (uh), which count"),
        ("r.txt", (), "`r.txt` is read as plain text, in which (uh) counts as a word"),
    ],
)
def test_brackets_never_count_without_a_note(score, reference, options, note):
    lines = trn("i (uh) see")

    result = score((reference, lines), (f"h{reference[1:]}", trn("i see")), *options)

    assert result.status == 0
    assert f"speechkit score: note: {note}" in result.errors
    quiet = score(("q.trn", lines), ("h.trn", trn("i see")), *OPTIONAL)
    assert quiet.errors == ""


def test_references_that_were_not_recognised_are_left_out_on_request(score):
    sides = ("r.trn", trn("a", "b")), ("h.trn", trn("a"))

    assert score(*sides).status == 1
    assert score(*sides, "--skip-missing").counts == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("files", "options", "message"),
    [
        (("r.stm", "h.trn"), (), "`.ctm` hypotheses; `--reference-format`"),
        (("r.trn", "h.ctm"), (), "Received: `r.trn` as trn, `h.ctm` as ctm"),
        (("r.ctm", "h.stm"), (), "Received: `r.ctm` as ctm, `h.stm` as stm"),
        (("r.trn", "h.trn"), ("--encoding", "klingon"), "Received: klingon"),
        (("r.trn", "h.trn"), ("--encoding", "hex"), "Received: hex"),
        (("r.ctm", "h.ctm"), (), "`r.ctm` must hold at least one word"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(score, files, options, message):
    result = score((files[0], []), (files[1], []), *options)

    assert result.status == 1
    assert message in result.errors


def test_bytes_of_another_encoding_are_named(score):
    sides = ("r.trn", trn("a", "中")), ("h.trn", trn("a", "中"))

    result = score(*sides, encoding="gb2312")

    assert (result.status, "`r.trn`, line 2, must be UTF-8" in result.errors) == (
        1,
        True,
    )


def test_braces_in_time_marks_never_count_without_a_note(score):
    result = score(("r.stm", STM), ("h.ctm", ctm("Call A 9.0 0.1 {")))

    assert result.counts == (5, 0, 0, 1)
    assert "note: `h.ctm` has words with braces, such as {, which" in result.errors


def test_a_note_about_the_references_comes_once(score, tmp_path):
    (tmp_path / "o.trn").write_text("a (a_0)\nb (a_1)\n")

    result = score(
        ("r.trn", trn("(a)", "(b)")), ("h.trn", trn("c", "d")), "--compare", "o.trn"
    )

    assert (result.status, result.errors.count("note:")) == (0, 1)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "options", "counts"),
    [
        # As with -c DH: no hyphen of a word is a character, on either side.
        ("well-known", "wellknown", CHARACTERS + SCLITE, (9, 0, 0, 0)),
        ("well-known", "well known", CHARACTERS + SCLITE, (9, 0, 0, 0)),
        ("well-known a", "wellknown a", MIXED + SCLITE, (2, 0, 0, 0)),
        ("{a-b/c}", "ab", CHARACTERS, (2, 0, 0, 0)),
        ("a-b c", "ab c", CHARACTERS, (4, 0, 0, 0)),
        ("打-开", "打开", MIXED + SCLITE, (2, 0, 0, 0)),
        # A hyphen alone is a word of one character, which is not divided.
        ("a - b", "a b", CHARACTERS + SCLITE, (2, 0, 1, 0)),
        ("a -- b", "a b", CHARACTERS + SCLITE, (2, 0, 0, 0)),
    ],
)
@pytest.mark.parametrize("kind", ["trn", "txt"])
def test_hyphens_are_deleted(score, kind, reference, hypothesis, options, counts):
    if kind == "txt" and "{" in reference:
        reference = "a-b"
    sides = [trn(side) if kind == "trn" else [side] for side in (reference, hypothesis)]

    result = score(
        (f"r.{kind}", sides[0]), (f"h.{kind}", sides[1]), *options, "--delete-hyphens"
    )

    assert (result.status, result.counts) == (0, counts)


SEGMENTS = [f"c 1 ann {start} {start + 1} w{start}" for start in range(6)]
SOME = ["c 1 1.9 0.2 w1", "c 1 2.2 0.1 w2", "c 1 3.2 0.8 w3"]
MORE = ["c 1 0.1 0.2 um", *SOME, "c 1 9.1 0.1 uh"]


@pytest.mark.parametrize(
    ("segments", "words", "side", "counts", "utterances"),
    [
        # The first word begins before the end of the segment from 1 to 2, and the last
        # ends where that from 4 to 5 begins: three segments are left. The middle of w1
        # is at their border, 2.0: it goes to the next, w2.
        pytest.param(SEGMENTS, SOME, "reference", (2, 0, 1, 1), 3, id="reference"),
        pytest.param(SEGMENTS, SOME, "hypothesis", (2, 0, 4, 1), 6, id="all-inside"),
        pytest.param(SEGMENTS[1:4], MORE, "hypothesis", (2, 0, 1, 1), 3, id="words"),
        # A word that touches the end of the last segment stays.
        pytest.param(
            ["c 1 a 0 1 yes"],
            ["c 1 1.0 0.5 no"],
            "hypothesis",
            (0, 1, 0, 0),
            1,
            id="touches",
        ),
        # All segments lie between "um" and "uh", which stand for w0 and w5; for both
        # sides "uh" lies behind the last segment.
        pytest.param(SEGMENTS, MORE, "reference", (2, 2, 2, 1), 6, id="long-words"),
        pytest.param(SEGMENTS, MORE, "both", (2, 1, 3, 1), 6, id="both"),
        # Channels have times of their own, and one without words keeps its segments.
        pytest.param(
            [*SEGMENTS, "c 2 ann 7 8 yes"],
            SOME,
            "reference",
            (2, 0, 2, 1),
            4,
            id="channels",
        ),
        # No segment is left for the words of the second channel.
        pytest.param(
            [*SEGMENTS, "c 2 ann 7 8 yes"],
            [*SOME, "c 2 0 1 no"],
            "reference",
            (2, 0, 1, 1),
            3,
            id="nothing-in-common",
        ),
        pytest.param(
            ["c 1 a 1 2 yes"],
            [
                "c 1 * * <ALT_BEGIN>",
                "c 1 0 0.1 no",
                "c 1 * * <ALT>",
                "c 1 1.1 0.1 yes",
                "c 1 * * <ALT_END>",
            ],
            "hypothesis",
            (1, 0, 0, 0),
            1,
            id="one-alternative-is-enough",
        ),
    ],
)
def test_only_the_common_time_counts(score, segments, words, side, counts, utterances):
    result = score(("r.stm", segments), ("h.ctm", words), "--common-time", side)

    assert (result.status, result.errors) == (0, "")
    assert (result.counts, result.content["utterances"]) == (counts, utterances)


LABELLED = [
    ';; CATEGORY "0" "" ""',
    ';;LABEL "O" "Overall" "All segments"',
    ';; CATEGORY "2" "Sex" ""',
    ';; LABEL "M" "Male" "Male callers"',
    ';; LABEL "F" "Female" "Female callers"',
    "c 1 ann 0 1 <O,en,F> a b",
    "c 1 ben 1 2 <o,en,m> a b",
    "c 1 eve 2 3 <O,en,f,x> a b",
    "c 1 dan 3 4 a b",
]
SAID = [
    "c 1 0.1 0.1 a",
    "c 1 0.3 0.1 b",
    "c 1 1.1 0.1 a",
    "c 1 2.1 0.1 b",
    "c 1 3.1 .1 x",
]


def test_labels_have_tables(score, capsys):
    options = ("--labels",)
    result = score(("r.stm", LABELLED), ("h.ctm", SAID), *options)

    parts = {
        category: {title: part["deletions"] for title, part in titles.items()}
        for category, titles in result.content["labels"].items()
    }
    # Nothing declares "en" and "x".
    assert parts == {"Category 0": {"Overall": 2}, "Sex": {"Male": 1, "Female": 1}}
    assert result.content["labels"]["Sex"]["Female"]["reference_length"] == 4

    assert main(["score", "r.stm", "h.ctm", *options]) == 0
    text = capsys.readouterr().out
    table = text[text.index("Sex:") :].splitlines()[1:5]
    assert [row.split()[:3] for row in table[1:]] == [
        ["Male", "1", "2"],
        ["Female", "2", "4"],
        ["all", "4", "8"],
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--delete-hyphens",), "`--delete-hyphens` needs `--unit characters`"),
        (("--labels",), "r.trn` must be a `.stm` with labels"),
        (("--common-time", "both"), "is for references with segments, `.stm`"),
    ],
)
def test_options_that_have_nothing_to_do_say_so(score, options, message):
    result = score(("r.trn", trn("a")), ("h.trn", trn("a")), *options)

    assert result.status == 1
    assert message in result.errors
