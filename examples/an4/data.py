"""From a manifest to the batches of training and of scoring."""

import pathlib

import tensorflow as tf

from examples.an4 import lexicon
from examples.an4.config import Config
from speechkit import datasets


def manifest_of(config: Config) -> pathlib.Path:
    """Returns the manifest of the data."""
    return config.data / "manifest.csv" if config.data.is_dir() else config.data


def load(config: Config) -> dict[str, list[datasets.Recording]]:
    """Returns the recordings of `train` and `dev`.

    Raises:
        ValueError: If there is no manifest, or a split has no recording.
    """
    path = manifest_of(config)
    recordings = datasets.read_manifest(path)
    splits = {
        name: [r for r in recordings if r.split == name] for name in ("train", "dev")
    }
    for name, split in splits.items():
        if not split:
            raise ValueError(f"`{path}` must have recordings of the split {name!r}.")
    if config.train_on == "all":
        splits["train"] += splits["dev"]
    return splits


def training_batches(
    recordings: list[datasets.Recording], config: Config, num_done: int
) -> tf.data.Dataset:
    """Returns shuffled batches with labels, of which `num_done` passes are over."""
    pronunciation = lexicon.pronunciation_of(config)
    return datasets.padded_batches(
        recordings,
        config.vocabulary().encode,
        encode_intermediate=pronunciation and pronunciation.encode,
        sampling_rate=config.sampling_rate,
        batch_size=config.batch_size,
        shuffle=True,
        seed=config.seed,
        first_pass=num_done,
        sorta_grad=True,
        cache=True,
    )


def scoring_batches(
    recordings: list[datasets.Recording], config: Config, batch_size: int
) -> tf.data.Dataset:
    """Returns batches in the order of the recordings.

    Instead of labels they have zeros: what was said may have any characters.
    """
    return datasets.padded_batches(
        recordings,
        lambda _: 0,
        sampling_rate=config.sampling_rate,
        batch_size=batch_size,
        bucket_by_length=False,
    )


def read_manifest(
    path: pathlib.Path, split: str | None
) -> tuple[datasets.Recording, ...]:
    """Returns the recordings of a manifest, or of one of its splits.

    Raises:
        ValueError: If there is none.
    """
    recordings = datasets.read_manifest(path)
    if split is None:
        return recordings
    found = tuple(r for r in recordings if r.split == split)
    if not found:
        given = sorted({str(r.split) for r in recordings})
        raise ValueError(
            f"`--split` must be one of {', '.join(given)}. Received: {split}"
        )
    return found
