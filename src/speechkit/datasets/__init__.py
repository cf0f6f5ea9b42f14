"""Folders and manifests of recordings to batches of waveforms and labels."""

from speechkit.datasets.batches import padded_batches
from speechkit.datasets.checking import Problem, check_recordings
from speechkit.datasets.folder import read_folder
from speechkit.datasets.joining import join_clips
from speechkit.datasets.label_checks import check_labels
from speechkit.datasets.manifest_reading import read_manifest
from speechkit.datasets.manifest_writing import write_manifest
from speechkit.datasets.recording import Recording
from speechkit.datasets.splitting import split_by_speaker

__all__ = [
    "Problem",
    "Recording",
    "check_labels",
    "check_recordings",
    "join_clips",
    "padded_batches",
    "read_folder",
    "read_manifest",
    "split_by_speaker",
    "write_manifest",
]
