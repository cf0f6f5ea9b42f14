"""Tests of `read_folder`."""

import errno
import sys
from pathlib import Path

import pytest

from speechkit.datasets import Recording, check_recordings, read_folder


def make(folder, names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.fixture
def folder(tmp_path):
    """Two labels; files that count, and files and folders that do not."""
    names = [
        "yes/b_nohash_0.wav",
        "yes/a_nohash_1.WAV",
        "yes/a_nohash_0.flac",
        "no/c_nohash_0.ogg",
        "no/c_nohash_1.Mp3",
        "no/._c_nohash_0.wav",
        "_background_noise_/tap.wav",
        ".cache/a_nohash_0.wav",
        "README.md",
    ]
    make(tmp_path, names)
    return tmp_path


def test_label_is_the_name_of_the_folder(folder):
    recordings = read_folder(str(folder))

    assert recordings == (
        Recording(folder / "no" / "c_nohash_0.ogg", "no"),
        Recording(folder / "no" / "c_nohash_1.Mp3", "no"),
        Recording(folder / "yes" / "a_nohash_0.flac", "yes"),
        Recording(folder / "yes" / "a_nohash_1.WAV", "yes"),
        Recording(folder / "yes" / "b_nohash_0.wav", "yes"),
    )


def test_speaker_comes_from_the_file_name(folder):
    recordings = read_folder(folder, speaker_pattern="^(?P<speaker>[^_]+)_nohash_")

    assert [recording.speaker for recording in recordings] == ["c", "c", "a", "a", "b"]


def test_speaker_may_stand_inside_the_file_name(tmp_path):
    (tmp_path / "eight").mkdir()
    (tmp_path / "eight" / "8_george_10.wav").touch()

    recordings = read_folder(tmp_path, speaker_pattern=r"^\d_(?P<speaker>.+)_\d+")

    assert recordings[0].speaker == "george"


@pytest.mark.parametrize("name", ["other.wav", "_nohash_0.wav"])
def test_file_without_a_speaker_is_named(folder, name):
    (folder / "yes" / name).touch()

    with pytest.raises(ValueError, match=f"`speaker_pattern` must .* in .*{name}`"):
        read_folder(folder, speaker_pattern="(?P<speaker>.*)_nohash_")


@pytest.mark.parametrize("pattern", ["(.+)_nohash", "(?P<speaker>", "(?P<name>.)"])
def test_rejects_patterns_without_the_group(folder, pattern):
    with pytest.raises(ValueError, match=r"`speaker_pattern` .* Received: speaker_pat"):
        read_folder(folder, speaker_pattern=pattern)


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"missing` must be a folder with one sub"):
        read_folder(tmp_path / "missing")


def test_folder_without_labels_is_named(tmp_path):
    (tmp_path / "_noise_").mkdir()

    with pytest.raises(ValueError, match=r"must have one sub-folder per label\."):
        read_folder(tmp_path)


def test_every_file_that_is_left_out_is_listed(folder):
    make(folder, ["no/notes.txt", "no/b.txt", "no/deep.wav/d.wav", "loose.wav"])
    expected = (
        r"loose.wav \(in no sub-folder\); no/b.txt, no/notes.txt "
        r"\(no suffix of sound\); no/deep.wav \(a folder\)$"
    )

    with pytest.warns(UserWarning, match=expected) as caught:
        recordings = read_folder(folder)

    assert len(recordings) == 5
    assert caught[0].filename == __file__


def test_sub_folders_without_a_recording_are_errors(folder):
    make(folder, ["on/notes.txt", "on/b.doc"])
    (folder / "off").mkdir()

    expected = "Received: `off` has no file at all, and `on` has b.doc, notes.txt .no"
    with pytest.raises(ValueError, match=expected):
        read_folder(folder)


@pytest.mark.parametrize("suffix", ["m4a", "AMR", "3gp", "webm", "mp4", "aac", "wma"])
def test_files_of_phones_count(folder, suffix):
    make(folder, [f"on/a.{suffix}", "on/b.opus"])

    assert {r.path.name for r in read_folder(folder) if r.text == "on"} == {
        f"a.{suffix}",
        "b.opus",
    }


