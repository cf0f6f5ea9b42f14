"""Tests of what keeps two runs apart, and of what a killed one leaves behind."""

import pathlib
import signal
import subprocess
import sys

import pytest

from examples import resuming, saving

ROOT = pathlib.Path(__file__).parents[2]
CLAIM = """
import pathlib, sys, time
from examples import resuming
with resuming.claimed(pathlib.Path(sys.argv[1])):
    print("claimed", flush=True)
    time.sleep(60)
"""


def test_two_processes_do_not_run_in_one_folder(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", CLAIM, tmp_path / "run"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "claimed\n"
        with (
            pytest.raises(ValueError, match="another process is running in"),
            resuming.claimed(tmp_path / "run"),
        ):
            pass
        other.send_signal(signal.SIGKILL)

    with resuming.claimed(tmp_path / "run"):
        assert (tmp_path / "run").is_dir()


def test_what_a_killed_run_left_is_overwritten(tmp_path):
    (tmp_path / ".scores.partial-0.json").write_text("half")

    saving.save_json({"accuracy": 1}, tmp_path / "scores.json")

    assert [path.name for path in tmp_path.iterdir()] == ["scores.json"]
