"""Sound files to waveforms, and back."""

from speechkit.audio.audio_error import AudioError
from speechkit.audio.audio_info import AudioInfo, info
from speechkit.audio.channels import mono
from speechkit.audio.reading import read
from speechkit.audio.resampling import resample
from speechkit.audio.writing import write

__all__ = ["AudioError", "AudioInfo", "info", "mono", "read", "resample", "write"]
