"""Tests that a command shows errors and crashes, and no line of TensorFlow's start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import speechkit_command
from speechkit_command import main, quiet

SOURCE = Path(speechkit_command.__file__).parents[1]
# As TensorFlow 2.17, 2.18, 2.19 and 2.21 and LiteRT print them.
NOISE = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1796059048.455776   20366 port.cc:153] oneDNN custom operations are on.
I0000 00:00:1796059048.456096   20366 cudart_stub.cc:31] Could not find cuda drivers
W0000 00:00:1741020000.123456    1234 computation_placer.cc:177] already registered
E0000 00:00:1796060114.181821    8212 cuda_platform.cc:52] failed call to cuInit: INTE
E0000 00:00:1741020000.123456    1234 cuda_dnn.cc:8579] Unable to register cuDNN facto
2026-11-30 17:17:49.252054: I tensorflow/core/util/port.cc:153] oneDNN custom operatio
2026-11-30 17:17:56.430102: W tensorflow/compiler/tf2tensorrt/utils/py_utils.cc:38] TF
2026-11-30 17:17:49.590208: E external/local_xla/xla/stream_executor/cuda/cuda_fft.cc:\
485] Unable to register cuFFT factory: Attempting to register factory for plugin cuFFT
To enable the following instructions: AVX2 AVX512F, in other operations, rebuild Tenso
I0000 00:00:1796059066.524404   20563 service.cc:153] XLA service 0x5648b072d090 initi
INFO: Created TensorFlow Lite XNNPACK delegate for CPU.
"""
SHOWN = """\
Traceback (most recent call last):
2026-11-30 17:17:49.252054: F tensorflow/core/platform/default/env.cc:74] Check failed
F0000 00:00:1796059048.455776   20366 env.cc:74] Check failed: ret == 0 (11 vs. 0)
E0000 00:00:1796059048.455776   20366 allocator.cc:74] Out of memory
2026-11-30 17:17:49.590208: E tensorflow/core/framework/op.cc:485] No kernel
Fatal Python error: Segmentation fault
ERROR: Encountered unresolved custom op: Unknown.
INFO of a user
I am a user, and so is W0000
"""


def start(body, **environment):
    """Runs a program that starts quietly; returns its status, output and errors."""
    command = f"import os, speechkit_command\nspeechkit_command.start_quietly()\n{body}"
    known = {name: value for name, value in os.environ.items() if name != quiet.LEVEL}
    done = subprocess.run(
        [sys.executable, "-c", command],
        env={**known, "PYTHONPATH": str(SOURCE), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("line", NOISE.splitlines())
def test_what_tensorflow_says_about_itself_is_noise(line):
    assert quiet.is_noise(line)


@pytest.mark.parametrize("line", SHOWN.splitlines())
def test_errors_and_other_lines_are_shown(line):
    assert not quiet.is_noise(line)


def test_lines_from_below_python_are_filtered_and_the_rest_arrives():
    status, output, errors = start(f"os.write(2, {(NOISE + SHOWN + 'end').encode()})")

    assert (status, output, errors) == (0, "", f"{SHOWN}end")


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        pytest.param("os.write(2, b'dying\\n'); os.abort()", -6, "dying", id="abort"),
        pytest.param(
            "import faulthandler, ctypes; faulthandler.enable(); ctypes.string_at(0)",
            -11, "Segmentation fault", id="crash",
        ),
        pytest.param("os.write(2, b'no end'); os._exit(3)", 3, "no end", id="exit"),
        pytest.param("raise KeyError(1)", 1, "error: KeyError: 1", id="error"),
        pytest.param(
            "import os, signal; os.write(2, b'last\\n'); os.kill(os.getpid(), 9)",
            -9, "last", id="kill",
        ),
    ],
)  # fmt: skip
def test_a_crash_is_seen(body, status, message):
    found, _, errors = start(body)

    assert found == status
    assert message in errors


def test_the_level_of_the_user_wins():
    body = f"os.write(2, {NOISE.encode()}); print(os.environ['{quiet.LEVEL}'])"

    assert start(body, **{quiet.LEVEL: "0"}) == (0, "0\n", NOISE)


def test_a_user_who_wants_it_quiet_has_it_quiet():
    body = f"os.write(2, {NOISE.encode()}); print(os.environ['{quiet.LEVEL}'])"

    assert start(body, **{quiet.LEVEL: "3"}) == (0, "3\n", "")


def test_a_closed_error_stream_is_no_error():
    command = [
        sys.executable,
        "-c",
        "import os; os.close(2); import speechkit_command;",
    ]
    command[-1] += "speechkit_command.start_quietly(); print('works')"
    environment = {name: x for name, x in os.environ.items() if name != quiet.LEVEL}

    done = subprocess.run(
        command,
        env={**environment, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        check=True,
    )

    assert done.stdout == b"works\n"


def test_the_command_shows_its_sentence_and_nothing_of_tensorflow(tmp_path):
    (tmp_path / "a.tflite").write_bytes(b"damaged")
    environment = {name: x for name, x in os.environ.items() if name != quiet.LEVEL}

    done = subprocess.run(
        [sys.executable, "-m", "speechkit", "inspect", "a.tflite"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )

    expected = "`a.tflite` must be a .tflite file. It has another format"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"speechkit inspect: {expected}\n"


@pytest.mark.parametrize("command", [["-m", "speechkit"], ["-m", "examples.an4.run"]])
def test_no_memory_for_the_imports_is_one_sentence(command):
    done = subprocess.run(
        ["sh", "-c", 'ulimit -v 500000; exec "$0" "$@"', sys.executable, *command],
        cwd=SOURCE.parent,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )

    name = "speechkit" if "speechkit" in command else "error"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{name}: There is not enough memory.")
    assert done.stderr.count("\n") == 1


def test_the_script_starts_quietly_before_anything_else(monkeypatch):
    steps = []
    monkeypatch.setattr(main, "start_quietly", lambda name: steps.append("quiet"))
    monkeypatch.setattr(main, "_run", lambda: steps.append("run"))

    assert main.main() == 0
    assert steps == ["quiet", "run"]


@pytest.mark.parametrize(
    ("arguments", "original", "expected"),
    [
        (["-m"], ["python", "-m", "speechkit", "score"], True),
        (["-m", "score"], ["python", "-X", "dev", "-m", "speechkit", "score"], True),
        (["-m"], ["python", "-mspeechkit", "score"], True),
        (["-m"], ["python", "-Bmspeechkit"], True),
        (["-m"], ["python", "-m", "examples.an4"], False),
        (["/bin/pytest", "speechkit"], ["python", "-m", "pytest", "speechkit"], False),
        (["-c"], ["python", "-c", "import speechkit"], False),
        ([], ["python"], False),
    ],
)
def test_only_the_search_for_the_module_is_seen(
    monkeypatch, arguments, original, expected
):
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(sys, "orig_argv", original)

    assert quiet.runs_as_module("speechkit") is expected
