"""Tests of how every command ends: one sentence, a status, and no traceback."""

import errno
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import speechkit_command
from speechkit_command import exit_status

SOURCE = Path(speechkit_command.__file__).parents[1]


class ResourceExhaustedError(Exception):
    """As TensorFlow calls it."""


class InvalidArgumentError(Exception):
    """As TensorFlow calls it."""


def fail(error):
    def run():
        raise error

    return run


def too_deep():
    return too_deep()


ERRORS = {
    "value": (ValueError("`a` must be 1"), "`a` must be 1"),
    "lines": (ValueError("`a` must\n  be 1\n"), "`a` must be 1"),
    "without-text": (ValueError(), "ValueError (`--debug` shows where)"),
    "of-keras": (
        ValueError("Exception in call().\n\n\x1b[1m`a` must be 1\x1b[0m\n\nArguments"),
        "`a` must be 1\n",
    ),
    "long": (ValueError("a" * 5000), "a" * 1000 + "…"),
    "type": (TypeError("`a` must be text"), "`a` must be text"),
    "import": (ImportError("needs x: pip install x"), "needs x: pip install x"),
    "key": (KeyError("labels"), "KeyError: 'labels' (`--debug` shows where)"),
    "runtime": (RuntimeError("no"), "RuntimeError: no (`--debug` shows where)"),
    "assertion": (AssertionError(), "AssertionError (`--debug` shows where)"),
    "memory": (MemoryError(), "There is not enough memory."),
    "tensorflow-memory": (
        ResourceExhaustedError("OOM when allocating"),
        "There is not enough memory. OOM when allocating",
    ),
    "loader-memory": (
        ImportError("libtensorflow_cc.so.2: failed to map segment from shared object"),
        "There is not enough memory. libtensorflow_cc.so.2: failed to map",
    ),
    "system-memory": (
        OSError(errno.ENOMEM, "Cannot allocate memory", "/tmp/a"),
        "There is not enough memory.",
    ),
    "graph": (
        InvalidArgumentError(
            "Graph execution error:\n\n"
            "Detected at node a/b defined at (most recent call last):\n"
            '  File "a.py", line 1, in <module>\n\n  File "b.py", line 2, in f\n\n'
            "It has 5 values\n\t [[{{node a/b}}]] [Op:__inference_f_9]"
        ),
        "InvalidArgumentError: It has 5 values (`--debug` shows where)\n",
    ),
    "permission": (
        PermissionError(errno.EACCES, "Permission denied", "a.txt"),
        "`a.txt` cannot be used: Permission denied",
    ),
    "bytes-name": (
        FileNotFoundError(errno.ENOENT, "No such file or directory", b"\xff"),
        "`\\udcff` cannot be used: No such file or directory",
    ),
    "disk-full": (OSError(errno.ENOSPC, "No space left on device"), "No space left"),
    "os-without-number": (OSError("no audio device"), "no audio device"),
    "unicode": (
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        "'utf-8' codec can't decode byte 0xff in position 0",
    ),
}


@pytest.mark.parametrize(("error", "sentence"), ERRORS.values(), ids=ERRORS)
def test_an_error_is_one_sentence(capsys, error, sentence):
    status = exit_status(fail(error), "tool")

    captured = capsys.readouterr()
    assert status == 1
    assert captured.err.startswith(f"tool: {sentence}")
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_memory_that_numpy_does_not_get_is_one_sentence(capsys):
    status = exit_status(lambda: np.ones(2**48).sum(), "tool")

    assert status == 1
    assert capsys.readouterr().err.startswith("tool: There is not enough memory. Unabl")


def test_endless_recursion_is_one_sentence(capsys):
    status = exit_status(too_deep, "tool")

    assert status == 1
    assert capsys.readouterr().err.startswith("tool: What it works on is nested too")


@pytest.mark.parametrize("debug", [True, False])
def test_the_traceback_is_shown_on_request(capsys, debug):
    exit_status(fail(KeyError("labels")), "tool", debug=debug)

    errors = capsys.readouterr().err
    assert ("Traceback (most recent call last)" in errors) == debug
    assert errors.endswith("tool: KeyError: 'labels' (`--debug` shows where)\n")


@pytest.mark.parametrize(
    ("run", "status"),
    [
        (lambda: None, 0),
        (lambda: 3, 3),
        (fail(KeyboardInterrupt()), 130),
        (fail(BrokenPipeError()), 141),
        (fail(SystemExit(2)), 2),
        (fail(SystemExit(0)), 0),
    ],
)
def test_every_end_has_its_status(run, status, monkeypatch):
    monkeypatch.setattr(speechkit_command.ending, "_drop_output", lambda: None)

    assert exit_status(run, "tool") == status


def program(body):
    """Starts a program without TensorFlow that runs `body` as a command."""
    lines = ["import sys, time, speechkit_command", "def run():"]
    lines += [f"    {line}" for line in body.splitlines()]
    lines += ["sys.exit(speechkit_command.exit_status(run, 'tool'))"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )


@pytest.mark.parametrize(
    "body", ["for i in range(10**6): print(i)", "time.sleep(0.2)\nprint(1)"]
)
def test_a_reader_that_leaves_is_no_error(body):
    """As `| head` does, early or before anything is written."""
    process = program(body)
    if "range" in body:
        process.stdout.readline()
    process.stdout.close()

    assert process.stderr.read() == ""
    assert process.wait() == 141
    process.stderr.close()


def test_a_full_disk_behind_the_output_is_one_sentence():
    command = "import sys, speechkit_command\n"
    command += "sys.exit(speechkit_command.exit_status(lambda: print(1), 'tool'))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", command],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr == "tool: No space left on device\n"


def test_an_interruption_is_one_line():
    process = program("print('begun', flush=True)\ntime.sleep(60)")
    process.stdout.readline()

    process.send_signal(signal.SIGINT)

    assert process.communicate()[1] == "tool: Interrupted.\n"
    assert process.returncode == 130


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])  # of the locale C
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "gbk"])
def test_what_an_output_cannot_show_is_shown_by_number(monkeypatch, encoding, errors):
    shown = io.BytesIO()
    output = io.TextIOWrapper(shown, encoding, errors, write_through=True)
    monkeypatch.setattr(sys, "stdout", output)

    assert exit_status(lambda: print("a \u1234 \udcff"), "a") == 0
    assert shown.getvalue().split() == [b"a", rb"\u1234", rb"\udcff"]


class Dropping:
    """Is interrupted where Python drops what is raised."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def dropped():
    Dropping()
    time.sleep(20)


def turned_into_an_error():
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("a callback failed") from None


@pytest.mark.parametrize("run", [dropped, turned_into_an_error])
def test_an_interrupt_is_never_lost(capsys, run):
    handler, hook, start = (
        signal.getsignal(signal.SIGINT),
        sys.unraisablehook,
        time.monotonic(),
    )

    status = exit_status(run, "tool")

    assert status == 130
    assert capsys.readouterr().err == "tool: Interrupted.\n"
    assert time.monotonic() - start < 10
    assert signal.getsignal(signal.SIGINT) is handler
    assert sys.unraisablehook is hook


@pytest.mark.parametrize(
    "place", ["signal.raise_signal(2)", "Dropping(); time.sleep(20)"]
)
def test_an_interrupt_while_modules_are_imported_is_one_line(place):
    program = f"""
import signal, speechkit_command, time
class Dropping:
    def __del__(self): signal.raise_signal(2)
speechkit_command.start_quietly()
{place}
"""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}

    process = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 130
    assert process.stderr == "Interrupted.\n"
