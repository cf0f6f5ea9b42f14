"""The time and the memory of calls, measured alike by all benchmarks."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

# The threads of one library spin for a while after its work, in the way of the next.
PAUSE_SECONDS = 0.25

Calls = Mapping[str, Callable[[], object]]


def seconds_by_turns(calls: Calls, rounds: int) -> dict[str, list[float]]:
    """Returns the seconds of each call; all take turns, and a first round is free."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for measured in (False, *[True] * rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if measured:
                times[name].append(time.perf_counter() - start)
    return times


def fastest(calls: Calls, rounds: int) -> dict[str, float]:
    """Returns the fewest seconds of each call; all take turns, and rest before each.

    A call that does not count comes before all rounds, and one before each that does.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            time.sleep(PAUSE_SECONDS)
            call()
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: min(values) for name, values in times.items()}


def peak_megabytes(call: Callable[[], object]) -> float:
    """Returns by how much three calls raise the peak memory of this process."""
    forget_peak()
    before = resident_kilobytes("VmRSS")
    for _ in range(3):
        call()
    return (resident_kilobytes("VmHWM") - before) / 1024


def forget_peak() -> None:
    """Lets Linux count the peak memory of this process from here on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def resident_kilobytes(field: str, process: str = "self") -> int:
    """Returns a line of the status of a process: memory now, or its peak."""
    status = Path("/proc", process, "status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1])