def test_package_that_files_need_is_named(folder, monkeypatch):
    make(folder, ["yes/phone.m4a"])
    monkeypatch.setitem(sys.modules, "av", None)
    how = r"\(needs the package PyAV: pip install 'av>=14'\)"

    with pytest.warns(UserWarning, match=f"left out: yes/phone.m4a {how}$"):
        assert len(read_folder(folder)) == 5

    make(folder, ["on/a.m4a", "on/b.webm"])
    with pytest.raises(ValueError, match=f"Received: `on` has a.m4a, b.webm {how}$"):
        read_folder(folder)


@pytest.fixture
def course(tmp_path):
    """A folder a speaker, a file name a command."""
    make(
        tmp_path,
        [f"{who}/{name}" for who in ("anna", "bo") for name in ("on_1.wav", "off.wav")],
    )
    return tmp_path


def test_text_comes_from_the_file_name_and_the_folder_is_the_speaker(course):
    recordings = read_folder(course, text_pattern="^(?P<text>[^_.]+)")

    assert recordings == (
        Recording(course / "anna" / "off.wav", "off", "anna"),
        Recording(course / "anna" / "on_1.wav", "on", "anna"),
        Recording(course / "bo" / "off.wav", "off", "bo"),
        Recording(course / "bo" / "on_1.wav", "on", "bo"),
    )


@pytest.mark.parametrize(
    ("texts", "pattern"),
    [
        ({"off": "guān", "on_1": "kāi"}, None),
        ({"off.wav": "guān", "on_1.wav": "kāi"}, None),
        ({"on": "kāi", "off": "guān"}, "^(?P<text>[^_.]+)"),
        ({"anna/off.wav": "guān", "bo/off": "guān", "on_1": "kāi"}, None),
    ],
)
def test_text_is_that_of_the_file_name(course, texts, pattern):
    recordings = read_folder(course, texts=texts, text_pattern=pattern)

    assert [recording.text for recording in recordings] == ["guān", "kāi"] * 2
    assert [recording.speaker for recording in recordings] == ["anna"] * 2 + ["bo"] * 2


def test_path_of_a_file_comes_before_its_name(course):
    texts = {"on_1": "on", "off": "off", "bo/off.wav": "out"}

    recordings = read_folder(course, texts=texts)

    assert [recording.text for recording in recordings] == ["off", "on", "out", "on"]


def test_files_need_no_sub_folder_where_names_say_all(tmp_path):
    make(tmp_path, ["anna_on.wav", "bo_off.wav", "notes.txt"])
    pattern = "^(?P<speaker>[a-z]+)_(?P<text>[a-z]+)"

    recordings = read_folder(tmp_path, speaker_pattern=pattern, text_pattern=pattern)

    assert [(r.speaker, r.text) for r in recordings] == [("anna", "on"), ("bo", "off")]


def test_names_with_accents_meet_in_either_form(tmp_path):
    make(tmp_path, ["anna/cafe\u0301.wav"])

    (recording,) = read_folder(tmp_path, texts={"caf\u00e9": "coffee"})

    assert recording.text == "coffee"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"texts": {"on_1": "on"}},
            "for every file. Received: none for .*/anna/off",
        ),
        (
            {"texts": {"on_1": "on", "off": "off", "of": "x", "up": "y"}},
            "Received: no file for 'of', 'up'$",
        ),
        ({"texts": {"on_1": "", "off": "off"}}, "not empty. Received: 'on_1': ''"),
        ({"texts": {"on_1": 1, "off": "off"}}, "not empty. Received: 'on_1': 1"),
        (
            {"text_pattern": "(?P<text>on)"},
            "`text_pattern` must find the text in",
        ),
        ({"text_pattern": "(.)"}, r"`text_pattern` .* group `\(\?P<text>"),
        (
            {"text_pattern": 3},
            "`text_pattern` .* Received: text_pattern=3, which",
        ),
    ],
)
def test_names_that_do_not_fit_are_listed(course, arguments, message):
    with pytest.raises(ValueError, match=message):
        read_folder(course, **arguments)


def test_name_that_is_not_utf_8_is_listed(folder):
    make(folder, ["no/caf\udce9.wav", "no/caf\udce9.txt"])

    with pytest.warns(UserWarning, match=r"left out: no/caf\\xe9.txt"):
        assert len(read_folder(folder)) == 6


def link(place, target):
    return lambda folder: (folder / place).symlink_to(target)


