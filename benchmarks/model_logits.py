"""Logits of a trained model for the clips of a manifest, for `ctc_decoding`.

Usage: python -m benchmarks.model_logits MODEL.keras MANIFEST.csv LOGITS.npz

Takes the longest clips of the split `dev`; the texts of the split `train` are to train
the language model from. Nothing of the split `dev` but its sound is read.
"""

import sys
from pathlib import Path

import keras
import numpy as np

from benchmarks.decoding_peers import padded
from speechkit import datasets

NUM_CLIPS = 8


def longest_clips(recordings, sampling_rate: int) -> list[np.ndarray]:
    """Returns the waveforms of the longest recordings."""
    waveforms = [recording.read(sampling_rate) for recording in recordings]
    return sorted(waveforms, key=len)[-NUM_CLIPS:]


def main(model_path: str, manifest_path: str, logits_path: str) -> None:
    """Writes the file, and says how many frames each clip has."""
    model = keras.saving.load_model(model_path)
    recordings = datasets.read_manifest(manifest_path)
    splits = {
        name: [recording for recording in recordings if recording.split == name]
        for name in ("train", "dev")
    }
    clips = longest_clips(splits["dev"], model.sampling_rate)
    # One by one, so that nothing pads them.
    logits, lengths = padded([np.asarray(model(clip[None]))[0] for clip in clips])
    classes = ["", *model.vocabulary.tokens]
    texts = [recording.text for recording in splits["train"]]
    np.savez(logits_path, logits=logits, lengths=lengths, classes=classes, texts=texts)
    print(f"{Path(logits_path)}: {len(lengths)} clips of {lengths.tolist()} frames")


if __name__ == "__main__":
    main(*sys.argv[1:])
