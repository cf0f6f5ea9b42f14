"""One sound file, or a piece of it, and what is known of it."""

import dataclasses
from pathlib import Path

import numpy as np
import numpy.typing as npt

from speechkit import audio
from speechkit._checks import check_number

# Manifests round the duration of a file.
_ROUNDING_SECONDS = 0.1


@dataclasses.dataclass(frozen=True)
class Recording:
    """Describes a sound file of a data set, or a piece of one.

    Attributes:
        path: The file.
        text: What is said in it: a label or a transcript.
        speaker: Name of who says it; `None` if unknown.
        split: Name of the part of the data set it belongs to; `None` if none.
        start_seconds: Where the piece begins in the file, in seconds.
        duration_seconds: Length of the piece, in seconds. `None` means to the end of
            the file, and so does a length that passes it by 0.1 s at most, as manifests
            round theirs.

    Raises:
        ValueError: If `start_seconds` is below 0, or `duration_seconds` not above it.

    Example:
        >>> Recording(Path("yes/anna_0.wav"), "yes", speaker="anna").text
        'yes'
    """

    path: Path
    text: str
    speaker: str | None = None
    split: str | None = None
    _: dataclasses.KW_ONLY
    start_seconds: float = 0.0
    duration_seconds: float | None = None

    def __post_init__(self):
        start = check_number("start_seconds", self.start_seconds)
        object.__setattr__(self, "start_seconds", float(start))
        if self.duration_seconds is not None:
            value = check_number("duration_seconds", self.duration_seconds, above=True)
            object.__setattr__(self, "duration_seconds", float(value))

    def read(
        self, sampling_rate: int | None = None, *, max_seconds: float | None = None
    ) -> npt.NDArray[np.float32]:
        """Returns the waveform, as `audio.read` does for the piece.

        Args:
            sampling_rate: Rate of the result, in hertz. `None` keeps that of the file.
            max_seconds: Longest piece that is decoded, in seconds. `None` sets no
                limit.

        Raises:
            AudioError: If the file cannot be used, or ends before the piece does.
        """
        duration = self.duration_seconds
        if duration is not None and self._reaches_end(duration):
            duration = None
        return audio.read(
            self.path,
            sampling_rate,
            start_seconds=self.start_seconds,
            duration_seconds=duration,
            max_seconds=max_seconds,
        )

    def measure(self) -> float:
        """Returns the length of the piece in seconds, from the header of the file.

        Raises:
            AudioError: If the file cannot be opened, or ends before the piece does.
        """
        duration = self.duration_seconds
        whole = audio.info(self.path).duration_seconds
        left = whole - self.start_seconds
        if left <= 0 or (duration is not None and duration > left + _ROUNDING_SECONDS):
            start = self.start_seconds
            end = "on" if duration is None else f"to {start + duration:g} s"
            raise audio.AudioError(
                self.path,
                f"lasts {whole:g} s, too short for a piece from {start:g} s {end}",
            )
        return left if duration is None else min(duration, left)

    def _reaches_end(self, duration: float) -> bool:
        left = audio.info(self.path).duration_seconds - self.start_seconds
        return left <= duration <= left + _ROUNDING_SECONDS
