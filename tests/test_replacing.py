"""Tests that files appear whole or not at all, and that nothing else stays behind."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from speechkit import _replacing
from speechkit._replacing import replacing, replacing_folder

# The module alone: it needs no TensorFlow.
KILLED = """
import os, pathlib, runpy, signal, sys
replacing = runpy.run_path(sys.argv[1])["replacing"]
with replacing(pathlib.Path(sys.argv[2])) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""

KILLED_IN_A_FOLDER = """
import os, pathlib, runpy, signal, sys
replacing_folder = runpy.run_path(sys.argv[1])["replacing_folder"]
rename = pathlib.Path.rename
def rename_and_die(source, target):
    rename(source, target)
    os.kill(os.getpid(), signal.SIGKILL)
with replacing_folder(pathlib.Path(sys.argv[2])) as temporary:
    (temporary / "a").write_text("half")
    if sys.argv[3] == "writing":
        os.kill(os.getpid(), signal.SIGKILL)
    pathlib.Path.rename = rename_and_die
"""


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def kill_while_writing(path):
    command = [sys.executable, "-c", KILLED, _replacing.__file__, path]
    subprocess.run(command, check=False)


def test_a_killed_write_leaves_the_old_file_and_the_next_one_leaves_nothing(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    kill_while_writing(path)
    assert path.read_text() == "old"
    assert len(files(tmp_path)) == 2

    with replacing(path) as temporary:
        temporary.write_text("new")
    assert files(tmp_path) == ["a.txt"]
    assert path.read_text() == "new"


def test_leftovers_of_killed_processes_are_removed_without_writing(tmp_path):
    kill_while_writing(tmp_path / "a.txt")
    (tmp_path / ".b.partial-0.txt").write_text("of another file")

    _replacing.remove_leftovers(tmp_path / "a.txt")

    assert files(tmp_path) == [".b.partial-0.txt"]


def test_the_file_of_a_living_writer_is_left_alone(tmp_path):
    path = tmp_path / "a.txt"

    with replacing(path) as first:
        first.write_text("first")
        _replacing.remove_leftovers(path)
        with replacing(path) as second:
            second.write_text("second")
        assert path.read_text() == "second"

    assert path.read_text() == "first"
    assert files(tmp_path) == ["a.txt"]


def test_a_failure_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def interrupted():
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert files(tmp_path) == ["a.txt"]
    assert path.read_text() == "old"


def test_a_folder_without_locks_is_written_to(tmp_path, monkeypatch):
    def flock(opened, operation):
        raise OSError("no locks available")

    monkeypatch.setattr(_replacing.fcntl, "flock", flock)

    with replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")

    assert files(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("name", ["a" * 251 + ".wav", "开" * 83 + ".wav"])
def test_the_longest_names_are_written(tmp_path, name):
    with replacing(tmp_path / name) as temporary:
        temporary.write_text("new")

    assert files(tmp_path) == [name]


@pytest.mark.parametrize(
    "name", ["no_folder/a.txt", "a.txt/b.txt", "a" * 256], ids=lambda name: name[:16]
)
def test_errors_name_the_file_that_is_asked_for(tmp_path, name):
    (tmp_path / "a.txt").write_text("a file")

    with (
        pytest.raises(OSError, match=r"too long|o such|a dir") as raised,
        replacing(tmp_path / name) as temporary,
    ):
        temporary.write_text("new")

    assert raised.value.filename == str(tmp_path / name)
    assert files(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path, number):
    def fill():
        with replacing(tmp_path / "a.txt"):
            raise OSError(number, os.strerror(number))  # as `write` does

    with pytest.raises(OSError, match=re.escape(os.strerror(number))) as raised:
        fill()

    assert raised.value.filename == str(tmp_path / "a.txt")
    assert files(tmp_path) == []


def test_errors_of_other_files_keep_their_names(tmp_path):
    with pytest.raises(FileNotFoundError) as raised, replacing(tmp_path / "a.txt"):
        Path(tmp_path / "other.txt").read_text()

    assert raised.value.filename == str(tmp_path / "other.txt")


def make_folder(path, content):
    with replacing_folder(path) as temporary:
        (temporary / "deep").mkdir()
        (temporary / "deep" / content).write_text(content)


def test_a_folder_takes_the_place_of_an_older_one(tmp_path):
    make_folder(tmp_path / "new" / "a", "old")
    make_folder(tmp_path / "new" / "a", "new")

    assert files(tmp_path / "new") == ["a"]
    assert files(tmp_path / "new" / "a" / "deep") == ["new"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, ValueError])
def test_a_failure_leaves_the_old_folder_alone(tmp_path, error):
    make_folder(tmp_path / "a", "old")

    def interrupted():
        with replacing_folder(tmp_path / "a") as temporary:
            (temporary / "b").write_text("half")
            raise error

    with pytest.raises(error):
        interrupted()

    assert files(tmp_path) == ["a"]
    assert files(tmp_path / "a" / "deep") == ["old"]


@pytest.mark.parametrize("moment", ["writing", "renaming"])
def test_a_killed_process_loses_no_folder(tmp_path, moment):
    path = tmp_path / "a"
    make_folder(path, "old")
    command = [sys.executable, "-c", KILLED_IN_A_FOLDER, _replacing.__file__, path]

    subprocess.run([*command, moment], check=False)
    assert path.exists() == (moment == "writing")
    assert len(files(tmp_path)) == 3

    _replacing.remove_leftovers(path)
    assert files(tmp_path) == ["a"]
    assert files(path / "deep") == ["old"]


def test_two_writers_of_a_folder_do_not_meet(tmp_path):
    path = tmp_path / "a"

    with replacing_folder(path) as first:
        (first / "first").write_text("first")
        make_folder(path, "second")
        assert files(path / "deep") == ["second"]

    assert files(path) == ["first"]
    assert files(tmp_path) == ["a"]
