"""Tests of names that lead to no file that can be read: one sentence, and at once."""

import contextlib
import os
import pathlib
import socket

import numpy as np
import pytest
import soundfile

from speechkit.audio import AudioError, info, read, write
from speechkit.datasets import Problem, Recording, check_recordings


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Paths of what is no sound file, by name."""
    monkeypatch.chdir(tmp_path)  # names of sockets must be short
    pathlib.Path("folder.wav").mkdir()
    os.mkfifo("pipe.wav")
    pathlib.Path("lost.wav").symlink_to("nowhere.wav")
    pathlib.Path("circle.wav").symlink_to("circle.wav")
    pathlib.Path("pipeline.wav").symlink_to("pipe.wav")
    pathlib.Path("plain").write_text("text")
    for name in ("tone.vox", "tone.gsm", "tone.au", "tone.raw"):
        pathlib.Path(name).write_bytes(bytes(5000))
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket.wav")
        yield


CASES = {
    "folder.wav": "is a folder, not a sound file",
    "pipe.wav": "is a pipe, not a sound file",
    "pipeline.wav": "is a pipe, not a sound file",
    "socket.wav": "is a socket, not a sound file",
    "/dev/zero": "is a device, not a sound file",
    "/dev/null": "is a device, not a sound file",
    "missing.wav": "does not exist",
    "lost.wav": "does not exist",
    "circle.wav": "cannot be opened: ",
    "plain/tone.wav": "cannot be opened: Not a directory",
    "a" * 300 + ".wav": "cannot be opened: File name too long",
    "nul\0.wav": "does not exist: no file can have this name",
    "lone\ud800.wav": "does not exist: no file can have this name",
    "plain": "is not a WAV, FLAC, OGG or MP3 file, or its header is damaged",
    "tone.vox": "is not a WAV, FLAC, OGG or MP3 file",
    "tone.gsm": "is not a WAV, FLAC, OGG or MP3 file",
    "tone.au": "is not a WAV, FLAC, OGG or MP3 file",
    "tone.raw": "is not a WAV, FLAC, OGG or MP3 file",
    "/proc/self/status": r"is empty \(0 bytes\)",
}


@pytest.mark.parametrize("use", [read, info])
@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("places")
def test_what_is_no_sound_file_is_told_in_one_line(name, use):
    with pytest.raises(AudioError, match=f"^`[^`]*` {CASES[name]}") as caught:
        use(name)

    str(caught.value).encode()  # can be printed
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("places")
def test_no_bad_name_ends_the_check_of_all(tmp_path):
    write("good.wav", np.zeros(800, np.float32), sampling_rate=8000)
    names = ["good.wav", *CASES, "good.wav"]

    good, problems = check_recordings(Recording(name, "yes") for name in names)

    assert [recording.path for recording in good] == ["good.wav", "good.wav"]
    assert [problem.path for problem in problems] == list(CASES)
    assert Problem("missing.wav", "does not exist") in problems


@pytest.mark.parametrize("suffix", ["wav", "ogg", "m4a"])
def test_name_that_is_not_utf_8_is_read(tmp_path, suffix):
    path = pathlib.Path(
        os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n." + suffix.encode())
    )
    soundfile.write(tmp_path / "tone", np.zeros(800), 8000, format="WAV")
    (tmp_path / "tone").rename(path)

    assert len(read(path)) == 800

    path.write_bytes(b"")
    with pytest.raises(AudioError, match=r"caf\\xe9\\n.\w+` is empty") as caught:
        read(path)
    str(caught.value).encode()


@contextlib.contextmanager
def another_user():
    """Gives up the rights of the superuser, whom no permission stops."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_files_of_others_are_told(tmp_path):
    path = tmp_path / "secret.wav"
    write(path, np.zeros(800, np.float32), sampling_rate=8000)
    path.chmod(0)
    tmp_path.chmod(0o500)

    with another_user():
        with pytest.raises(AudioError, match=r"secret.wav` .*: Permission denied"):
            read(path)
        with pytest.raises(AudioError, match=r"written: Permission denied$"):
            write(path, np.zeros(800, np.float32), sampling_rate=8000)
        good, problems = check_recordings([Recording(path, "yes")])

    tmp_path.chmod(0o700)
    assert not good
    assert problems[0].reason == "cannot be opened: Permission denied"
