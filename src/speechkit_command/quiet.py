"""Keeps what TensorFlow says about itself out of the output of a command.

TensorFlow writes some lines before it reads `TF_CPP_MIN_LOG_LEVEL`, or without reading
it. They come from C++, so only a filter behind the error stream can leave them out. It
is a process of its own, so that what a crash says arrives as well.
"""

import contextlib
import io
import os
import re
import signal
import sys

from speechkit_command import ending

LEVEL = "TF_CPP_MIN_LOG_LEVEL"

_PLACE = r"[\w./+-]+:\d+\]\ "
# Notes and warnings, in the two forms they have, and errors that are none.
_NOISE = re.compile(
    rf"""
    WARNING:\ All\ log\ messages\ before\ absl::InitializeLog
    | [IW]\d{{4}}\ [\d:.]+\s+\d+\ {_PLACE}
    | \d{{4}}-\d\d-\d\d\ [\d:.]+:\ [IW]\ {_PLACE}
    | (E\d{{4}}\ [\d:.]+\s+\d+|\d{{4}}-\d\d-\d\d\ [\d:.]+:\ E)\ {_PLACE}
      (Unable\ to\ register\ cu|failed\ call\ to\ cuInit)
    | To\ enable\ the\ following\ instructions:
    | INFO:\ (Created\ TensorFlow\ Lite|Initialized\ TensorFlow\ Lite)
    """,
    re.VERBOSE,
)


def is_noise(line: str) -> bool:
    """Returns whether a line is what TensorFlow says about itself."""
    return _NOISE.match(line) is not None


def runs_as_module(name: str) -> bool:
    """Returns whether `python -m name` is just looking for the module to run."""
    # So Python says it until it has found the module.
    # The name may stand in one word with the option: `-mname`, `-Bmname`.
    is_named = re.compile(rf"(-[A-Za-z]*m)?{re.escape(name)}").fullmatch
    return sys.argv[:1] == ["-m"] and any(map(is_named, sys.orig_argv))


def start_quietly(name: str = "error") -> None:
    """Hides TensorFlow's start-up lines from now on; call it before the import.

    Errors and crashes are shown. The lines stay if the user asks for them, by a
    `TF_CPP_MIN_LOG_LEVEL` below 2. From now on Ctrl-C is one line, too, and so is an
    import that fails.

    Args:
        name: Name of the command; it begins that line.
    """
    ending.end_imports(name)
    if os.environ.get(LEVEL, "2") not in ("2", "3"):
        return
    filters = hasattr(os, "fork") and _is_open(2)
    # Without the filter, errors that are none would be left.
    os.environ.setdefault(LEVEL, "2" if filters else "3")
    if filters:
        sys.stderr.flush()
        terminal = os.dup(2)
        _start_filter(terminal)
        # Python writes past the filter, and knows whether it is a terminal.
        sys.stderr = io.TextIOWrapper(
            io.FileIO(terminal, "w"),
            encoding=sys.stderr.encoding,
            errors="backslashreplace",
            line_buffering=True,
            write_through=True,
        )


def _is_open(descriptor):
    with contextlib.suppress(OSError):
        os.fstat(descriptor)
        return sys.stderr is not None
    return False


def _start_filter(terminal):
    """Puts a process between descriptor 2 and the terminal."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            # A grandchild: this process would have to wait for a child.
            if os.fork() == 0:
                os.close(writer)
                _forward(reader, terminal)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(reader)
    os.dup2(writer, 2)
    os.close(writer)


def _forward(reader, terminal):
    # It ends with the command, whatever ends that.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for descriptor in (0, 1, 2):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    with io.FileIO(reader) as source:
        rest = b""
        while block := source.read(2**16):
            *lines, rest = (rest + block).split(b"\n")
            _write(terminal, [line + b"\n" for line in lines])
        _write(terminal, [rest])


def _write(terminal, lines):
    shown = [line for line in lines if not is_noise(line.decode(errors="replace"))]
    content = b"".join(shown)
    with contextlib.suppress(OSError):
        while content:
            content = content[os.write(terminal, content) :]
