"""How much memory a piece of work takes, in this process and in those it starts."""

import contextlib
import pathlib
import threading
from collections.abc import Iterator

from benchmarks import measuring

_SECONDS_BETWEEN_LOOKS = 0.05


@contextlib.contextmanager
def measured() -> Iterator[dict[str, int]]:
    """Yields a dictionary that has `bytes` afterwards; Linux alone tells.

    It is the most that this process had, plus the most that any one it started had: no
    less than both together had at any time.
    """
    found = {"bytes": 0}
    measuring.forget_peak()
    children: list[int] = [0]
    done = threading.Event()

    def look():
        while not done.wait(_SECONDS_BETWEEN_LOOKS):
            children.extend(_peak(place) for place in _children())

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
        found["bytes"] = _peak("self") + max(children)


def _children():
    for task in pathlib.Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has ended
            yield from (task / "children").read_text("ascii").split()


def _peak(process):
    try:
        return 1024 * measuring.resident_kilobytes("VmHWM", process)
    except (OSError, ValueError):  # a process that has ended, or is about to
        return 0
