"""Tests of which pictures `AlignmentPictures` draws."""

import matplotlib.image
import numpy as np
import pytest

from callbacks.conftest import VOCABULARY
from speechkit.callbacks import AlignmentPictures


def test_there_is_a_picture_of_each_clip_after_each_epoch(model, batch, tmp_path):
    inputs, labels = batch
    labels = np.array([[2, 3, 1, 2], [2, 3, 4, -1]])  # those that fit
    pictures = AlignmentPictures(
        (inputs, labels),
        tmp_path / "new",
        sampling_rate=8000,
        frame_step_seconds=0.125,
        vocabulary=VOCABULARY,
        num_clips=2,
    )

    model.fit(*batch, epochs=2, verbose=0, callbacks=[pictures])

    names = [f"epoch_00{e}_clip_{c}.png" for e in (1, 2) for c in (1, 2)]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == names
    picture = matplotlib.image.imread(tmp_path / "new" / names[0])
    assert np.ptp(picture) > 0.5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sampling_rate", 0),
        ("frame_step_seconds", 0),
        ("num_clips", 0),
        ("vocabulary", "ab"),
        ("vocabulary", [""]),
        ("blank_index", 3),
    ],
)
def test_rejects_wrong_arguments(batch, name, value, tmp_path):
    arguments = {"sampling_rate": 8000, "frame_step_seconds": 0.1}
    arguments |= {"vocabulary": VOCABULARY, name: value}

    with pytest.raises(ValueError, match=f"`{name}` must be"):
        AlignmentPictures(batch, tmp_path, **arguments)