UNCLEAR = {
    "classes-in-two-forms": (
        ["cafe\u0301/a.wav", "caf\u00e9/a.wav"],
        "must have names that do not look alike. Received: 'caf\u00e9'",
    ),
    "files-in-two-forms": (
        ["on/cafe\u0301.wav", "on/caf\u00e9.wav"],
        "on` must have names that do not look alike. Received: 'caf\u00e9.wav'",
    ),
    "space-before": ([" on/a.wav"], "must not begin or end .* Received: ' on', of"),
    "space-behind": (["on /a.wav"], "must not begin or end .* Received: 'on ', of"),
    "no-break-space": (["on\u00a0/a.wav"], "must not begin or end with white space"),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_names_that_nobody_can_tell_apart_are_refused(tmp_path, name):
    names, message = UNCLEAR[name]
    make(tmp_path, ["off/b.wav", *names])

    with pytest.raises(ValueError, match=message):
        read_folder(tmp_path)


def test_label_is_in_the_composed_form(tmp_path):
    make(tmp_path, ["cafe\u0301/a.wav"])

    (recording,) = read_folder(tmp_path)

    assert recording.text == "caf\u00e9"
    assert recording.path == tmp_path / "cafe\u0301" / "a.wav"


@pytest.mark.parametrize("files", [["ann /on.wav"], ["ann/on .wav"]])
def test_names_of_speakers_and_texts_have_no_space_around(tmp_path, files):
    make(tmp_path, files)

    with pytest.raises(ValueError, match="A label or a speaker must not begin or end"):
        read_folder(tmp_path, text_pattern="^(?P<text>[^.]+)")


LINKS = {
    "to-itself": (link("up", "."), "`[^`]*/up`, a link to `[^`]*`$"),
    "to-another": (link("up", "on"), "`[^`]*/up`, a link to `[^`]*/on`$"),
    "to-the-one-above": (link("up", ".."), "`up` has .* .a folder."),
}


@pytest.mark.parametrize("name", LINKS)
def test_links_make_no_label_of_another(tmp_path, name):
    folder = tmp_path / "clips"
    make(folder, ["on/a.wav", "off/b.wav"])
    change, message = LINKS[name]
    change(folder)

    with pytest.raises(ValueError, match=message):
        read_folder(folder)


def test_links_in_a_circle_are_listed_or_found_when_read(tmp_path):
    make(tmp_path, ["on/a.wav", "off/b.wav"])
    link("on/back", "..")(tmp_path)
    link("on/round.wav", "round.wav")(tmp_path)
    link("round", "round")(tmp_path)

    with pytest.warns(UserWarning, match=r"left out: on/back \(a folder\)$"):
        recordings = read_folder(tmp_path)

    good, problems = check_recordings(recordings)
    assert not good
    assert problems[2].reason.startswith("cannot be opened: ")


def test_what_systems_leave_behind_is_no_recording(tmp_path):
    hidden = [".DS_Store", "._a.wav", ".a.wav.swp", ".ipynb_checkpoints/a.wav"]
    make(tmp_path, ["on/A.WAV", *(f"on/{name}" for name in hidden), *hidden])
    make(tmp_path, ["__MACOSX/on/._A.WAV"])

    (recording,) = read_folder(tmp_path)

    assert recording == Recording(tmp_path / "on" / "A.WAV", "on")


def test_folder_that_must_not_be_read_is_named(tmp_path, monkeypatch):
    make(tmp_path, ["on/a.wav", "off/a.wav"])
    iterate = Path.iterdir

    def refuse(path):
        if path.name == "off":
            raise PermissionError(errno.EACCES, "Permission denied")
        return iterate(path)

    monkeypatch.setattr(Path, "iterdir", refuse)

    with pytest.raises(ValueError, match=r"off` cannot be read: Permission denied"):
        read_folder(tmp_path)


@pytest.mark.parametrize("texts", [["on", "off"], "on", ("on_1", "on"), 3])
def test_texts_are_a_mapping(course, texts):
    with pytest.raises(
        ValueError, match=r"`texts` must map names of files to texts\. R"
    ):
        read_folder(course, texts=texts)


def test_a_name_that_is_too_long_is_no_folder():
    with pytest.raises(ValueError, match="must be a folder with one sub-folder"):
        read_folder("a" * 300)
