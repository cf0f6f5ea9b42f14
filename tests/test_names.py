"""Tests that names which look alike are the same for all that joins by name."""

import json
import unicodedata
from pathlib import Path

import pytest

from speechkit import metrics, text
from speechkit.cli.main import main
from speechkit.datasets import Recording, read_folder, split_by_speaker

NFC = "h\u00e9l\u00e8ne \uac00".replace(" ", "_")
NFD = unicodedata.normalize("NFD", NFC)
FILES = {
    "trn": ("a.trn", "b.trn", "turn left ({name})\n", "turn left ({name})\n"),
    "tables": (
        "a.csv",
        "b.jsonl",
        "path,text,speaker\n{name},turn left,{name}\n",
        '{{"path": "{name}", "text": "turn left"}}\n',
    ),
    "stm": (
        "a.stm",
        "b.ctm",
        "{name} {name} {name} 0 1 turn\n",
        "{name} {name} 0 1 turn\n",
    ),
    "ctm": ("a.ctm", "b.ctm", "{name} 1 0 1 turn\n", "{name} 1 0 1 turn\n"),
    "ctm-alternatives": (
        "a.stm",
        "b.ctm",
        "{name} 1 {name} 0 1 turn\n",
        "{name} 1 * * <ALT_BEGIN>\n{name} 1 0 1 turn\n{name} 1 * * <ALT_END>\n",
    ),
}


@pytest.mark.parametrize("forms", [(NFC, NFD), (NFD, NFC)], ids=["nfc", "nfd"])
@pytest.mark.parametrize("options", [[], ["--skip-missing"], ["--lower-case"]], ids=str)
@pytest.mark.parametrize(
    ("reference", "hypothesis", "one", "other"), FILES.values(), ids=FILES
)
def test_files_are_scored(
    tmp_path, capsys, forms, options, reference, hypothesis, one, other
):
    (tmp_path / reference).write_text(one.format(name=forms[0]), "utf-8")
    (tmp_path / hypothesis).write_text(other.format(name=forms[1]), "utf-8")
    names = [str(tmp_path / reference), str(tmp_path / hypothesis)]

    status = main(["score", *names, "--format", "json", "--samples", "2", *options])

    captured = capsys.readouterr()
    assert (status, captured.err) == (0, "")
    assert json.loads(captured.out)["error_rate"] == 0


def test_a_file_with_a_name_in_two_forms_is_refused(tmp_path, capsys):
    path = tmp_path / "a.trn"
    path.write_text(f"a ({NFC})\nb ({NFD})\n", "utf-8")

    assert main(["score", str(path), str(path)]) == 1
    assert "a.trn` must have names that do not look alike" in capsys.readouterr().err


def test_mappings_are_scored():
    result = metrics.score({NFC: "a b"}, {NFD: "a"}, speakers={NFD: NFD})

    assert (result.counts.hits, result.counts.deletions) == (1, 1)
    assert result.utterances[0].speaker == NFD


def test_names_that_look_alike_stay_two_where_both_sides_have_both():
    result = metrics.score({NFC: "a", NFD: "b"}, {NFC: "a", NFD: "b"})

    assert result.counts.hits == 2
    with pytest.raises(ValueError, match="`hypotheses` must have names that do not"):
        metrics.score({NFC: "a"}, {NFC: "a", NFD: "b"})


def test_systems_are_compared():
    one = metrics.score({NFC: "a b", "u": "c"}, {NFC: "a", "u": ""})
    other = metrics.score({NFD: "a b", "u": "c"}, {NFD: "", "u": ""})

    assert metrics.matched_pairs_test(one, other).num_segments == 2


def test_a_speaker_is_one():
    result = metrics.score(["a", "b"], ["a", "b"], speakers=[NFC, NFD])

    assert [*metrics.by_speaker(result)] == [NFC]


def test_words_find_their_segment():
    segments = [text.Segment(NFC, "1", "ann", 0, 1, "a")]
    words = [text.TimedWord(NFD, "1", 0.25, 0.5, "a")]

    assert text.words_of_segments(segments, words) == [words]


def test_no_speaker_is_in_two_parts():
    recordings = [
        Recording(Path(f"{n}.wav"), "yes", (NFC, NFD, "ann", "ben")[n % 4])
        for n in range(40)
    ]

    for part in split_by_speaker(recordings, (0.5, 0.5)):
        speakers = {recording.speaker for recording in part}
        assert len(speakers & {NFC, NFD}) in (0, 2)


def test_texts_of_a_folder_find_their_file(tmp_path):
    (tmp_path / f"{NFD}.wav").touch()

    (recording,) = read_folder(tmp_path, texts={f"{NFC}.wav": "yes"})

    assert recording.text == "yes"
