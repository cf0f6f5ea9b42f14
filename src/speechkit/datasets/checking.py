"""Which recordings can be used, and what is wrong with the others."""

import concurrent.futures
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path

from speechkit import audio
from speechkit._checks import check_number
from speechkit.datasets.recording import Recording


@dataclasses.dataclass(frozen=True)
class Problem:
    """Says why a recording cannot be used.

    Attributes:
        path: The sound file.
        reason: What is wrong with it: a sentence after its subject, the file.
        text: What is said in it, such as the label that loses a recording.
    """

    path: Path
    reason: str
    text: str | None = dataclasses.field(default=None, compare=False)


def check_recordings(
    recordings: Iterable[Recording],
    *,
    min_seconds: float | None = None,
    max_seconds: float | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> tuple[tuple[Recording, ...], tuple[Problem, ...]]:
    """Reads every sound file once, several at a time, and sorts out the bad ones.

    Args:
        recordings: What to check.
        min_seconds: Shortest recording that is good. `None` sets no limit.
        max_seconds: Longest recording that is good. `None` sets no limit.
        progress: Called after each file with the number of files done and the number
            of all files.

    Returns:
        The good recordings and one `Problem` for each other, both in the order of
        `recordings`.

    Raises:
        ValueError: If a limit is not a finite number of 0 or more.
    """
    recordings = tuple(recordings)
    for name, limit in (("min_seconds", min_seconds), ("max_seconds", max_seconds)):
        if limit is not None:
            check_number(name, limit)
    good: list[Recording] = []
    problems: list[Problem] = []
    with concurrent.futures.ThreadPoolExecutor() as pool:
        reasons = pool.map(
            lambda recording: _find_reason(recording, min_seconds, max_seconds),
            recordings,
        )
        for done, (recording, reason) in enumerate(
            zip(recordings, reasons, strict=True), start=1
        ):
            if reason is None:
                good.append(recording)
            else:
                problems.append(Problem(recording.path, reason, recording.text))
            if progress is not None:
                progress(done, len(recordings))
    return tuple(good), tuple(problems)


def _find_reason(
    recording: Recording, min_seconds: float | None, max_seconds: float | None
) -> str | None:
    try:
        seconds = recording.measure()
        recording.read(max_seconds=max_seconds)
    except audio.AudioError as error:
        return error.reason
    if min_seconds is not None and seconds < min_seconds:
        return f"lasts {seconds:g} s, less than the {min_seconds:g} s that are needed"
    return None
