"""Fuzzes the reader of sound files: `python -m fuzz.audio -max_total_time=600`."""

import numpy as np
import soundfile

from fuzz import running

with running.instrumented():
    from speechkit import audio

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aiff", ".m4a", ".webm", ".amr")


def check(data: bytes) -> None:
    """Raises unless a file gives finite samples or `AudioError`.

    Args:
        data: The number of a suffix in the first byte, then the content of the file.
    """
    running.check_suffixed(data, SUFFIXES, _check_path)


def _check_path(path):
    try:
        about = audio.info(path)
        samples = audio.read(path, max_seconds=60)
    except audio.AudioError:
        return
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert np.isfinite(samples).all()
    # The length of MP3 is an estimate where the file does not state it.
    assert about.num_samples == len(samples) or soundfile.info(path).format == "MP3"


if __name__ == "__main__":
    running.run(check, "audio")
