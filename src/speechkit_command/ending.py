"""Ends a command: with its status, and with one sentence where something is wrong."""

import contextlib
import errno
import io
import os
import re
import sys
import traceback
from collections.abc import Callable

from speechkit_command import interrupts

_BROKEN_PIPE = 141
_LONGEST = 1000
_BOLD = re.compile("\x1b\\[1m(.*?)\x1b\\[0m", re.DOTALL)
# Their texts are sentences for users; others need the name of their class.
_SPEAKING = (ImportError, OSError, TypeError, ValueError)
_OUT_OF_MEMORY = (
    "ResourceExhaustedError",
    "bad_alloc",
    "RESOURCE_EXHAUSTED",
    os.strerror(errno.ENOMEM),
    "failed to map segment",  # as the loader of libraries says it
)
# TensorFlow tells first where a graph was made, in lines of Python and with headings,
# and last the node that it ran.
_TRACE = re.compile(
    r"Graph execution error:|Detected at node .*|^  File .*|\[\[\{\{node .*"
    r"|\{\{function_node .*?\}\}|\[Op:\w+\]",
    re.MULTILINE,
)


def exit_status(
    run: Callable[[], int | None],
    name: str,
    *,
    failure: int = 1,
    debug: bool = False,
    interrupted: str = "Interrupted.",
) -> int:
    """Runs a command and returns its exit status, whatever happens.

    Args:
        run: The command. It returns its status; `None` means 0.
        name: Name of the command; it begins the sentence.
        failure: Status for an error.
        debug: Whether to show the traceback of an error before the sentence.
        interrupted: Sentence for Ctrl-C.

    Returns:
        The status of the command, `failure` after an error, 130 after Ctrl-C, and 141
        where the reader of the output has gone, as `head` does; that is no error.
        Output that its encoding cannot show is shown by numbers of characters.
    """
    spare_output()
    try:
        with interrupts.kept() as pressed:
            status = run() or 0
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        _say(name, interrupted, debug)
        status = interrupts.STATUS
    except SystemExit as stop:  # of `argparse`, which has said why
        status = stop.code if isinstance(stop.code, int) else failure
    except Exception as error:
        # A library may have made another error of Ctrl-C.
        sentence = interrupted if pressed.is_set() else describe(error)
        _say(name, sentence, debug)
        status = interrupts.STATUS if pressed.is_set() else failure
    with contextlib.suppress(OSError, ValueError):
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    _drop_output()
    return status


def end_imports(name: str) -> None:
    """Lets the imports of a command end by one sentence, as `exit_status` does later.

    Args:
        name: Name of the command; it begins the sentence.
    """
    before = sys.excepthook

    def hook(kind, error, trace):
        if issubclass(kind, KeyboardInterrupt):
            if sys.stderr is not None:
                print("Interrupted.", file=sys.stderr)
            os._exit(interrupts.STATUS)  # at once: otherwise Python ends by the signal
        if "--debug" in sys.argv:
            before(kind, error, trace)
        _say(name, describe(error), debug=False)

    sys.excepthook = hook
    interrupts.keep_dropped()


def spare_output() -> None:
    """Lets the output show characters that its encoding lacks by their numbers.

    Otherwise a table with one such character would end in an error of Python.
    """
    # "surrogateescape", of the locale C, spares the names of files alone.
    failing = ("strict", "surrogateescape")
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors in failing:
        sys.stdout.reconfigure(errors="backslashreplace")


def describe(error: BaseException) -> str:
    """Returns one sentence on an error."""
    # Keras puts its own lines around an error of a layer, and the error in bold.
    inside = _BOLD.search(str(error))
    text = " ".join(_TRACE.sub("", inside[1] if inside else str(error)).split())
    kind = type(error).__name__
    if isinstance(error, MemoryError) or any(x in kind + text for x in _OUT_OF_MEMORY):
        text = f"There is not enough memory. {text[:200]}".strip()
    elif isinstance(error, RecursionError):
        text = f"What it works on is nested too deeply. {text}"
    elif isinstance(error, OSError) and error.strerror:
        text = error.strerror
        if error.filename is not None:
            text = f"`{os.fsdecode(error.filename)}` cannot be used: {text}"
    elif not text or not isinstance(error, _SPEAKING):
        text = f"{kind}: {text}" if text else kind
        text += " (`--debug` shows where)"
    # A name that is no Unicode cannot be printed.
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _say(name, sentence, debug):
    """Prints the sentence, if there is anybody to read it."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError):
        if debug:
            traceback.print_exc()
        print(f"{name}: {sentence}", file=sys.stderr)


def _drop_output():
    """Forgets what nobody takes, or Python would try again at its end, and complain."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
