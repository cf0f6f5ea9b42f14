"""What the header of a sound file says."""

import dataclasses
import os
from pathlib import Path

from speechkit.audio._opening import open_sound
from speechkit.audio.audio_error import AudioError


@dataclasses.dataclass(frozen=True)
class AudioInfo:
    """Describes a sound file.

    Attributes:
        sampling_rate: Samples per second, in hertz.
        num_samples: Length of each channel, in samples.
        num_channels: Number of channels.

    Example:
        >>> AudioInfo(16000, num_samples=24000, num_channels=1).duration_seconds
        1.5
    """

    sampling_rate: int
    num_samples: int
    num_channels: int

    @property
    def duration_seconds(self) -> float:
        """Length, in seconds."""
        return self.num_samples / self.sampling_rate


def info(path: str | os.PathLike[str]) -> AudioInfo:
    """Describes a sound file, without decoding it where its header has the length.

    Finds every fault that shows in the header, and the end that is missing where the
    header states how much there is. A FLAC or MP3 file that ends too early shows it
    only in `read`. The length of an MP3 file that does not state it is an estimate.

    Args:
        path: The file, of a format that `read` takes.

    Returns:
        The sampling rate, the length and the number of channels.

    Raises:
        AudioError: If the file cannot be opened or has no samples.
    """
    path = Path(path)
    with open_sound(path) as sound:
        num_samples = sound.num_samples
        if num_samples is None:
            num_samples = sound.count_samples()
        if num_samples == 0:
            raise AudioError(path, "has no samples")
        return AudioInfo(sound.sampling_rate, num_samples, sound.num_channels)
