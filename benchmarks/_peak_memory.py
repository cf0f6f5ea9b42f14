"""How much memory a piece of work takes, in this process and in those it starts."""

import contextlib
import pathlib
import threading
from collections.abc import Iterator

_SECONDS_BETWEEN_LOOKS = 0.05


@contextlib.contextmanager
def measured() -> Iterator[dict[str, int]]:
    """Yields a dictionary that has `bytes` afterwards; Linux alone tells.

    It is the most that this process had, plus the most that any one it started had: no
    less than both together had at any time.
    """
    found = {"bytes": 0}
    # What the process had before must not count.
    pathlib.Path("/proc/self/clear_refs").write_text("5", "ascii")
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
        status = pathlib.Path("/proc", process, "status").read_text("ascii")
    except OSError:  # a process that has ended
        return 0
    lines = [line for line in status.split("\n") if line.startswith("VmHWM:")]
    return 1024 * int(lines[0].split()[1]) if lines else 0
