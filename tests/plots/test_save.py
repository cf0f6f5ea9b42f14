"""Tests of pictures as files."""

import matplotlib.figure
import pytest

from speechkit import plots


@pytest.fixture
def figure():
    """A figure with axes and nothing on them."""
    figure = matplotlib.figure.Figure()
    figure.add_subplot()
    return figure


@pytest.mark.parametrize(
    ("ending", "start"),
    [
        pytest.param("png", b"\x89PNG", id="png"),
        pytest.param("PNG", b"\x89PNG", id="upper-case"),
        pytest.param("svg", b"<?xml", id="svg"),
        pytest.param("pdf", b"%PDF", id="pdf"),
    ],
)
def test_ending_chooses_the_format(tmp_path, figure, ending, start):
    path = tmp_path / "new" / f"picture.{ending}"

    plots.save(figure, path)

    assert path.read_bytes().startswith(start)
    assert list(path.parent.iterdir()) == [path]


def test_path_may_be_a_string(tmp_path, figure):
    plots.save(figure, str(tmp_path / "picture.png"))

    assert (tmp_path / "picture.png").stat().st_size > 0


def test_failure_leaves_the_old_picture_and_nothing_else(tmp_path, figure, monkeypatch):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")

    def write_half(temporary, **kwargs):
        temporary.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(figure, "savefig", write_half)

    with pytest.raises(OSError, match="disk full"):
        plots.save(figure, path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["picture.jpg", "picture"])
def test_rejects_other_endings(tmp_path, figure, name):
    with pytest.raises(ValueError, match=r"must end in one of \.png, \.svg, \.pdf"):
        plots.save(figure, tmp_path / name)
