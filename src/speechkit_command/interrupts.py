"""Ctrl-C, where Python or a library would drop it."""

import _thread
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

STATUS = 130  # as shells say it: 128 and the number of the signal
# Long enough to leave the place that dropped an interrupt, too short to be noticed.
_SECONDS = 0.05


def keep_dropped() -> None:
    """Lets Ctrl-C come again where Python drops it, until the process ends."""
    sys.unraisablehook = _again(sys.unraisablehook)


@contextlib.contextmanager
def kept() -> Iterator[threading.Event]:
    """Yields an event that is set by Ctrl-C, which comes again where it is dropped.

    Python drops what a function raises that runs while memory is given back; libraries
    turn it into errors of their own.
    """
    pressed, ended = threading.Event(), threading.Event()
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) != signal.default_int_handler:
        yield pressed  # who runs the command has another use for Ctrl-C
        return
    before = sys.unraisablehook

    def press(number, frame):
        pressed.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, press)
    sys.unraisablehook = _again(before, ended)
    try:
        yield pressed
    finally:
        ended.set()
        sys.unraisablehook = before
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _again(before, ended=None):
    """Returns a hook for what Python drops that presses Ctrl-C again."""

    def press_again():
        if ended is not None and ended.is_set():
            return
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:  # Windows
            _thread.interrupt_main()

    def hook(dropped):
        if isinstance(dropped.exc_value, KeyboardInterrupt):
            timer = threading.Timer(_SECONDS, press_again)
            timer.daemon = True
            timer.start()
        else:
            before(dropped)

    return hook
