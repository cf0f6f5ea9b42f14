"""What the tests of data sets share: recordings of known length and content."""

import numpy as np
import pytest
import soundfile

from speechkit.datasets import Recording

RATE = 8000


@pytest.fixture
def make_recordings(tmp_path, random):
    """Makes WAV files of given lengths, in samples at 8 kHz, each of one constant.

    File `i` holds the constant `(i + 1) / 1024`, has the text `"a" * (1 + i % 3)` and
    the speaker `i // 2`, so that a waveform tells which recording it is.
    """

    def make(lengths, rate=RATE):
        recordings = []
        for index, length in enumerate(lengths):
            path = tmp_path / f"{index:04}.wav"
            samples = np.full(length, (index + 1) / 1024)
            soundfile.write(path, samples, rate, subtype="FLOAT")
            recordings.append(Recording(path, "a" * (1 + index % 3), str(index // 2)))
        return tuple(recordings)

    return make
