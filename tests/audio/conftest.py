"""What the tests of sound files share: a tone, and files that hold it."""

import numpy as np
import pytest
import soundfile

FORMATS = ("wav", "flac", "ogg", "mp3")


@pytest.fixture
def tone():
    """A second of 440 Hz at 16 kHz, half of full scale, float32."""
    return (0.5 * np.sin(2 * np.pi * 440 / 16000 * np.arange(16000))).astype("float32")


@pytest.fixture
def files(tmp_path, tone):
    """The paths of the tone in each format, by suffix, as `soundfile` writes them."""
    paths = {suffix: tmp_path / f"tone.{suffix}" for suffix in FORMATS}
    for path in paths.values():
        soundfile.write(path, tone, 16000)
    return paths
